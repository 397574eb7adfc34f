// SPDX-License-Identifier: MIT
#include "csv/lookup_file.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "core/units.hpp"
#include "csv/block_reader.hpp"
#include "csv/record_fields.hpp"
#include "csv/run_plan.hpp"
#include "csv/table_start.hpp"
#include "stream/compression.hpp"
#include "stream/open_input.hpp"

namespace nodeops::csv {
namespace {

constexpr std::size_t block_size = 256 << 10;

/// Reads the records of one file into a table.
class LookupReader {
 public:
  explicit LookupReader(const LookupFile& file) : file_(file) {}

  Lookup read() {
    BlockReader reader(input(),
                       {.block_size = block_size, .dialect = dialect(), .sniff = file_.sniff});
    const std::vector<StepRequest> no_steps;
    TableStart start(no_steps, {.headroom = block_size},
                     [&](std::size_t) -> const std::string& { return file_.path; });
    Block block;
    while (reader.read(block)) {
      if (file_.stop.stop_requested()) throw AppError(ErrorKind::interrupted, "stopped");
      start.prepare(block);
      take_block(block);
    }
    if (!lookup_) fail("it is empty");
    if (too_large_) refuse_size();
    return std::move(*lookup_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw AppError(ErrorKind::bad_data, file_.path + ": " + what);
  }
  [[noreturn]] void fail(std::uint64_t line, const std::string& what) const {
    throw AppError(ErrorKind::bad_data, file_.path + ":" + std::to_string(line) + ": " + what);
  }

  std::vector<TableInput> input() const {
    std::vector<TableInput> inputs;
    inputs.push_back({.name = file_.path, .open = [this] {
                        return decompressed(open_input(file_.path, file_.stop), file_.path);
                      }});
    return inputs;
  }

  Dialect dialect() const {
    Dialect dialect = file_.dialect;
    dialect.header = true;
    return dialect;
  }

  void take_block(Block& block) {
    if (block.plan == nullptr) return;
    if (!lookup_) find_columns(*block.plan);
    for (const LongPiece* piece : {&block.long_end, &block.long_start}) {
      if (piece->present) fail(piece->line, "the record is too long");
    }
    take_chunk(*block.plan, block.straddling);
    take_chunk(*block.plan, block.chunk);
    block.scratch.clear();
  }

  void find_columns(const RunPlan& plan) {
    const auto& names = plan.program.names;
    const std::string option = "--lookup: " + file_.path;
    key_ = ColumnSet::one(file_.key).resolve(names, option).front();
    if (file_.columns) {
      columns_ = file_.columns->resolve(names, option);
    } else {
      for (std::size_t i = 0; i < names.size(); ++i) {
        if (i != key_) columns_.push_back(i);
      }
    }
    lookup_.emplace(Lookup{.table = LookupTable(columns_.size()), .names = {}});
    for (const std::size_t column : columns_) lookup_->names.push_back(names[column]);
    values_.resize(columns_.size());
    fields_.prepare(plan.program);
  }

  void take_chunk(const RunPlan& plan, const Chunk& chunk) {
    const auto& records = chunk.index.records;
    std::size_t begin = 0;
    std::uint64_t line = chunk.line;
    const char record_end = plan.input.record_end();
    for (std::size_t i = 0; i < chunk.index.record_count; ++i) {
      const Record record = record_at(chunk, begin, records[i], record_end == '\n');
      begin = records[i].end + std::size_t{1};
      const bool is_open = chunk.quote_is_open && i + 1 == chunk.index.record_count;
      if (is_open) fail(line, "a quote opens in this record and never closes");
      const bool is_blank = record.size() == 0 && plan.program.columns > 1;
      if (i >= chunk.skip && !is_blank) take_record(plan, chunk, record, line);
      line += static_cast<std::uint64_t>(std::count(record.begin, record.end, record_end));
    }
  }

  void take_record(const RunPlan& plan, const Chunk& chunk, const Record& record,
                   std::uint64_t line) {
    if (record.fields != plan.program.columns) {
      fail(line, std::to_string(record.fields) + (record.fields == 1 ? " field" : " fields") +
                     ", expected " + std::to_string(plan.program.columns));
    }
    scratch_.clear();
    fields_.load(chunk, record, record.fields);
    const std::string_view key = fields_.value(key_, plan.input, scratch_);
    ++rows_;
    bytes_ += key.size();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      values_[i] = fields_.value(columns_[i], plan.input, scratch_);
      bytes_ += values_[i].size();
    }
    too_large_ =
        too_large_ || LookupTable::memory_of(rows_, bytes_, columns_.size()) > file_.memory;
    // Once it is too large it is read on for its size alone.
    if (too_large_) return;
    if (const auto known = lookup_->table.add(key, values_, static_cast<std::uint32_t>(line)))
      fail(line,
           "the key of this record is that of line " + std::to_string(known->line()) + " already");
  }

  [[noreturn]] void refuse_size() const {
    constexpr std::size_t mebibyte = 1 << 20;
    const std::size_t needed = LookupTable::memory_of(rows_, bytes_, columns_.size());
    const auto in_mebibytes = [](std::size_t bytes) {
      return format_size((bytes + mebibyte - 1) / mebibyte * mebibyte);
    };
    throw AppError(ErrorKind::usage,
                   "--lookup: " + file_.path + ": the table takes " + in_mebibytes(needed) +
                       " of memory, more than the " + format_size(file_.memory / 1024 * 1024) +
                       " that it may",
                   "raise --memory-limit, or choose fewer columns");
  }

  const LookupFile& file_;
  std::optional<Lookup> lookup_;
  std::size_t key_ = 0;
  std::vector<std::size_t> columns_;
  RecordFields fields_;
  std::vector<std::string_view> values_;
  Scratch scratch_;
  std::size_t rows_ = 0;
  std::size_t bytes_ = 0;  ///< of keys and values
  bool too_large_ = false;
};

}  // namespace

Lookup read_lookup(const LookupFile& file) {
  return LookupReader(file).read();
}

}  // namespace nodeops::csv
