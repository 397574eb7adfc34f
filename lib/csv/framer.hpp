// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "csv/block.hpp"
#include "csv/dialect.hpp"

namespace nodeops::csv {

/// Turns blocks of bytes into blocks of whole records, in order: scans each, keeps the tail behind
/// the last record end and puts it before the next. A record that is longer than a block is put
/// together apart; one that is longer than `longest_record` passes in pieces and is not kept.
class Framer {
 public:
  /// `headroom` bytes stand free before each block's data; `longest_record` in bytes, without its
  /// record end.
  Framer(std::size_t headroom, std::size_t longest_record)
      : headroom_(headroom), longest_record_(longest_record) {}

  /// Starts an input at this line (from 1) and offset, with a decided dialect.
  void start_input(const Dialect& dialect, std::uint64_t line, std::uint64_t offset);

  /// Leaves out the first `size` bytes of the input: a byte order mark. Before the first frame().
  void leave_out(std::size_t size) { offset_ += size; }

  /// Finds the records of the block. Its data may start `skipped` bytes in.
  void frame(Block& block, std::size_t skipped = 0);

  /// Where the first byte stands that is in no chunk yet: its offset in the input and its line.
  std::uint64_t offset() const { return offset_; }
  std::uint64_t line() const { return line_; }

  /// False while a record passes in pieces: offset() is then inside it.
  bool between_records() const { return !in_long_record_; }

 private:
  void frame_text(Block& block, char* text, std::size_t size);
  /// Goes on with a record that is too long or longer than the headroom; gives how much of the text
  /// belonged to it.
  std::size_t finish_record(Block& block, const char* text, std::size_t size);
  void keep_tail(Block& block, std::string_view tail, const ScanState& state);
  void start_long_record(Block& block);
  std::uint64_t count_lines(std::string_view text) const;
  void advance(std::string_view text);

  std::size_t headroom_;
  std::size_t longest_record_;
  Dialect dialect_;
  std::string tail_;      ///< the start of a record that has not ended
  ScanState tail_state_;  ///< behind tail_, or behind the long record so far
  ScanIndex search_;      ///< where the end of that record is looked for
  bool in_long_record_ = false;
  std::uint64_t line_ = 1;  ///< of the first byte that is in no chunk yet
  std::uint64_t offset_ = 0;
};

/// Where the quote opened that is open at the end of `record`: an offset. Slow; for messages.
std::size_t open_quote(std::string_view record, const Dialect& dialect);

}  // namespace nodeops::csv
