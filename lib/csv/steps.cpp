// SPDX-License-Identifier: MIT
#include "csv/steps.hpp"

#include <map>
#include <utility>

#include "core/error.hpp"
#include "csv/date.hpp"
#include "csv/default_value.hpp"
#include "csv/lua_step.hpp"
#include "csv/mask_hash.hpp"
#include "csv/number.hpp"
#include "csv/plugin_step.hpp"
#include "csv/replace.hpp"
#include "csv/text_case.hpp"
#include "csv/whitespace.hpp"

namespace nodeops::csv {
namespace {

using Kind = StepRequest::Kind;

/// "COL=REST": the column, which may stand in double quotes or have `\=` in it, and the rest.
struct Assignment {
  std::string column;
  std::string rest;
  bool has_rest = false;
};

Assignment split_assignment(const std::string& text) {
  Assignment parts;
  std::size_t at = 0;
  const bool quoted = text.starts_with('"') && text.find('"', 1) != std::string::npos;
  if (quoted) {
    at = text.find('"', 1);
    parts.column = text.substr(1, at - 1);
    ++at;
  }
  for (; at < text.size() && text[at] != '='; ++at) {
    if (text[at] == '\\' && at + 1 < text.size() && text[at + 1] == '=') ++at;
    parts.column += text[at];
  }
  parts.has_rest = at < text.size();
  if (parts.has_rest) parts.rest = text.substr(at + 1);
  return parts;
}

StepRequest cell_step(const std::string& option, ColumnSet columns,
                      std::shared_ptr<const CellTransform> cell) {
  return {
      .kind = Kind::cell, .option = option, .columns = std::move(columns), .cell = std::move(cell)};
}

/// A transform of the form COL=SPEC.
template <class Make>
StepRequest assigned_step(const std::string& option, const std::string& text, const char* form,
                          Make make) {
  const Assignment parts = split_assignment(text);
  if (!parts.has_rest || parts.column.empty()) {
    throw AppError(ErrorKind::usage, option + ": '" + text + "' is not of the form " + form);
  }
  return cell_step(option, ColumnSet::one(parts.column), make(parts.rest));
}

StepRequest rename_step(const std::string& option, const std::string& text) {
  const Assignment parts = split_assignment(text);
  if (!parts.has_rest || parts.column.empty()) {
    throw AppError(ErrorKind::usage, option + ": '" + text + "' is not of the form A=B");
  }
  return {.kind = Kind::rename,
          .option = option,
          .columns = ColumnSet::one(parts.column),
          .new_name = parts.rest};
}

StepRequest where_step(const std::string& option, const std::string& text) {
  auto where = std::make_shared<const Predicate>(parse_predicate(text));
  auto column = ColumnSet::one(where->column());
  return {.kind = Kind::where,
          .option = option,
          .columns = std::move(column),
          .where = std::move(where)};
}

StepRequest row_step(const std::string& option, std::shared_ptr<const RowTransform> row) {
  return {.kind = Kind::row, .option = option, .columns = {}, .row = std::move(row)};
}

StepRequest set_step(const std::string& option, const std::string& text) {
  const Assignment parts = split_assignment(text);
  if (!parts.has_rest || parts.column.empty()) {
    throw AppError(ErrorKind::usage, option + ": '" + text + "' is not of the form COL=EXPR");
  }
  return row_step(option, set_column(parts.column, parts.rest));
}

StepRequest number_step(const std::string& option, const std::string& text) {
  const Assignment parts = split_assignment(text);
  return cell_step(option, ColumnSet::one(parts.column), number(parts.rest));
}

StepRequest lookup_step(const std::string& option, const std::string& text,
                        const StepSettings& settings) {
  LookupText parsed = parse_lookup(text);
  parsed.file.dialect = settings.dialect;
  parsed.file.sniff = settings.sniff;
  parsed.file.stop = settings.stop;
  return row_step(option, lookup(std::move(parsed), settings.missing, settings.lookup_memory));
}

StepRequest read_step(const std::string& option, const std::string& text,
                      const StepSettings& settings) {
  if (option == "--capitalize") return cell_step(option, parse_columns(text), capitalize());
  if (option == "--upper") return cell_step(option, parse_columns(text), upper());
  if (option == "--lower") return cell_step(option, parse_columns(text), lower());
  if (option == "--trim") return cell_step(option, parse_columns(text), trim());
  if (option == "--squeeze") return cell_step(option, parse_columns(text), squeeze());
  if (option == "--mask") return cell_step(option, parse_columns(text), mask());
  if (option == "--hash") return cell_step(option, parse_columns(text), hash(settings.hash_key));
  if (option == "--replace")
    return assigned_step(option, text, "COL=/RE/TEXT/[gi]", parse_replacement);
  if (option == "--date") return assigned_step(option, text, "COL=FROM:TO", parse_date_rule);
  if (option == "--default") return assigned_step(option, text, "COL=VALUE", default_value);
  if (option == "--set") return set_step(option, text);
  if (option == "--where-lua") return row_step(option, where_lua(text));
  if (option == "--lookup") return lookup_step(option, text, settings);
  if (option == "--plugin") return row_step(option, plugin(text));
  if (option == "--number") return number_step(option, text);
  if (option == "--where") return where_step(option, text);
  if (option == "--rename") return rename_step(option, text);
  const std::map<std::string, Kind> choices = {
      {"--select", Kind::select}, {"--drop", Kind::drop}, {"--reorder", Kind::reorder}};
  return {.kind = choices.at(option), .option = option, .columns = parse_columns(text)};
}

}  // namespace

StepRequest make_step(const std::string& option, const std::string& text,
                      const StepSettings& settings) {
  try {
    return read_step(option, text, settings);
  } catch (const AppError& error) {
    // What is wrong with a file or with data names its own place.
    const std::string what = error.what();
    if (what.starts_with(option) || error.kind() != ErrorKind::usage) throw;
    throw AppError(error.kind(), option + ": " + what, error.advice());
  }
}

StepRequest make_step(const std::string& option, const std::string& text,
                      const std::string& hash_key) {
  return make_step(option, text, StepSettings{.hash_key = hash_key});
}

}  // namespace nodeops::csv
