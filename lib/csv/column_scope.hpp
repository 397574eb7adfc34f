// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "csv/columns.hpp"
#include "csv/program.hpp"

namespace nodeops::csv {

/// The table's columns as one step finds them, behind the steps before it. A transform of whole
/// records asks here for what it reads and changes; what it did not ask for it may not touch.
class ColumnScope {
 public:
  /// `option`, such as "--set", is for messages.
  ColumnScope(Program& program, std::vector<bool>& changing, std::string option)
      : program_(program), changing_(changing), option_(std::move(option)) {}

  /// The columns' names, in order; all empty when there is no header.
  const std::vector<std::string>& names() const { return program_.output_names; }
  bool has_names() const { return !program_.names.empty(); }
  const std::string& option() const { return option_; }

  /// The number of the column at this place among names(), which will be read, or changed.
  std::size_t read(std::size_t place);
  std::size_t change(std::size_t place);

  /// The one column that is meant. Throws AppError usage when there is none.
  std::size_t find(const std::string& name_or_position) const;

  /// The column of exactly this name. Throws AppError usage when several have it.
  std::optional<std::size_t> find_name(const std::string& name) const;

  /// True when some column has this name.
  bool is_there(const std::string& name) const;

  /// Adds a column behind the others; gives its number. Throws AppError usage when one has this
  /// name already.
  std::size_t add(const std::string& name);

 private:
  Program& program_;
  std::vector<bool>& changing_;  ///< by column of the input
  std::string option_;
};

}  // namespace nodeops::csv
