// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/io.hpp"
#include "csv/block.hpp"
#include "csv/dialect.hpp"
#include "csv/position.hpp"

namespace nodeops::csv {

/// One input of a run: a whole file or stream, or a shard of a file.
struct TableInput {
  std::string name;  ///< for messages
  std::function<std::unique_ptr<ByteSource>()> open;
  std::function<std::unique_ptr<ByteSource>()> look =
      {};  ///< opens it to look at its header again, when a run goes on; empty: open does
  std::uint64_t line = 1;  ///< where it starts in its file
  std::uint64_t offset = 0;
  bool more_follows =
      false;  ///< another shard goes on with the next file: a missing last line end is added
  std::string header = {};  ///< of a shard that does not start with it: the file's header record
};

/// Reads the inputs, one behind the other, into blocks. A block never holds bytes of two inputs. A
/// live input that pauses ends the block, so that what has arrived goes through.
///
/// With a grid, blocks end where they would end whatever block came before: at the grid's multiples
/// and, between two of these, at multiples of the block size. A run that begins at a Position of an
/// earlier one then has the same blocks as that one had.
class BlockReader {
 public:
  struct Options {
    std::size_t block_size = 1 << 20;  ///< bytes read into one block; also the headroom before them
    Dialect dialect;
    bool sniff = false;
    std::uint64_t grid = 0;             ///< bytes; 0: none
    std::optional<Position> from = {};  ///< goes on there
  };

  BlockReader(std::vector<TableInput> inputs, const Options& options);

  /// Fills the block; false when all inputs have been read. Throws what opening and reading throw,
  /// and AppError bad_data for an input in UTF-16.
  bool read(Block& block);

  const std::string& name(std::size_t input) const { return inputs_[input].name; }
  const std::vector<TableInput>& inputs() const { return inputs_; }

 private:
  void open_next(Block& block);
  void go_on(Block& block);
  std::size_t most_to_read() const;
  std::size_t fill(Block& block);
  void end_input(Block& block);

  std::vector<TableInput> inputs_;
  Options options_;
  std::size_t next_ = 0;
  std::unique_ptr<ByteSource> source_;
  std::string start_;  ///< read ahead to decide the dialect
  std::size_t start_used_ = 0;
  std::uint64_t offset_ = 0;  ///< of the next block, in its file
  char last_byte_ = '\n';
  std::string_view line_end_ = "\n";
  char record_end_ = '\n';
};

}  // namespace nodeops::csv
