// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace nodeops::csv {

/// What a column of a database's table holds.
enum class ColumnType { text, integer, real, numeric, boolean, date, timestamp, timestamptz };

/// The type that the user calls so: "integer", "bigint", "double", "bool" ... Empty: none.
std::optional<ColumnType> column_type_named(std::string_view name);

/// "integer".
std::string_view name_of(ColumnType type);

/// What is wrong with a value of a column of this type, for people; null when nothing is.
const char* misfit(ColumnType type, std::string_view value);

/// True for a boolean that says yes. Only for values that fit.
bool means_true(std::string_view boolean);

/// How many digits a number has from its first that is not zero to its last that is not one of the
/// zeros behind a point.
std::size_t significant_digits(std::string_view number);

/// Finds the narrowest type that all values of a column fit, so that none would mean another thing:
/// numbers with a zero or a plus in front and negative zeros are texts, and so are yes and no. Only
/// the way of writing may change: 1.50 to 1.5, 1e5 to 100000.0, true to 1.
class TypeGuess {
 public:
  void see(std::string_view value);

  /// Text when nothing was seen.
  ColumnType type() const;

 private:
  static constexpr std::size_t candidates = 7;
  std::array<bool, candidates> out_{};  ///< by their order in column_type.cpp
  bool seen_ = false;
};

}  // namespace nodeops::csv
