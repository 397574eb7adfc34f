// SPDX-License-Identifier: MIT
#include "csv/record_writer.hpp"

#include <cstring>

#include "csv/copy_bytes.hpp"
#include "csv/json_text.hpp"

namespace nodeops::csv {
namespace {

constexpr auto no_quotes_allowed = "the new value needs quotes, and quoting is turned off";
constexpr auto not_utf8 = "is not valid UTF-8, which JSON cannot hold";
constexpr auto too_long_in_json =
    "has so many control characters that it gets too long as JSON (see --max-record)";

/// Text at most doubles with its escapes; a record of control characters would take six times its
/// size.
std::size_t longest_json(const RunPlan& plan) {
  return 2 * plan.longest_record + (std::size_t{64} << 10);
}

}  // namespace

bool RecordWriter::fail(const char* why, std::size_t column) {
  why_ = why;
  column_ = column;
  return false;
}

/// The bytes of a column as they go out; null when that would take quotes that are turned off.
std::string_view RecordWriter::bytes_of(const RunPlan& plan, const RecordFields& fields,
                                        std::size_t column, Scratch& scratch) {
  const auto& made = fields.made(column);
  if (column >= plan.program.columns)
    return field_bytes(made.value, false, plan.output_dialect, scratch);
  const std::string_view raw = fields.raw(column);
  const bool was_quoted = is_quoted(raw, plan.input);
  if (!made.present) {
    return was_quoted || plan.same_delimiter
               ? raw
               : field_bytes(raw, false, plan.output_dialect, scratch);
  }
  if (!was_quoted && made.letters_only && plan.plain_stays_plain) return made.value;
  return field_bytes(made.value, was_quoted, plan.output_dialect, scratch);
}

bool RecordWriter::splice(const RunPlan& plan, const Record& record, const RecordFields& fields,
                          Block& block) {
  const auto& changing = plan.program.changing;
  bytes_.resize(changing.size());
  for (std::size_t i = 0; i < changing.size(); ++i) {
    bytes_[i] = bytes_of(plan, fields, changing[i], block.scratch);
    if (bytes_[i].data() == nullptr) return fail(no_quotes_allowed, changing[i]);
  }
  if (plan.program.appends && !make_appended(plan, fields, block.scratch)) return false;
  const char* written = record.begin;
  for (std::size_t i = 0; i < changing.size(); ++i) {
    if (!fields.made(changing[i]).present) continue;
    const std::string_view raw = fields.raw(changing[i]);
    // Line ends that come or go within the record would be miscounted for later messages.
    const char line_end = plan.input.record_end();
    if (bytes_[i].size() == raw.size() && raw.find(line_end) == std::string_view::npos &&
        bytes_[i].find(line_end) == std::string_view::npos) {
      copy_exactly(record.begin + (raw.data() - record.begin), bytes_[i]);
      continue;
    }
    block.output.span(written, raw.data());
    block.output.copy(bytes_[i]);
    written = raw.data() + raw.size();
  }
  if (plan.program.appends) {
    block.output.span(written, record.content_end);
    block.output.copy(appended_);
    written = record.content_end;
  }
  block.output.span(written, record.end);
  return true;
}

bool RecordWriter::make_appended(const RunPlan& plan, const RecordFields& fields,
                                 Scratch& scratch) {
  const auto& output = plan.program.output;
  appended_.clear();
  for (std::size_t i = plan.program.columns; i < output.size(); ++i) {
    const std::string_view bytes = bytes_of(plan, fields, output[i], scratch);
    if (bytes.data() == nullptr) return fail(no_quotes_allowed, output[i]);
    appended_ += plan.output.delimiter;
    appended_ += bytes;
  }
  return true;
}

bool RecordWriter::write_changed_columns(const RunPlan& plan, const Record& record,
                                         const RecordFields& fields, Block& block) {
  const auto& output = plan.program.output;
  bytes_.resize(output.size());
  const std::string_view line_end(record.content_end,
                                  static_cast<std::size_t>(record.end - record.content_end));
  std::size_t size = line_end.size() + output.size();
  for (std::size_t i = 0; i < output.size(); ++i) {
    bytes_[i] = bytes_of(plan, fields, output[i], block.scratch);
    if (bytes_[i].data() == nullptr) return fail(no_quotes_allowed, output[i]);
    size += bytes_[i].size();
  }
  // A last field's CR would become a part of the line end LF.
  if (line_end == "\n" && bytes_.back().ends_with('\r') && plan.input.quoting &&
      !is_quoted(bytes_.back(), plan.input)) {
    size -= bytes_.back().size();
    bytes_.back() = quoted(bytes_.back(), plan.input.quote, block.scratch);
    size += bytes_.back().size();
  }
  char* const start = block.output.room(size);
  char* to = start;
  for (const std::string_view bytes : bytes_) {
    to = copy_exactly(to, bytes);
    *to++ = plan.output.delimiter;
  }
  to = copy_exactly(--to, line_end);
  block.output.wrote(static_cast<std::size_t>(to - start));
  return true;
}

bool RecordWriter::write_json(const RunPlan& plan, const RecordFields& fields, Block& block) {
  const auto& output = plan.program.output;
  const bool object = !plan.json_keys.empty();
  json_.assign(1, object ? '{' : '[');
  for (std::size_t i = 0; i < output.size(); ++i) {
    if (i > 0) json_ += ',';
    if (object) json_ += plan.json_keys[i];
    const auto value = fields.value(output[i], plan.input, block.scratch);
    if (!append_json_string(json_, value, Replace::nothing, longest_json(plan))) {
      const bool too_long = json_.size() > longest_json(plan);
      return fail(too_long ? too_long_in_json : not_utf8, output[i]);
    }
  }
  json_ += object ? "}\n" : "]\n";
  pass_json(block);
  return true;
}

void RecordWriter::pass_json(Block& block) {
  constexpr std::size_t most_kept = 1 << 20;
  block.output.copy(json_);
  if (json_.capacity() > most_kept) std::string().swap(json_);
}

void RecordWriter::write_as_it_is(const RunPlan& plan, const Chunk& chunk, const Record& record,
                                  Block& block) {
  if (plan.output.form == Form::csv) {
    block.output.span(record.begin, record.end);
    return;
  }
  Program all;
  all.columns = all.width = record.fields;
  RecordFields fields;
  fields.prepare(all);
  fields.load(chunk, record, record.fields);
  const bool object = !plan.program.names.empty();
  json_.assign(1, object ? '{' : '[');
  for (std::size_t i = 0; i < record.fields; ++i) {
    if (i > 0) json_ += ',';
    if (object) {
      // A field that no column name belongs to is known by its position.
      append_json_string(json_, plan.program.column_name(i), Replace::invalid);
      json_ += ':';
    }
    append_json_string(json_, fields.value(i, plan.input, block.scratch), Replace::invalid);
  }
  json_ += object ? "}\n" : "]\n";
  pass_json(block);
}

}  // namespace nodeops::csv
