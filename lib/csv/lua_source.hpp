// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace nodeops::csv {

/// A place of an expression that names a column outright: `row.price`, `row["odd name"]`, `row[3]`.
struct LuaAccess {
  std::string name;          ///< empty: by position
  std::size_t position = 0;  ///< from 1
  bool as_number =
      false;  ///< beside an arithmetic or comparison operator: a number if it reads as one

  bool operator==(const LuaAccess&) const = default;
};

/// A Lua expression, or a body with `return`, that has been made a function of the columns that it
/// names: each becomes a parameter, so that a record costs no table and no lookup by name.
///
///     row.price * row.qty   ->   return function(row, _row_1, _row_2) return _row_1 * _row_2
///                                end
///
/// What is beside an arithmetic operator, all of which bind closer than any other operator of two
/// sides but `..`, can only be its operand, so the conversion is decided here. Beside `==` and `~=`
/// it is not when the other side is a variable, a call or a parenthesis:
///
///     row.zip == zip         ->   _row_equal(_row_1, zip)
struct LuaSource {
  std::string text;                 ///< a chunk that returns the function
  std::vector<LuaAccess> accesses;  ///< its parameters behind `row`, in order
  bool uses_row = false;            ///< `row` is used in other ways too: it must be there
};

/// Makes the function. `is_body`: the text has its own `return`. Throws AppError usage when `row`
/// is written to or made a variable of the expression's own.
LuaSource read_lua(const std::string& text, bool is_body);

/// True when `return` is one of the text's words.
bool has_return(const std::string& text);

}  // namespace nodeops::csv
