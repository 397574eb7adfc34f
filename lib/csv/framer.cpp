// SPDX-License-Identifier: MIT
#include "csv/framer.hpp"

#include <algorithm>
#include <cstring>

namespace nodeops::csv {
namespace {

/// Makes the text behind the last record end a record of its own, which has no record end.
void close_last_record(Chunk& chunk, const ScanState& state) {
  ScanIndex& index = chunk.index;
  if (index.records.size() == index.record_count) index.records.resize(index.record_count + 1);
  index.records[index.record_count++] = {static_cast<std::uint32_t>(chunk.size), state.fields + 1};
  const std::size_t word = chunk.size / 64;
  if (index.field_ends.size() <= word) index.field_ends.resize(word + 1);
  if (chunk.size % 64 == 0) index.field_ends[word] = 0;
  index.field_ends[word] |= std::uint64_t{1} << (chunk.size % 64);
}

}  // namespace

std::size_t open_quote(std::string_view record, const Dialect& dialect) {
  enum class At { field_start, unquoted, quoted, behind_quote };
  At at = At::field_start;
  std::size_t opened = 0;
  for (std::size_t i = 0; i < record.size(); ++i) {
    const char c = record[i];
    if (dialect.quoting && c == dialect.quote) {
      if (at == At::field_start) opened = i;
      if (at == At::quoted)
        at = At::behind_quote;
      else if (at != At::unquoted)
        at = At::quoted;
    } else if (at != At::quoted) {
      const bool separates = c == dialect.delimiter || c == dialect.record_end();
      at = separates ? At::field_start : At::unquoted;
    }
  }
  return opened;
}

void Framer::start_input(const Dialect& dialect, std::uint64_t line, std::uint64_t offset) {
  dialect_ = dialect;
  tail_.clear();
  tail_state_ = {};
  in_long_record_ = false;
  line_ = line;
  offset_ = offset;
}

std::uint64_t Framer::count_lines(std::string_view text) const {
  return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), dialect_.record_end()));
}

void Framer::advance(std::string_view text) {
  line_ += count_lines(text);
  offset_ += text.size();
}

void Framer::frame(Block& block, std::size_t skipped) {
  block.long_end.present = block.long_start.present = false;
  block.forget_straddler();
  block.straddling.clear();
  block.chunk.clear();
  block.head.clear();
  char* text = block.data + skipped;
  std::size_t size = block.size - skipped;
  if (in_long_record_ || tail_.size() > headroom_) {
    const std::size_t used = finish_record(block, text, size);
    text += used;
    size -= used;
    if (in_long_record_ || !tail_.empty()) return;
  } else if (!tail_.empty()) {
    text -= tail_.size();
    size += tail_.size();
    std::memcpy(text, tail_.data(), tail_.size());
    tail_.clear();
  }
  frame_text(block, text, size);
}

void Framer::frame_text(Block& block, char* text, std::size_t size) {
  if (size == 0) return;
  Chunk& chunk = block.chunk;
  ScanState state;
  scan({text, size}, dialect_, state, chunk.index);
  const std::size_t whole =
      chunk.index.record_count == 0
          ? 0
          : chunk.index.records[chunk.index.record_count - 1].end + std::size_t{1};
  chunk.text = text;
  chunk.size = whole;
  chunk.line = line_;
  chunk.offset = offset_;
  const std::string_view tail(text + whole, size - whole);
  if (block.last_of_input && !tail.empty()) {
    chunk.size = size;
    chunk.quote_is_open = state.inside != 0;
    close_last_record(chunk, state);
    line_ += chunk.index.lines;
    offset_ += size;
    return;
  }
  line_ += chunk.index.lines - count_lines(tail);
  offset_ += whole;
  keep_tail(block, tail, state);
}

std::size_t Framer::finish_record(Block& block, const char* text, std::size_t size) {
  // In small steps: what stands behind the end is scanned again as records.
  constexpr std::size_t step = 64 << 10;
  bool ended = false;
  std::size_t used = 0;
  while (!ended && used < size) {
    const std::size_t count = std::min(step, size - used);
    scan({text + used, count}, dialect_, tail_state_, search_);
    ended = search_.record_count > 0;
    used += ended ? search_.records[0].end + std::size_t{1} : count;
  }
  const std::string_view rest(text, used);
  if (in_long_record_) {
    block.long_end = {.bytes = std::string(rest), .present = true};
    advance(rest);
    in_long_record_ = !ended && !block.last_of_input;
    if (ended) tail_state_ = {};
    return used;
  }
  tail_.append(rest);
  if (!ended && !block.last_of_input) {
    start_long_record(block);
    return used;
  }
  const std::size_t record_size = tail_.size();
  tail_.reserve(record_size + scan_slack);
  block.straddler = std::move(tail_);
  tail_ = std::string();
  block.straddler.append(scan_slack, '\0');
  Chunk& chunk = block.straddling;
  chunk.text = block.straddler.data();
  chunk.size = record_size;
  chunk.line = line_;
  chunk.offset = offset_;
  ScanState state;
  scan({chunk.text, record_size}, dialect_, state, chunk.index);
  if (!ended) {
    chunk.quote_is_open = state.inside != 0;
    close_last_record(chunk, state);
  }
  advance({chunk.text, record_size});
  return used;
}

void Framer::keep_tail(Block& block, std::string_view tail, const ScanState& state) {
  tail_.assign(tail);
  tail_state_ = state;
  start_long_record(block);
}

void Framer::start_long_record(Block& block) {
  // One byte more may be the CR of a record end that has not arrived yet.
  if (tail_.size() <= longest_record_ + 1) return;
  const bool open = tail_state_.inside != 0;
  block.long_start = {.bytes = std::move(tail_),
                      .present = true,
                      .starts = true,
                      .quote_is_open = open,
                      .line = line_,
                      .offset = offset_};
  tail_.clear();
  tail_.shrink_to_fit();
  if (open) {
    const std::string_view bytes = block.long_start.bytes;
    block.long_start.line += count_lines(bytes.substr(0, open_quote(bytes, dialect_)));
  }
  advance(block.long_start.bytes);
  in_long_record_ = true;
}

}  // namespace nodeops::csv
