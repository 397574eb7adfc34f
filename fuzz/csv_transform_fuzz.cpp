// SPDX-License-Identifier: MIT
// Any chain of transforms gives, read back by the reference, what the same transforms give when
// they are applied to the reference's values one by one; in any blocks, with any number of workers.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "csv/steps.hpp"
#include "csv/transform_text.hpp"
#include "fuzz_input.hpp"
#include "support/reference_csv.hpp"

using namespace nodeops;
using nodeops::fuzz::FuzzInput;
using nodeops::fuzz::require;

namespace {

using Row = std::vector<std::string>;

constexpr std::array<std::array<const char*, 2>, 20> known_steps = {{
    {"--upper", "1"},          {"--upper", "2"},
    {"--lower", "2"},          {"--capitalize", "1"},
    {"--capitalize", "3"},     {"--trim", "1"},
    {"--squeeze", "2"},        {"--default", "1=x,\"y"},
    {"--default", "2= \r"},    {"--replace", "1=/a/,\"/g"},
    {"--replace", "2=/./\n/"}, {"--replace", "1=/.*//"},
    {"--number", "2"},         {"--where", "1 != x"},
    {"--where", "2 < 5"},      {"--select", "2,1"},
    {"--select", "1"},         {"--drop", "1"},
    {"--reorder", "2"},        {"--select", "1,1,2"},
}};

/// Follows the steps over values instead of bytes.
class Model {
 public:
  explicit Model(const std::vector<csv::StepRequest>& steps) : steps_(steps) {}

  /// The header's names, as they come out; settles which columns each step is about.
  Row start(Row names) {
    for (const csv::StepRequest& step : steps_) {
      columns_.push_back(step.columns.resolve(names, step.option));
      names = choose(step, columns_.back(), names);
    }
    return names;
  }

  enum class Fate { written, filtered, refused };

  Fate run(Row& row) const {
    csv::Scratch scratch;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const csv::StepRequest& step = steps_[i];
      if (step.kind == csv::StepRequest::Kind::where) {
        if (!step.where->holds(row[columns_[i].front()])) return Fate::filtered;
      } else if (step.kind == csv::StepRequest::Kind::cell) {
        for (const std::size_t column : columns_[i]) {
          const csv::CellOutcome outcome = step.cell->apply(row[column], scratch);
          if (outcome.kind == csv::CellOutcome::Kind::failed) return Fate::refused;
          if (outcome.kind == csv::CellOutcome::Kind::changed) row[column] = outcome.text;
        }
      } else {
        row = choose(step, columns_[i], row);
      }
    }
    return Fate::written;
  }

 private:
  static Row choose(const csv::StepRequest& step, const std::vector<std::size_t>& columns,
                    const Row& from) {
    using Kind = csv::StepRequest::Kind;
    if (step.kind != Kind::select && step.kind != Kind::drop && step.kind != Kind::reorder) {
      return from;
    }
    Row chosen;
    std::vector<bool> named(from.size());
    for (const std::size_t column : columns) {
      named[column] = true;
      if (step.kind != Kind::drop) chosen.push_back(from[column]);
    }
    for (std::size_t i = 0; i < from.size() && step.kind != Kind::select; ++i) {
      if (!named[i]) chosen.push_back(from[i]);
    }
    return chosen;
  }

  const std::vector<csv::StepRequest>& steps_;
  std::vector<std::vector<std::size_t>> columns_;
};

bool is_blank(const test::ReferenceRecord& record) {
  return record.fields.size() == 1 && record.fields[0].raw.empty();
}

Row values(const test::ReferenceRecord& record) {
  Row row;
  for (const test::ReferenceField& field : record.fields) row.push_back(field.value);
  return row;
}

struct Expected {
  std::vector<Row> rows;  ///< the header first
  std::uint64_t refused = 0;
  std::uint64_t filtered = 0;
};

/// What must come out of a text that has a header; a column that does not exist is thrown.
Expected expect(const std::vector<test::ReferenceRecord>& records,
                const std::vector<csv::StepRequest>& steps) {
  Model model(steps);
  Expected expected;
  std::size_t columns = 0;
  for (const test::ReferenceRecord& record : records) {
    if (is_blank(record) && columns != 1) continue;
    Row row = values(record);
    if (columns == 0) {
      columns = row.size();
      expected.rows.push_back(model.start(std::move(row)));
      continue;
    }
    const bool malformed = record.unterminated || row.size() != columns;
    const Model::Fate fate = malformed ? Model::Fate::refused : model.run(row);
    if (fate == Model::Fate::written) expected.rows.push_back(std::move(row));
    if (fate == Model::Fate::refused) ++expected.refused;
    if (fate == Model::Fate::filtered) ++expected.filtered;
  }
  return expected;
}

std::vector<Row> read_back(const std::string& output, std::size_t columns) {
  std::vector<Row> rows;
  for (const test::ReferenceRecord& record : test::parse_reference(output).records) {
    const bool counts = !is_blank(record) || (columns == 1 && !rows.empty());
    if (counts) rows.push_back(values(record));
  }
  return rows;
}

bool has_lone_carriage_return(std::string_view text) {
  for (std::size_t at = 0; (at = text.find('\r', at)) != std::string_view::npos; ++at) {
    if (text.substr(at, 2) != "\r\n") return true;
  }
  return false;
}

bool starts_with_mark(std::string_view text) {
  return text.substr(0, 3) == "\xef\xbb\xbf";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzInput input(data, size);
  csv::TransformOptions options;
  options.on_error = csv::OnError::skip;
  options.dialect.newline = csv::Newline::lf;
  for (std::size_t count = input.choose(4); count > 0; --count) {
    const auto& [option, text] = known_steps[input.choose(known_steps.size())];
    options.steps.push_back(csv::make_step(option, text, ""));
  }
  const std::string_view text = input.rest();
  options.block_size = 1 << 16;
  const csv::TextOutcome whole = csv::transform_text(options, text);
  options.block_size = 64;
  options.workers = 2;
  options.blocks_in_flight = 4;
  const csv::TextOutcome pieces = csv::transform_text(options, text, 13);
  require(whole.error.has_value() == pieces.error.has_value(), "both runs end alike");
  // What can stop a run that skips is its header: no record has come.
  if (whole.error) return 0;
  require(whole.output == pieces.output && whole.rejects == pieces.rejects &&
              whole.reasons == pieces.reasons && whole.refused == pieces.refused &&
              whole.filtered == pieces.filtered,
          "neither blocks nor pieces show in what comes out");
  // Bytes that stay as they are and only move can come to mean something else: a byte order mark at
  // the front, a CR before a record end.
  if (starts_with_mark(whole.output) && !starts_with_mark(text)) return 0;
  if (has_lone_carriage_return(text)) return 0;
  const auto records = test::parse_reference(text).records;
  const Expected expected = expect(records, options.steps);
  const std::size_t columns = expected.rows.empty() ? 1 : expected.rows.front().size();
  // Without any column there is nothing to read back, a lone column without a name has a blank line
  // for a header, and an empty last record without a record end
  // is no bytes at all.
  if (columns == 1 && !expected.rows.empty() && expected.rows.front().front().empty()) return 0;
  if (columns == 0 || (columns == 1 && !text.empty() && text.back() != '\n')) return 0;
  require(whole.refused == expected.refused, "malformed and failed records are refused, no others");
  require(whole.filtered == expected.filtered, "what a filter refuses is left out, nothing else");
  require(read_back(whole.output, columns) == expected.rows,
          "the output reads back as the values that the transforms make");
  return 0;
}
