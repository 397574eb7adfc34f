// SPDX-License-Identifier: MIT
#include "csv/block_reader.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

#include "csv/input_start.hpp"
#include "csv/scan.hpp"

namespace nodeops::csv {

BlockReader::BlockReader(std::vector<TableInput> inputs, Options options)
    : inputs_(std::move(inputs)), options_(options) {}

bool BlockReader::read(Block& block) {
  if (!source_ && next_ == inputs_.size()) return false;
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
  if (block.size > 0) last_byte_ = block.data[block.size - 1];
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
  line_end_ = line_end(start_, block.start.dialect);
  record_end_ = block.start.dialect.record_end();
  last_byte_ = record_end_;
}

std::size_t BlockReader::fill(Block& block) {
  std::size_t size = 0;
  while (size < options_.block_size) {
    const std::span<char> free(block.data + size, options_.block_size - size);
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
