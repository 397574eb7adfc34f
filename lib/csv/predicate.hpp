// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace nodeops::csv {

/// A condition on one column's value: what --where asks.
class Predicate {
 public:
  enum class Operator {
    equal,
    not_equal,
    less,
    less_or_equal,
    greater,
    greater_or_equal,
    matches,
    contains,
    starts_with
  };

  /// Throws AppError usage when `right` of `matches` is not a regular expression.
  Predicate(std::string column, Operator comparison, std::string right);

  /// The column's name or position, without quotes.
  const std::string& column() const { return column_; }

  /// Compares as numbers when both sides are numbers (see parse_decimal), else as bytes.
  bool holds(std::string_view value) const {
    // The most frequent question needs no more than a look at length and bytes.
    if (plain_) return (value == right_) == (operator_ == Operator::equal);
    return holds_by_kind(value);
  }

 private:
  struct Right;

  bool holds_by_kind(std::string_view value) const;

  std::string column_;
  std::string right_;
  Operator operator_;
  bool plain_ = false;  // == or != with what is not a number
  std::shared_ptr<const Right> prepared_;
};

/// Reads `COL OP VALUE`, such as `amount>5`, `country == Germany`, `"unit price" >= 10`,
/// `name contains "x y"`, `notes == ""`. OP is one of == != < <= > >= ~ contains startswith; spaces
/// around the signs are optional. A column name that holds one of these signs or words stands in
/// double quotes; so does a value that is empty or has spaces at its ends. `""` within quotes is a
/// quote. Quoted or not, what reads as a number is one.
/// Throws AppError usage that says what is missing or allowed.
Predicate parse_predicate(std::string_view text);

}  // namespace nodeops::csv
