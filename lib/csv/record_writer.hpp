// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "csv/block.hpp"
#include "csv/copy_bytes.hpp"
#include "csv/record_fields.hpp"
#include "csv/run_plan.hpp"

namespace nodeops::csv {

/// Puts records into a block's output, in the form that the plan says.
class RecordWriter {
 public:
  /// Writes a record whose steps have been run. False when it cannot be written: why() and column()
  /// then say what is wrong.
  bool write(const RunPlan& plan, const Record& record, const RecordFields& fields, Block& block);

  /// Writes a malformed record that is kept: as it is, or in JSON all of its fields as they are.
  void write_as_it_is(const RunPlan& plan, const Chunk& chunk, const Record& record, Block& block);

  const char* why() const { return why_; }
  std::size_t column() const { return column_; }

 private:
  static bool write_in_place(const Record& record, const RecordFields& fields, Block& block);
  bool splice(const RunPlan& plan, const Record& record, const RecordFields& fields, Block& block);
  /// Makes the bytes of the columns that stand behind the record's own, delimiters included.
  bool make_appended(const RunPlan& plan, const RecordFields& fields, Scratch& scratch);
  static bool write_columns(const RunPlan& plan, const Record& record, const RecordFields& fields,
                            Block& block);
  bool write_changed_columns(const RunPlan& plan, const Record& record, const RecordFields& fields,
                             Block& block);
  bool write_json(const RunPlan& plan, const RecordFields& fields, Block& block);
  std::string_view bytes_of(const RunPlan& plan, const RecordFields& fields, std::size_t column,
                            Scratch& scratch);
  void pass_json(Block& block);
  bool fail(const char* why, std::size_t column);

  std::vector<std::string_view> bytes_;  ///< of each column that is written
  std::string appended_;                 ///< what stands behind the record's own columns
  std::string json_;                     ///< one line in the making
  const char* why_ = "";
  std::size_t column_ = 0;
};

/// The common case of changed fields: each new value goes over the old one. False: not so here.
inline bool RecordWriter::write_in_place(const Record& record, const RecordFields& fields,
                                         Block& block) {
  for (const std::size_t column : fields.changed()) {
    if (fields.made(column).place == nullptr) [[unlikely]]
      return false;
  }
  for (const std::size_t column : fields.changed()) {
    copy_exactly(fields.made(column).place, fields.made(column).value);
  }
  block.output.span(record.begin, record.end);
  return true;
}

/// The common case of chosen columns, none changed. False: not so here.
inline bool RecordWriter::write_columns(const RunPlan& plan, const Record& record,
                                        const RecordFields& fields, Block& block) {
  const auto line_end = static_cast<std::size_t>(record.end - record.content_end);
  char* const start = block.output.room(record.size() + 1 + line_end);
  char* to = start;
  for (const std::size_t column : plan.program.output) {
    to = copy_overrunning(to, fields.raw(column));
    *to++ = plan.output.delimiter;
  }
  // The line end, of at most two bytes, goes over the last delimiter. A CR before an LF would
  // become a part of it.
  --to;
  if (line_end == 1 && to != start && to[-1] == '\r') [[unlikely]]
    return false;
  std::memcpy(to, record.content_end, 2);
  block.output.wrote(static_cast<std::size_t>(to - start) + line_end);
  return true;
}

inline bool RecordWriter::write(const RunPlan& plan, const Record& record,
                                const RecordFields& fields, Block& block) {
  if (plan.writing == Writing::in_place) {
    return write_in_place(record, fields, block) || splice(plan, record, fields, block);
  }
  if (plan.writing == Writing::appended) return splice(plan, record, fields, block);
  if (plan.writing == Writing::columns && write_columns(plan, record, fields, block)) return true;
  if (plan.writing != Writing::json) return write_changed_columns(plan, record, fields, block);
  return write_json(plan, fields, block);
}

}  // namespace nodeops::csv
