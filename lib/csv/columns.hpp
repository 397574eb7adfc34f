// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nodeops::csv {

/// Columns as the user names them, before the table is known.
///
///     name      an exact name; else a position from 1, if it is a number
///     a-d 2-4   from one to the other, both included, by name or position
///     5- -3     from the fifth to the last; from the first to the third
///     addr*     names that fit: * stands for any characters, ? for one byte
///     a\,b      a name with a comma; a backslash makes any character a plain one
///
/// Items are separated by commas; spaces belong to names. An item that is a column's exact name
/// means that column, whatever else it might mean (`2`, `first-name`, `a*`).
class ColumnSet {
 public:
  ColumnSet() = default;

  /// One column, by its exact name or, failing that, its position: no ranges, globs or escapes.
  static ColumnSet one(std::string name);

  /// The columns' indices, from 0, in the order given; a column named twice appears once, where it
  /// was named first. `names` has one entry for each column; they are all empty when there is no
  /// header, and only positions and their ranges exist. `option`, such as "--upper", is for
  /// messages. Throws AppError usage: no such column (with the nearest name), a name that several
  /// columns have (with their positions), a position out of range, a range backwards, a glob that
  /// fits none.
  std::vector<std::size_t> resolve(const std::vector<std::string>& names,
                                   std::string_view option) const;

 private:
  friend ColumnSet parse_columns(std::string_view text);

  struct Item {
    std::string written;  ///< for messages, and the exact name
    std::string pattern;  ///< as written, escapes still in it; of one(): empty, nothing but a name
                          ///< or a position will do
  };

  std::vector<Item> items_;
};

/// Reads COLS. Throws AppError usage when it is empty or has an empty item.
ColumnSet parse_columns(std::string_view text);

}  // namespace nodeops::csv
