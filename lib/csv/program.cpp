// SPDX-License-Identifier: MIT
#include "csv/program.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "core/error.hpp"

namespace nodeops::csv {
namespace {

/// Follows what the requests do to the list of columns.
class Compiler {
 public:
  Compiler(Program& program, bool has_names) : program_(program), has_names_(has_names) {
    program_.output.resize(program_.columns);
    std::iota(program_.output.begin(), program_.output.end(), std::size_t{0});
    program_.output_names = has_names ? program_.names : std::vector<std::string>(program_.columns);
  }

  void add(const StepRequest& request) {
    const auto chosen = request.columns.resolve(program_.output_names, request.option);
    switch (request.kind) {
      case StepRequest::Kind::cell:
        for (const auto column : chosen) {
          program_.steps.push_back({.kind = Step::Kind::cell,
                                    .column = program_.output[column],
                                    .cell = request.cell.get(),
                                    .letters_only = request.cell->only_changes_letters()});
        }
        break;
      case StepRequest::Kind::where:
        program_.filters = true;
        program_.steps.push_back({.kind = Step::Kind::where,
                                  .column = program_.output[chosen.front()],
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
    }
  }

 private:
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
    if (!has_names_)
      throw AppError(ErrorKind::usage, request.option + ": there are no names without a header");
    if (chosen.size() != 1)
      throw AppError(ErrorKind::usage, request.option + ": renames one column at a time");
    program_.output_names[chosen.front()] = request.new_name;
  }

  Program& program_;
  bool has_names_;
};

bool keeps_places(const Program& program) {
  if (program.output.size() != program.columns) return false;
  for (std::size_t i = 0; i < program.columns; ++i) {
    if (program.output[i] != i) return false;
  }
  return true;
}

/// The leading fields that steps or output look at.
std::size_t needed_fields(const Program& program) {
  std::size_t needed = 0;
  for (const Step& step : program.steps) needed = std::max(needed, step.column + 1);
  if (program.in_place) return needed;
  for (const std::size_t column : program.output) needed = std::max(needed, column + 1);
  return needed;
}

}  // namespace

std::string Program::column_name(std::size_t column) const {
  return column < names.size() && !names[column].empty() ? names[column]
                                                         : std::to_string(column + 1);
}

Program compile(const std::vector<StepRequest>& requests, std::size_t columns,
                const std::vector<std::string>& names, const Dialect& dialect,
                const OutputForm& output) {
  Program program;
  program.columns = columns;
  program.names = names;
  Compiler compiler(program, !names.empty());
  for (const StepRequest& request : requests) compiler.add(request);

  std::set<std::size_t> changing;
  for (const Step& step : program.steps) {
    if (step.kind == Step::Kind::cell) changing.insert(step.column);
  }
  program.changing.assign(changing.begin(), changing.end());
  program.in_place =
      output.form == Form::csv && output.delimiter == dialect.delimiter && keeps_places(program);
  program.renames = !names.empty() && program.output_names != names;
  program.needed = needed_fields(program);
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
