// SPDX-License-Identifier: MIT
#include "csv/table_start.hpp"

#include <algorithm>
#include <utility>

#include "csv/field.hpp"
#include "csv/infer_types.hpp"
#include "csv/input_start.hpp"

namespace nodeops::csv {
namespace {

/// The raw bytes of a record's fields; views into `record`.
std::vector<std::string_view> split(std::string_view record, const Dialect& dialect) {
  record = without_line_end(record, dialect);
  std::string padded(record);
  padded.append(scan_slack, '\0');
  ScanState state;
  ScanIndex index;
  scan({padded.data(), record.size()}, dialect, state, index);
  std::vector<std::string_view> fields;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < record.size(); ++at) {
    if ((index.field_ends[at / 64] >> at % 64 & 1U) == 0) continue;
    fields.push_back(record.substr(begin, at - begin));
    begin = at + 1;
  }
  fields.push_back(record.substr(begin));
  return fields;
}

std::vector<std::string> values(std::string_view record, const Dialect& dialect) {
  std::vector<std::string> all;
  Scratch scratch;
  for (const auto field : split(record, dialect))
    all.emplace_back(field_value(field, dialect, scratch));
  return all;
}

/// True when a record becomes a row of COPY by other delimiters alone, if it needs no escapes.
bool copies_whole(const RunPlan& plan) {
  const Program& program = plan.program;
  bool all = plan.rows.encoding == RowEncoding::copy_text && !plan.rows.empty_as_null &&
             program.output.size() == program.columns;
  for (std::size_t i = 0; i < program.output.size(); ++i)
    all = all && program.output[i] == i && plan.rows.types[i] == ColumnType::text;
  return all;
}

}  // namespace

TableStart::TableStart(const std::vector<StepRequest>& requests, const Options& options,
                       std::function<const std::string&(std::size_t)> names)
    : requests_(requests),
      options_(options),
      names_(std::move(names)),
      framer_(options.headroom, options.longest_record),
      blank_lines_stay_(options.form == Form::csv && std::all_of(requests.begin(), requests.end(),
                                                                 [](const StepRequest& request) {
                                                                   return request.kind ==
                                                                          StepRequest::Kind::cell;
                                                                 })) {}

AppError TableStart::header_error(const Block& block, std::uint64_t line, const std::string& what,
                                  std::string advice) const {
  return {ErrorKind::bad_data, names_(block.input) + ":" + std::to_string(line) + ": " + what,
          std::move(advice)};
}

void TableStart::prepare(Block& block) {
  std::size_t skipped = 0;
  if (block.first_of_input) {
    start_input(block);
    skipped = block.start.byte_order_mark;
  }
  framer_.frame(block, skipped);
  if (block.first_of_input && !block.start.under_way) {
    const bool first = block.input == 0 && options_.write_header;
    if (first && options_.form == Form::csv) block.head.assign(block.data, skipped);
    if (!plan_ && dialect_.header && !options_.first_header.empty()) {
      take_header(block, options_.first_header, false);
      first_name_ = options_.first_name;
      header_wanted_ = true;
    }
    if (!block.start.header.empty()) {
      check_width(block, 1, split(block.start.header, dialect_).size());
      take_header(block, block.start.header, options_.write_header);
    }
  }
  if (header_wanted_) find_header(block);
  if (plan_ && types_wanted_) settle_types(block);
  // A block without records, before the types are known, has nothing that needs the plan.
  block.plan = types_wanted_ ? nullptr : plan_.get();
  note_border(block);
}

/// Types that are to be told from the data: the first block with records does, or the first input's
/// end.
void TableStart::settle_types(Block& block) {
  const auto inferred = infer_types(block, *plan_);
  if (!inferred && !block.last_of_input) return;
  types_wanted_ = false;
  if (!inferred) return;
  auto& types = plan_->rows.types;
  for (std::size_t i = 0; i < types.size(); ++i)
    if (!plan_->rows.named[i]) types[i] = (*inferred)[i];
  plan_->rows.copies_whole = copies_whole(*plan_);
}

void TableStart::note_border(Block& block) {
  bytes_ += framer_.offset() - counted_to_;
  counted_to_ = framer_.offset();
  block.border.reset();
  if (block.last_of_input) {
    block.border = {.input = block.input + 1, .bytes = bytes_, .on_grid = true};
  } else if (framer_.between_records() && !header_wanted_) {
    block.border = {.input = block.input,
                    .offset = framer_.offset(),
                    .line = framer_.line(),
                    .bytes = bytes_,
                    .on_grid = block.on_grid};
  }
}

void TableStart::start_input(Block& block) {
  const InputStart& start = block.start;
  dialect_ = start.dialect;
  framer_.start_input(dialect_, start.line, start.offset);
  framer_.leave_out(start.byte_order_mark);
  counted_to_ = start.offset;
  header_wanted_ = !start.under_way;
}

void TableStart::find_header(Block& block) {
  if (find_header_in(block, block.straddling) || find_header_in(block, block.chunk)) return;
  if (block.long_start.present) {
    throw header_error(block, block.long_start.line,
                       block.long_start.quote_is_open
                           ? "a quote opens in the first record and does not close"
                           : "the first record is longer than any may be");
  }
}

bool TableStart::find_header_in(Block& block, Chunk& chunk) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < chunk.index.record_count; ++i) {
    const RecordEnd& end = chunk.index.records[i];
    const std::size_t next = std::min(end.end + std::size_t{1}, chunk.size);
    const std::string_view record(chunk.text + begin, next - begin);
    const bool blank = without_line_end(record, dialect_).empty();
    if (!blank || (!dialect_.header && plan_)) {
      header_wanted_ = false;
      check_width(block, chunk.line + i, end.fields);
      if (!dialect_.header) {
        plan_ ? suit_plan() : make_plan(end.fields, {});
        return true;
      }
      if (chunk.quote_is_open && i + 1 == chunk.index.record_count) {
        throw header_error(block, chunk.line + i, "a quote opens in the header and never closes");
      }
      chunk.skip = i + 1;
      take_header(block, record, options_.write_header);
      return true;
    }
    begin = next;
    chunk.skip = i + 1;
    if (blank_lines_stay_) block.head += record;
  }
  return false;
}

void TableStart::take_header(Block& block, std::string_view record, bool write) {
  header_wanted_ = false;
  if (!dialect_.header) {
    plan_ ? suit_plan() : make_plan(split(record, dialect_).size(), {});
    return;
  }
  const auto names = values(record, dialect_);
  if (plan_) {
    check_header(block, names);
    return suit_plan();
  }
  first_name_ = names_(block.input);
  make_plan(names.size(), names);
  if (write && options_.form == Form::csv) block.head += header_bytes(record);
}

void TableStart::make_plan(std::size_t columns, const std::vector<std::string>& names) {
  check_output_delimiter(options_.output_delimiter, dialect_);
  plan_ = plan_for({.form = options_.form,
                    .delimiter = options_.output_delimiter == '\0' ? dialect_.delimiter
                                                                   : options_.output_delimiter},
                   columns, names);
  if (options_.form != Form::rows) return;
  plan_->rows = options_.rows.form;
  const std::vector<std::string>& outputs = plan_->program.output_names;
  plan_->rows.types.assign(outputs.size(), ColumnType::text);
  plan_->rows.named.assign(outputs.size(), false);
  for (const auto& [column, type] : options_.rows.types) {
    const std::size_t at = column.resolve(outputs, "--types").front();
    plan_->rows.types[at] = type;
    plan_->rows.named[at] = true;
  }
  types_wanted_ = options_.rows.infer_types;
  plan_->rows.copies_whole = copies_whole(*plan_);
}

std::unique_ptr<RunPlan> TableStart::plan_for(const OutputForm& output, std::size_t columns,
                                              const std::vector<std::string>& names) const {
  auto plan = std::make_unique<RunPlan>();
  plan->input = dialect_;
  plan->output = output;
  plan->on_error = options_.on_error;
  plan->longest_record = options_.longest_record;
  plan->blank_lines_stay = blank_lines_stay_;
  plan->program = compile(requests_, columns, names, dialect_, plan->output);
  plan->finish();
  return plan;
}

/// An input may have other quotes, delimiters or record ends than the one before it. The output
/// stays as the first one's.
void TableStart::suit_plan() {
  if (plan_->input.reads_as(dialect_)) return;
  check_output_delimiter(plan_->output.delimiter, dialect_);
  auto suited = plan_for(plan_->output, plan_->program.columns, plan_->program.names);
  suited->rows = plan_->rows;
  earlier_.push_back(std::exchange(plan_, std::move(suited)));
}

void TableStart::check_width(const Block& block, std::uint64_t line, std::size_t columns) const {
  if (columns <= options_.most_columns) return;
  throw header_error(block, line,
                     std::to_string(columns) + " columns, but the memory is for " +
                         std::to_string(options_.most_columns),
                     "--memory-limit makes room for more");
}

void TableStart::check_header(const Block& block, const std::vector<std::string>& names) const {
  const auto& expected = plan_->program.names;
  if (names.size() != expected.size()) {
    throw header_error(block, 1,
                       std::to_string(names.size()) + " columns, but " + first_name_ + " has " +
                           std::to_string(expected.size()));
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == expected[i]) continue;
    throw header_error(block, 1,
                       "column " + std::to_string(i + 1) + " is '" + names[i] + "', but '" +
                           expected[i] + "' in " + first_name_);
  }
}

std::string TableStart::header_bytes(std::string_view record) const {
  const Program& program = plan_->program;
  if (program.in_place && !program.renames) return std::string(record);
  const Dialect& output = plan_->output_dialect;
  const auto raw = split(record, dialect_);
  std::string bytes;
  Scratch scratch;
  for (std::size_t i = 0; i < program.output_names.size(); ++i) {
    if (i > 0) bytes += output.delimiter;
    const std::size_t column = program.output[i];
    const std::string& name = program.output_names[i];
    // A name that stays keeps its own bytes, quotes included.
    const bool own = column < program.columns;
    const bool same =
        own && name == program.names[column] && output.delimiter == dialect_.delimiter;
    const bool was_quoted = own && is_quoted(raw[column], dialect_);
    const auto field = same ? raw[column] : field_bytes(name, was_quoted, output, scratch);
    if (field.data() == nullptr) {
      throw AppError(ErrorKind::usage,
                     "the column name '" + name + "' needs quotes, and quoting is turned off");
    }
    bytes += field;
  }
  bytes += record.substr(without_line_end(record, dialect_).size());
  return bytes;
}

}  // namespace nodeops::csv
