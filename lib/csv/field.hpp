// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "csv/dialect.hpp"
#include "csv/scratch.hpp"

namespace nodeops::csv {

/// True when the raw bytes of a field are a quoted one.
inline bool is_quoted(std::string_view raw, const Dialect& dialect) {
  return dialect.quoting && !raw.empty() && raw.front() == dialect.quote;
}

/// The value of a field: without its quotes, doubled quotes undone, what follows a closing quote
/// appended. Points into `raw`, or into the scratch where bytes had to be left out.
std::string_view field_value(std::string_view raw, const Dialect& dialect, Scratch& scratch);

/// True when `value` cannot stand as an unquoted field: it holds the delimiter, a line end or a
/// leading quote, or it would be read as something else.
bool must_quote(std::string_view value, const Dialect& dialect);

/// `value` in quotes, those inside doubled; made in the scratch.
std::string_view quoted(std::string_view value, char quote, Scratch& scratch);

/// The bytes of a field with this value: in quotes when it must be or `was_quoted`. With quoting
/// off a value that would need quotes cannot be written: the result is then null (data() ==
/// nullptr).
std::string_view field_bytes(std::string_view value, bool was_quoted, const Dialect& dialect,
                             Scratch& scratch);

}  // namespace nodeops::csv
