// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/io.hpp"
#include "csv/block.hpp"
#include "csv/dialect.hpp"

namespace nodeops::csv {

/// One input of a run: a whole file or stream, or a shard of a file.
struct TableInput {
  std::string name;  ///< for messages
  std::function<std::unique_ptr<ByteSource>()> open;
  std::uint64_t line = 1;  ///< where it starts in its file
  std::uint64_t offset = 0;
  bool more_follows =
      false;  ///< another shard goes on with the next file: a missing last line end is added
  std::string header = {};  ///< of a shard that does not start with it: the file's header record
};

/// Reads the inputs, one behind the other, into blocks. A block never holds bytes of two inputs. A
/// live input that pauses ends the block, so that what has arrived goes through.
class BlockReader {
 public:
  struct Options {
    std::size_t block_size = 1 << 20;  ///< bytes read into one block; also the headroom before them
    Dialect dialect;
    bool sniff = false;
  };

  BlockReader(std::vector<TableInput> inputs, Options options);

  /// Fills the block; false when all inputs have been read. Throws what opening and reading throw,
  /// and AppError bad_data for an input in UTF-16.
  bool read(Block& block);

  const std::string& name(std::size_t input) const { return inputs_[input].name; }

 private:
  void open_next(Block& block);
  std::size_t fill(Block& block);
  void end_input(Block& block);

  std::vector<TableInput> inputs_;
  Options options_;
  std::size_t next_ = 0;
  std::unique_ptr<ByteSource> source_;
  std::string start_;  ///< read ahead to decide the dialect
  std::size_t start_used_ = 0;
  char last_byte_ = '\n';
  std::string_view line_end_ = "\n";
  char record_end_ = '\n';
};

}  // namespace nodeops::csv
