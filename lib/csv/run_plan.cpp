// SPDX-License-Identifier: MIT
#include "csv/run_plan.hpp"

#include <string>

#include "core/error.hpp"
#include "csv/json_text.hpp"

namespace nodeops::csv {
namespace {

bool is_letter_or_beyond_ascii(char c) {
  const auto byte = static_cast<unsigned char>(c);
  const auto letter = static_cast<unsigned char>(byte | 0x20U);
  return (letter >= 'a' && letter <= 'z') || byte >= 0x80;
}

}  // namespace

void check_output_delimiter(char delimiter, const Dialect& input) {
  if (!input.quoting || delimiter != input.quote) return;
  throw AppError(ErrorKind::usage,
                 std::string("the output's delimiter and the quote character: '") + delimiter +
                     "' cannot be both");
}

void RunPlan::finish() {
  output_dialect = input;
  output_dialect.delimiter = output.delimiter;
  same_delimiter = output.delimiter == input.delimiter;
  plain_stays_plain = same_delimiter && !is_letter_or_beyond_ascii(input.delimiter) &&
                      !(input.quoting && is_letter_or_beyond_ascii(input.quote));
  for (Step& step : program.steps) step.keeps_bytes = step.letters_only && plain_stays_plain;
  if (output.form == Form::ndjson)
    writing = Writing::json;
  else if (output.form == Form::rows)
    writing = Writing::rows;
  else if (program.in_place)
    writing = program.appends ? Writing::appended : Writing::in_place;
  else if (same_delimiter && program.changing.empty() && !program.makes_columns)
    writing = Writing::columns;
  else
    writing = Writing::changed_columns;
  letters_in_place = writing == Writing::in_place && program.steps.size() == 1 &&
                     program.steps.front().keeps_bytes;
  json_keys.clear();
  if (output.form != Form::ndjson || program.names.empty()) return;
  for (const auto& name : program.output_names) {
    std::string key;
    append_json_string(key, name, Replace::invalid);
    json_keys.push_back(key + ":");
  }
}

}  // namespace nodeops::csv
