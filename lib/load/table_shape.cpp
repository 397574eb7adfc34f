// SPDX-License-Identifier: MIT
#include "load/table_shape.hpp"

#include <algorithm>
#include <map>

#include "core/error.hpp"
#include "core/nearest.hpp"

namespace nodeops::load {
namespace {

using csv::ColumnType;

/// PostgreSQL cuts off the rest without an error.
constexpr std::size_t longest_postgres_name = 63;

/// A name as the database compares it: SQLite takes no account of ASCII's case.
std::string compared(std::string_view name, TableTarget::Kind kind) {
  std::string key(name);
  if (kind == TableTarget::Kind::sqlite) {
    for (char& c : key)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return key;
}

void check_names(const TableShape& shape, TableTarget::Kind kind) {
  std::map<std::string, std::size_t> seen;
  for (std::size_t i = 0; i < shape.names.size(); ++i) {
    const std::string& name = shape.names[i];
    const std::string place = "column " + std::to_string(i + 1);
    if (name.find('\0') != std::string::npos)
      throw AppError(ErrorKind::bad_data, place + ": its name holds a NUL byte",
                     "give it another name with --rename");
    if (kind == TableTarget::Kind::postgresql && name.size() > longest_postgres_name)
      throw AppError(ErrorKind::bad_data,
                     place + ": its name is longer than 63 bytes, which PostgreSQL would cut off",
                     "give it another name with --rename");
    const auto [other, added] = seen.emplace(compared(name, kind), i);
    if (added) continue;
    throw AppError(ErrorKind::bad_data,
                   "columns " + std::to_string(other->second + 1) + " and " +
                       std::to_string(i + 1) + " are both named '" + name + "'",
                   "--rename one of them by its position, or --drop it");
  }
}

std::string_view sql_type(ColumnType type, TableTarget::Kind kind) {
  const bool sqlite = kind == TableTarget::Kind::sqlite;
  switch (type) {
    case ColumnType::text:
      return "TEXT";
    case ColumnType::integer:
      return sqlite ? "INTEGER" : "BIGINT";
    case ColumnType::real:
      return sqlite ? "REAL" : "DOUBLE PRECISION";
    case ColumnType::numeric:
      return "NUMERIC";
    case ColumnType::boolean:
      return "BOOLEAN";
    case ColumnType::date:
      return "DATE";
    case ColumnType::timestamp:
      return "TIMESTAMP";
    case ColumnType::timestamptz:
      return sqlite ? "TIMESTAMP" : "TIMESTAMP WITH TIME ZONE";
  }
  return "TEXT";
}

template <class NameOf>
std::string joined(std::size_t count, NameOf name_of) {
  std::string list;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) list += ',';
    list += name_of(i);
  }
  return list;
}

}  // namespace

TableShape shape_of(const csv::RunPlan& plan, TableTarget::Kind kind, const csv::ColumnSet* keys) {
  TableShape shape{.names = plan.program.output_names, .types = plan.rows.types};
  if (keys != nullptr) shape.keys = keys->resolve(shape.names, "--key");
  for (std::size_t i = 0; i < shape.names.size(); ++i)
    if (shape.names[i].empty()) shape.names[i] = "column" + std::to_string(i + 1);
  check_names(shape, kind);
  return shape;
}

std::string name_list(const TableShape& shape) {
  return joined(shape.names.size(), [&](std::size_t i) { return quoted_name(shape.names[i]); });
}

std::string key_list(const TableShape& shape) {
  return joined(shape.keys.size(),
                [&](std::size_t i) { return quoted_name(shape.names[shape.keys[i]]); });
}

std::string value_list(const TableShape& shape, std::string_view value) {
  return joined(shape.names.size(), [&](std::size_t) { return std::string(value); });
}

std::string definitions(const TableShape& shape, TableTarget::Kind kind) {
  auto all = joined(shape.names.size(), [&](std::size_t i) {
    return quoted_name(shape.names[i]) + ' ' + std::string(sql_type(shape.types[i], kind));
  });
  if (!shape.keys.empty()) all += ",UNIQUE(" + key_list(shape) + ")";
  return all;
}

std::string on_conflict(const TableShape& shape) {
  std::string sets;
  for (std::size_t i = 0; i < shape.names.size(); ++i) {
    if (std::find(shape.keys.begin(), shape.keys.end(), i) != shape.keys.end()) continue;
    const std::string name = quoted_name(shape.names[i]);
    if (!sets.empty()) sets += ',';
    sets.append(name).append("=excluded.").append(name);
  }
  const std::string clause = " ON CONFLICT(" + key_list(shape) + ") DO ";
  return clause + (sets.empty() ? "NOTHING" : "UPDATE SET " + sets);
}

void check_columns(const TableShape& shape, std::span<const std::string> of_table,
                   TableTarget::Kind kind, const std::string& table) {
  for (const std::string& name : shape.names) {
    const bool known = std::any_of(of_table.begin(), of_table.end(), [&](const std::string& other) {
      return compared(other, kind) == compared(name, kind);
    });
    if (known) continue;
    const auto near = nearest(name, of_table);
    std::string advice = "leave it out with --drop, or see --rename";
    if (near) advice = std::string("did you mean '").append(*near).append("'? see --rename");
    throw AppError(ErrorKind::usage,
                   std::string("the table '").append(table) + "' has no column '" + name + "'",
                   advice);
  }
}

}  // namespace nodeops::load
