// SPDX-License-Identifier: MIT
#include "csv/block_reader.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

#include "core/error.hpp"
#include "csv/input_start.hpp"
#include "csv/scan.hpp"

namespace nodeops::csv {

BlockReader::BlockReader(std::vector<TableInput> inputs, const Options& options)
    : inputs_(std::move(inputs)), options_(options) {
  if (options_.from) next_ = options_.from->input;
}

bool BlockReader::read(Block& block) {
  if (!source_ && next_ >= inputs_.size()) return false;
  constexpr std::size_t longest_line_end = 2;
  if (!block.memory) {
    block.memory = std::make_unique_for_overwrite<char[]>(2 * options_.block_size +
                                                          longest_line_end + scan_slack);
    block.data = block.memory.get() + options_.block_size;
  }
  block.first_of_input = block.last_of_input = block.input_paused = false;
  block.size = 0;
  if (!source_) open_next(block);
  block.input = next_ - 1;
  block.size = fill(block);
  offset_ += block.size;
  block.on_grid = block.last_of_input || (options_.grid > 0 && offset_ % options_.grid == 0);
  const std::size_t before_text = block.first_of_input ? block.start.byte_order_mark : 0;
  if (block.size > before_text) last_byte_ = block.data[block.size - 1];
  if (block.last_of_input) end_input(block);
  return true;
}

void BlockReader::open_next(Block& block) {
  const TableInput& input = inputs_[next_++];
  source_ = input.open();
  start_.clear();
  start_used_ = 0;
  read_start(*source_, start_, options_.sniff ? wanted_to_sniff : 0);
  block.first_of_input = true;
  block.start = examine_start(start_, options_.dialect, options_.sniff, input.name);
  block.start.line = input.line;
  block.start.offset = input.offset;
  block.start.header = input.header;
  // A part of a file may show none.
  line_end_ = line_end(input.header.empty() ? start_ : input.header, block.start.dialect);
  record_end_ = block.start.dialect.record_end();
  last_byte_ = record_end_;
  offset_ = input.offset;
  if (options_.from && options_.from->input + 1 == next_ && options_.from->offset > 0) go_on(block);
}

/// Passes over what an earlier run has done of the input that has just been opened.
void BlockReader::go_on(Block& block) {
  const TableInput& input = inputs_[options_.from->input];
  const std::uint64_t target = options_.from->offset;
  const std::uint64_t done = target - std::min(target, input.offset);
  start_used_ = static_cast<std::size_t>(std::min<std::uint64_t>(done, start_.size()));
  const std::uint64_t behind = done - start_used_;
  if (start_used_ == start_.size()) {
    start_.clear();
    start_used_ = 0;
  }
  if (target < input.offset || source_->skip(behind) != behind) {
    throw AppError(ErrorKind::bad_data, input.name + ": has no byte " + std::to_string(target) +
                                            ", where the run was to go on");
  }
  offset_ = target;
  block.start.byte_order_mark = 0;
  block.start.line = options_.from->line;
  block.start.offset = target;
  block.start.under_way = true;
}

/// How much fits into the block at hand.
std::size_t BlockReader::most_to_read() const {
  if (options_.grid == 0) return options_.block_size;
  const std::uint64_t behind_line = offset_ % options_.grid;
  const std::uint64_t to_line = options_.grid - behind_line;
  return static_cast<std::size_t>(
      std::min(to_line, options_.block_size - behind_line % options_.block_size));
}

std::size_t BlockReader::fill(Block& block) {
  const std::size_t most = most_to_read();
  std::size_t size = 0;
  while (size < most) {
    const std::span<char> free(block.data + size, most - size);
    if (start_used_ < start_.size()) {
      const auto count = std::min(free.size(), start_.size() - start_used_);
      std::memcpy(free.data(), start_.data() + start_used_, count);
      start_used_ += count;
      size += count;
      if (start_used_ == start_.size()) {
        start_used_ = 0;
        std::exchange(start_, {});
      }
      continue;
    }
    // Long enough for a busy writer at the other end to refill the pipe, too short to be noticed.
    constexpr auto patience = std::chrono::milliseconds(1);
    if (size > 0 && !source_->ready(patience)) {
      block.input_paused = true;
      break;
    }
    const std::size_t count = source_->read(free);
    if (count == 0) {
      block.last_of_input = true;
      break;
    }
    size += count;
  }
  return size;
}

void BlockReader::end_input(Block& block) {
  source_.reset();
  // The next input's first record must not be glued to this one's last.
  const bool last = next_ == inputs_.size() && !inputs_[next_ - 1].more_follows;
  if (last || last_byte_ == record_end_) return;
  for (const char c : line_end_) block.data[block.size++] = c;
}

}  // namespace nodeops::csv
