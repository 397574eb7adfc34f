// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace nodeops::store {

/// What an address of SQLite begins with; the file's path is behind it.
constexpr std::string_view sqlite_scheme = "sqlite:";

/// True for both ways to write the scheme.
bool is_postgres_address(std::string_view address);

/// What messages show of postgresql://[USER[:PASSWORD]@]HOST[:PORT][,...][/DATABASE][?SETTINGS]:
/// without user, password and settings. Throws AppError usage that begins with `option` and quotes
/// nothing of the address when its parts cannot be told apart: of such a one libpq's own messages
/// show what it takes for a host, a port or a setting, which may be half of a password.
std::string shown_postgres_address(std::string_view address, const std::string& option);

/// Throws AppError usage that begins with `option` for what SQLite does not keep in a file:
/// nothing, ":memory:", a directory, a device.
void check_sqlite_file(std::string_view path, const std::string& option);

/// What messages show of a file of SQLite: without what looks like the user and password of a
/// server.
std::string shown_sqlite_file(std::string_view path);

/// What a message may show of a mistyped address, in which anything may be a password: all of it if
/// it looks like a file's path, else its scheme.
std::string start_of_address(std::string_view address);

}  // namespace nodeops::store
