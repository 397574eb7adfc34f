// SPDX-License-Identifier: MIT
#include "csv/program.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "core/error.hpp"
#include "csv/column_scope.hpp"
#include "csv/row_transform.hpp"

namespace nodeops::csv {
namespace {

/// Follows what the requests do to the list of columns.
class Compiler {
 public:
  explicit Compiler(Program& program) : program_(program), changing_(program.columns) {
    program_.width = program_.columns;
    program_.output.resize(program_.columns);
    std::iota(program_.output.begin(), program_.output.end(), std::size_t{0});
    program_.output_names =
        program_.names.empty() ? std::vector<std::string>(program_.columns) : program_.names;
  }

  void add(const StepRequest& request) {
    if (request.kind == StepRequest::Kind::row) {
      add_row_step(request);
      return;
    }
    const auto chosen = request.columns.resolve(program_.output_names, request.option);
    switch (request.kind) {
      case StepRequest::Kind::cell:
        for (const auto place : chosen) {
          program_.steps.push_back({.kind = Step::Kind::cell,
                                    .column = scope(request).change(place),
                                    .cell = request.cell.get(),
                                    .letters_only = request.cell->only_changes_letters()});
        }
        break;
      case StepRequest::Kind::where:
        program_.filters = true;
        program_.steps.push_back({.kind = Step::Kind::where,
                                  .column = scope(request).read(chosen.front()),
                                  .where = request.where.get()});
        break;
      case StepRequest::Kind::select:
        keep(chosen);
        break;
      case StepRequest::Kind::drop:
        keep(others(chosen));
        if (program_.output.empty()) {
          throw AppError(ErrorKind::usage, request.option + ": no column would be left");
        }
        break;
      case StepRequest::Kind::reorder: {
        auto order = chosen;
        for (const auto column : others(chosen)) order.push_back(column);
        keep(order);
        break;
      }
      case StepRequest::Kind::rename:
        rename(chosen, request);
        break;
      case StepRequest::Kind::row:
        break;
    }
  }

  /// What follows from all of them.
  void finish() {
    for (std::size_t column = 0; column < program_.columns; ++column) {
      if (changing_[column]) program_.changing.push_back(column);
    }
    program_.makes_columns =
        std::any_of(program_.output.begin(), program_.output.end(),
                    [&](std::size_t column) { return column >= program_.columns; });
  }

 private:
  ColumnScope scope(const StepRequest& request) { return {program_, changing_, request.option}; }

  void add_row_step(const StepRequest& request) {
    auto columns = scope(request);
    program_.rows.push_back(request.row->bind(columns));
    program_.steps.push_back({.kind = Step::Kind::row, .column = program_.rows.size() - 1});
    program_.filters = program_.filters || request.row->filters();
    program_.batches = program_.batches || request.row->wants_batches();
  }

  std::vector<std::size_t> others(const std::vector<std::size_t>& chosen) const {
    std::vector<std::size_t> rest;
    for (std::size_t i = 0; i < program_.output.size(); ++i) {
      if (std::find(chosen.begin(), chosen.end(), i) == chosen.end()) rest.push_back(i);
    }
    return rest;
  }

  void keep(const std::vector<std::size_t>& order) {
    std::vector<std::size_t> columns;
    std::vector<std::string> names;
    for (const auto column : order) {
      columns.push_back(program_.output[column]);
      names.push_back(program_.output_names[column]);
    }
    program_.output = std::move(columns);
    program_.output_names = std::move(names);
  }

  void rename(const std::vector<std::size_t>& chosen, const StepRequest& request) {
    if (program_.names.empty())
      throw AppError(ErrorKind::usage, request.option + ": there are no names without a header");
    if (chosen.size() != 1)
      throw AppError(ErrorKind::usage, request.option + ": renames one column at a time");
    program_.output_names[chosen.front()] = request.new_name;
  }

  Program& program_;
  std::vector<bool> changing_;  ///< by column of the input
};

/// True when the input's columns come out in their places, and behind them none but added ones.
bool keeps_places(const Program& program) {
  if (program.output.size() < program.columns) return false;
  for (std::size_t i = 0; i < program.output.size(); ++i) {
    if (i < program.columns ? program.output[i] != i : program.output[i] < program.columns)
      return false;
  }
  return true;
}

}  // namespace

std::string Program::column_name(std::size_t column) const {
  if (column >= columns && column < width && !added_names[column - columns].empty())
    return added_names[column - columns];
  return column < names.size() && !names[column].empty() ? names[column]
                                                         : std::to_string(column + 1);
}

Program compile(const std::vector<StepRequest>& requests, std::size_t columns,
                const std::vector<std::string>& names, const Dialect& dialect,
                const OutputForm& output) {
  Program program;
  program.columns = columns;
  program.names = names;
  Compiler compiler(program);
  for (const StepRequest& request : requests) compiler.add(request);
  compiler.finish();
  program.in_place =
      output.form == Form::csv && output.delimiter == dialect.delimiter && keeps_places(program);
  program.appends = program.in_place && program.makes_columns;
  program.renames = !names.empty() && program.output_names != names;
  for (const std::size_t column : program.output) {
    if (!program.in_place && column < columns)
      program.needed = std::max(program.needed, column + 1);
  }
  if (output.form == Form::ndjson && !names.empty()) {
    std::set<std::string_view> seen;
    for (const auto& name : program.output_names) {
      if (seen.insert(name).second) continue;
      throw AppError(ErrorKind::bad_data,
                     "two columns are named '" + name + "', which JSON objects cannot hold",
                     "--rename one of them by its position, or --drop it");
    }
  }
  return program;
}

}  // namespace nodeops::csv
