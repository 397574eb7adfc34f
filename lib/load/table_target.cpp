// SPDX-License-Identifier: MIT
#include "load/table_target.hpp"

#include <algorithm>
#include <optional>

#include "core/error.hpp"
#include "store/database_address.hpp"

namespace nodeops::load {
namespace {

using store::sqlite_scheme;

[[noreturn]] void refuse(std::string_view output, const std::string& what) {
  throw AppError(ErrorKind::usage, "--output: " + store::start_of_address(output) + ": " + what,
                 "such as sqlite:FILE?table=NAME or postgresql://HOST/DATABASE?table=NAME");
}

std::optional<unsigned> hexadecimal(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
  return std::nullopt;
}

/// With %XX as bytes. Empty: they are no hexadecimal digits, or a NUL, which no name holds.
std::optional<std::string> decoded(std::string_view text) {
  std::string bytes;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      bytes += text[at];
      continue;
    }
    if (at + 2 >= text.size()) return std::nullopt;
    const auto high = hexadecimal(text[at + 1]);
    const auto low = hexadecimal(text[at + 2]);
    if (!high || !low || (*high == 0 && *low == 0)) return std::nullopt;
    bytes += static_cast<char>(*high << 4U | *low);
    at += 2;
  }
  return bytes;
}

/// Takes `table` out of the settings: the address without it, and its value.
std::string take_table(std::string_view output, std::string_view& value) {
  const auto question = output.rfind('?');
  if (question == std::string_view::npos) refuse(output, "the table is missing");
  std::string left(output.substr(0, question));
  char separator = '?';
  bool found = false;
  for (std::string_view rest = output.substr(question + 1); !rest.empty();) {
    const auto part = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    constexpr std::string_view key = "table=";
    if (part.starts_with(key)) {
      if (found) refuse(output, "the table is named twice");
      found = true;
      value = part.substr(key.size());
      continue;
    }
    left += separator;
    left += part;
    separator = '&';
  }
  if (value.empty()) refuse(output, "the table is missing");
  return left;
}

}  // namespace

bool is_table(std::string_view output) {
  return output.starts_with(sqlite_scheme) || store::is_postgres_address(output);
}

TableTarget parse_table_target(std::string_view output) {
  TableTarget target;
  std::string_view value;
  target.address = take_table(output, value);
  if (output.starts_with(sqlite_scheme)) {
    target.address.erase(0, sqlite_scheme.size());
    if (target.address.find('?') != std::string::npos)
      refuse(output, "SQLite knows no setting but the table");
    store::check_sqlite_file(target.address, "--output");
    target.shown = store::shown_sqlite_file(target.address);
  } else {
    target.kind = TableTarget::Kind::postgresql;
    target.shown = store::shown_postgres_address(target.address, "--output");
    const auto dot = value.find('.');
    if (dot != std::string_view::npos) {
      const auto schema = decoded(value.substr(0, dot));
      value.remove_prefix(dot + 1);
      if (!schema || schema->empty() || value.find('.') != std::string_view::npos)
        refuse(output, "the table is not of the form SCHEMA.NAME");
      target.schema = *schema;
    }
  }
  const auto table = decoded(value);
  if (!table || table->empty()) refuse(output, "the table's name is not one");
  target.table = *table;
  constexpr std::size_t longest = 63;
  if (target.kind == TableTarget::Kind::postgresql &&
      std::max(target.table.size(), target.schema.size()) > longest)
    refuse(output, "the table's name is longer than 63 bytes, which PostgreSQL would cut off");
  return target;
}

std::string quoted_name(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

}  // namespace nodeops::load
