// SPDX-License-Identifier: MIT
#include "csv/field.hpp"

#include <cstring>

namespace nodeops::csv {

std::string_view field_value(std::string_view raw, const Dialect& dialect, Scratch& scratch) {
  if (!is_quoted(raw, dialect)) return raw;
  const std::string_view rest = raw.substr(1);
  const auto first = rest.find(dialect.quote);
  if (first == std::string_view::npos) return rest;  // never closed: all of the rest
  if (first + 1 == rest.size()) return rest.substr(0, first);
  char* const start = scratch.reserve(rest.size());
  char* to = start;
  bool inside = true;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const char c = rest[i];
    if (!inside || c != dialect.quote) {
      *to++ = c;
    } else if (i + 1 < rest.size() && rest[i + 1] == dialect.quote) {
      *to++ = c;
      ++i;
    } else {
      inside = false;  // what follows a closing quote is taken as it is
    }
  }
  return scratch.keep(static_cast<std::size_t>(to - start));
}

bool must_quote(std::string_view value, const Dialect& dialect) {
  if (value.empty()) return false;
  if (dialect.quoting && value.front() == dialect.quote) return true;
  for (const char c : value) {
    if (c == dialect.delimiter || c == '\n' || c == '\r') return true;
  }
  return false;
}

std::string_view quoted(std::string_view value, char quote, Scratch& scratch) {
  char* const start = scratch.reserve(2 * value.size() + 2);
  char* to = start;
  *to++ = quote;
  for (const char c : value) {
    *to = c;
    to += 1;
    if (c == quote) *to++ = quote;
  }
  *to++ = quote;
  return scratch.keep(static_cast<std::size_t>(to - start));
}

std::string_view field_bytes(std::string_view value, bool was_quoted, const Dialect& dialect,
                             Scratch& scratch) {
  if (!was_quoted && !must_quote(value, dialect))
    return value.data() == nullptr ? std::string_view("") : value;
  if (!dialect.quoting) return {};
  return quoted(value, dialect.quote, scratch);
}

}  // namespace nodeops::csv
