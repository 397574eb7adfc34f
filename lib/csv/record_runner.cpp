// SPDX-License-Identifier: MIT
#include "csv/record_runner.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include "csv/field.hpp"
#include "csv/framer.hpp"

namespace nodeops::csv {
namespace {

/// A portion ends behind so much of output that is not the block's own bytes ...
constexpr std::size_t most_made_bytes = 3 << 20;
/// ... or so many refused records.
constexpr std::size_t most_rejects = 1024;

}  // namespace

void RecordRunner::run(Block& block) {
  plan_ = block.plan;
  block_ = &block;
  block.scratch.clear();
  block.output.clear();
  block.rejects.clear();
  block.records = block.filtered = 0;
  block.output.copy(block.head);
  block.unfinished = false;
  if (plan_ == nullptr) return;
  stage_ = Stage::long_end;
  is_next_ = false;
  next_record_ = 0;
  block.scratch.set_longest_value(plan_->longest_record);
  fill_portion();
}

void RecordRunner::resume(Block& block) {
  block.output.clear();
  block.rejects.clear();
  block.records = block.filtered = 0;
  is_next_ = true;
  fill_portion();
}

void RecordRunner::fill_portion() {
  most_output_ = most_made_bytes;
  while (stage_ != Stage::done && run_stage()) {
    stage_ = static_cast<Stage>(static_cast<int>(stage_) + 1);
    next_record_ = 0;
  }
  block_->unfinished = stage_ != Stage::done;
}

bool RecordRunner::run_stage() {
  switch (stage_) {
    case Stage::long_end:
      if (block_->long_end.present) pass_long_piece(block_->long_end);
      return true;
    case Stage::straddling:
      return (is_next_ || block_->straddler.size() < most_made_bytes) &&
             run_chunk(block_->straddling);
    case Stage::chunk:
      return run_chunk(block_->chunk);
    case Stage::long_start:
      if (block_->long_start.present) pass_long_piece(block_->long_start);
      return true;
    case Stage::done:
      break;
  }
  return true;
}

[[gnu::always_inline]] inline void RecordRunner::settle(const RunPlan& plan, const Record& record,
                                                        RecordFields& fields, Fate fate,
                                                        Block& block) {
  if (plan.writing == Writing::rows && fate == Fate::kept)
    writer_.place({.line = line_of(record.begin), .offset = offset_of(record)});
  if (fate == Fate::filtered) {
    ++block.filtered;
  } else if (fate == Fate::refused || !writer_.write(plan, record, fields, block)) [[unlikely]] {
    if (fate == Fate::kept) steps_.blame(writer_.column(), writer_.why());
    refuse(record, Malformed::transform, 0);
  }
  fields.forget();
}

[[gnu::always_inline]] inline void RecordRunner::run_record(const RunPlan& plan, const Chunk& chunk,
                                                            const Record& record, Block& block) {
  block.scratch.clear();
  fields_.load(chunk, record, plan.program.needed);
  settle(plan, record, fields_, steps_.run(plan, record, fields_, block.scratch), block);
}

void RecordRunner::run_batch() {
  batch_.run(*plan_, steps_, block_->scratch);
  for (std::size_t i = 0; i < batch_.size(); ++i) {
    ++block_->records;
    const Row& row = batch_.row(i);
    if (row.fate == Fate::refused) steps_.blame(row.blamed, row.why);
    settle(*plan_, batch_.record(i), batch_.fields(i), row.fate, *block_);
  }
  batch_.clear();
  block_->scratch.clear();
}

[[gnu::always_inline]] inline void RecordRunner::run_letters(const RunPlan& plan,
                                                             const Chunk& chunk,
                                                             const Record& record,
                                                             std::size_t places, Block& block) {
  const Step& step = plan.program.steps.front();
  block.scratch.clear();
  fields_.load(chunk, record, step.column + 1);
  const std::string_view value = fields_.value(step.column, plan.input, block.scratch);
  // In the chunk, and not made of its bytes in the scratch.
  const auto place =
      reinterpret_cast<std::uintptr_t>(value.data()) - reinterpret_cast<std::uintptr_t>(chunk.text);
  if (value.size() <= CellTransform::longest_in_place && place < places &&
      step.cell->apply_in_place(chunk.text + place, value.size())) [[likely]] {
    block.output.span(record.begin, record.end);
    return;
  }
  const CellOutcome outcome = step.cell->apply(value, block.scratch);
  if (outcome.kind == CellOutcome::Kind::changed) {
    if (outcome.text.size() != value.size() || place >= chunk.size) [[unlikely]]
      return run_record(plan, chunk, record, block);
    copy_exactly(chunk.text + place, outcome.text);
  }
  block.output.span(record.begin, record.end);
}

bool RecordRunner::run_chunk(Chunk& chunk) {
  const std::size_t first = std::max(chunk.skip, next_record_);
  if (chunk.index.record_count <= first) return true;
  chunk_ = &chunk;
  if (next_record_ == 0) {
    counted_to_ = chunk.text;
    counted_line_ = chunk.line;
  }
  const RunPlan& plan = *plan_;
  Block& block = *block_;
  if (plan.program.in_place && plan.program.steps.empty()) return check_chunk(chunk);
  fields_.prepare(plan.program);
  steps_.prepare(plan.program);
  const bool letters = plan.letters_in_place;
  constexpr std::size_t room = CellTransform::in_place_room;
  const std::size_t places = chunk.size < room ? 0 : chunk.size - room + 1;
  const bool lf_ends = plan.input.record_end() == '\n';
  const RecordEnd* const records = chunk.index.records.data();
  const std::size_t count = chunk.index.record_count;
  const std::size_t open_record = chunk.quote_is_open ? count - 1 : count;
  std::size_t begin = first == 0 ? 0 : records[first - 1].end + std::size_t{1};
  const bool batches = plan.program.batches;
  for (std::size_t i = first; i < count; ++i) {
    if (portion_is_full()) [[unlikely]] {
      next_record_ = i - batch_.size();
      batch_.clear();
      return false;
    }
    const Record record = record_at(chunk, begin, records[i], lf_ends);
    begin = records[i].end + std::size_t{1};
    const bool odd = batches || record.fields != plan.program.columns ||
                     record.size() > plan.longest_record || i == open_record;
    if (odd) [[unlikely]] {
      if (!take_odd(chunk, record, i == open_record)) continue;
    } else {
      ++block.records;
    }
    if (letters) {
      run_letters(plan, chunk, record, places, block);
    } else {
      run_record(plan, chunk, record, block);
    }
  }
  if (batches) run_batch();
  return true;
}

bool RecordRunner::take_odd(const Chunk& chunk, const Record& record, bool quote_is_open) {
  const Program& program = plan_->program;
  const bool suspect =
      record.fields != program.columns || record.size() > plan_->longest_record || quote_is_open;
  if (suspect) {
    if (program.batches) run_batch();  // what stands before it comes out before it
    if (!well_formed(record, quote_is_open)) return false;
    if (!program.batches) return true;
    --block_->records;
  }
  if (batch_.add(*plan_, chunk, record)) run_batch();
  return false;
}

bool RecordRunner::check_chunk(const Chunk& chunk) {
  const RecordEnd* const records = chunk.index.records.data();
  const std::size_t first = std::max(chunk.skip, next_record_);
  std::size_t begin = first == 0 ? 0 : records[first - 1].end + std::size_t{1};
  const char* passed = chunk.text + begin;
  const auto columns = plan_->program.columns;
  const bool may_be_too_long = chunk.size > plan_->longest_record;
  std::uint64_t before_first = block_->records - first;  // less the blank lines met on the way
  for (std::size_t i = first; i < chunk.index.record_count; ++i) {
    const std::size_t at = begin;
    begin = records[i].end + std::size_t{1};
    const bool open = chunk.quote_is_open && i + 1 == chunk.index.record_count;
    if (records[i].fields == columns && !may_be_too_long && !open) continue;
    // Rare: what stands before goes out first, then this one is looked at closely.
    block_->output.span(passed, chunk.text + at);
    passed = chunk.text + at;
    block_->records = before_first + i;
    if (portion_is_full()) {
      next_record_ = i;
      return false;
    }
    const Record record = record_at(chunk, at, records[i], plan_->input.record_end() == '\n');
    if (well_formed(record, open)) block_->output.span(record.begin, record.end);
    passed = record.end;
    if (block_->records == before_first + i) --before_first;
  }
  block_->records = before_first + chunk.index.record_count;
  block_->output.span(passed, chunk.text + chunk.size);
  return true;
}

bool RecordRunner::well_formed(const Record& record, bool quote_is_open) {
  const Program& program = plan_->program;
  if (record.fields == 1 && record.size() == 0 && program.columns > 1) {
    // A blank line is no record: it stays where records stay where they are.
    if (plan_->blank_lines_stay) block_->output.span(record.begin, record.end);
    return false;
  }
  ++block_->records;
  if (quote_is_open) {
    refuse(record, Malformed::open_quote, 0);
  } else if (record.size() > plan_->longest_record) {
    refuse(record, Malformed::too_long, record.size());
  } else if (record.fields != program.columns) {
    refuse(record, Malformed::ragged, record.fields);
  } else {
    return true;
  }
  return false;
}

std::uint64_t RecordRunner::line_of(const char* at) {
  const char line_end = plan_->input.record_end();
  const auto size = static_cast<std::size_t>(at - counted_to_);
  const void* const first = std::memchr(counted_to_, line_end, size);
  // Nearly always there is one line since the last time, and its end ends it.
  if (first == at - 1 && size > 0)
    ++counted_line_;
  else
    counted_line_ += static_cast<std::uint64_t>(std::count(counted_to_, at, line_end));
  counted_to_ = at;
  return counted_line_;
}

void RecordRunner::refuse(const Record& record, Malformed why, std::uint64_t amount) {
  Reject reject{.bytes = {record.begin, static_cast<std::size_t>(record.end - record.begin)},
                .why = why,
                .amount = amount,
                .offset = offset_of(record),
                .records_before = block_->records - 1};
  if (why == Malformed::transform) {
    reject.column = steps_.why_column();
    reject.detail = steps_.why();
  }
  const char* place = record.begin;
  if (why == Malformed::open_quote) place += open_quote(reject.bytes, plan_->input);
  reject.line = line_of(place);
  add_reject(std::move(reject));
  if (plan_->on_error == OnError::keep) {
    writer_.write_as_it_is(*plan_, *chunk_, record, *block_);
  }
}

void RecordRunner::add_reject(Reject reject) {
  reject.output_before = block_->output.size();
  reject.filtered_before = block_->filtered;
  block_->rejects.push_back(std::move(reject));
  // Behind the first one a run that stops there needs no more.
  if (plan_->on_error == OnError::stop || block_->rejects.size() >= most_rejects) most_output_ = 0;
}

void RecordRunner::pass_long_piece(const LongPiece& piece) {
  add_reject({.bytes = piece.bytes,
              .starts = piece.starts,
              .why = piece.quote_is_open ? Malformed::endless_quote : Malformed::too_long,
              .line = piece.line,
              .offset = piece.offset,
              .records_before = block_->records});
  if (piece.starts) ++block_->records;
  // JSON cannot hold a record in pieces: there it is left out although it was to be kept.
  if (plan_->on_error == OnError::keep && plan_->output.form == Form::csv)
    block_->output.span(piece.bytes.data(), piece.bytes.data() + piece.bytes.size());
}

}  // namespace nodeops::csv
