// SPDX-License-Identifier: MIT
#include "csv/column_scope.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace nodeops::csv {

std::size_t ColumnScope::read(std::size_t place) {
  const std::size_t column = program_.output[place];
  if (column < program_.columns) program_.needed = std::max(program_.needed, column + 1);
  return column;
}

std::size_t ColumnScope::change(std::size_t place) {
  const std::size_t column = read(place);
  if (column < program_.columns) changing_[column] = true;
  return column;
}

std::size_t ColumnScope::find(const std::string& name_or_position) const {
  return ColumnSet::one(name_or_position).resolve(names(), option_).front();
}

std::optional<std::size_t> ColumnScope::find_name(const std::string& name) const {
  return is_there(name) ? std::optional(find(name)) : std::nullopt;
}

bool ColumnScope::is_there(const std::string& name) const {
  return !name.empty() && std::find(names().begin(), names().end(), name) != names().end();
}

std::size_t ColumnScope::add(const std::string& name) {
  if (is_there(name)) {
    throw AppError(ErrorKind::usage, option_ + ": there is a column '" + name + "' already",
                   "--rename or --drop it first");
  }
  const std::size_t column = program_.width++;
  program_.output.push_back(column);
  program_.output_names.push_back(has_names() ? name : std::string());
  program_.added_names.push_back(name);
  return column;
}

}  // namespace nodeops::csv
