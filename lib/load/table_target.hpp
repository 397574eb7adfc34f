// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace nodeops::load {

/// A table as --output names it:
///
///     sqlite:FILE?table=NAME
///     postgresql://[USER[:PASSWORD]@]HOST[:PORT]/DATABASE?[SETTING=VALUE&...]table=[SCHEMA.]NAME
///
/// In NAME and SCHEMA %XX stands for a byte; a dot that belongs to a name is %2E.
struct TableTarget {
  enum class Kind { sqlite, postgresql };
  Kind kind = Kind::sqlite;
  std::string address;  ///< the file, or the address without `table`: it may hold a password
  std::string schema;   ///< empty: where the server looks first
  std::string table;
  std::string shown;  ///< for people, without user, password and settings
};

/// True when an output is a database's table, not a file.
bool is_table(std::string_view output);

/// Throws AppError usage.
TableTarget parse_table_target(std::string_view output);

/// A name as SQL takes it, whatever it holds: "odd ""name""".
std::string quoted_name(std::string_view name);

}  // namespace nodeops::load
