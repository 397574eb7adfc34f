// SPDX-License-Identifier: MIT
#include "store/database_address.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <filesystem>

#include "core/error.hpp"
#include "core/parts.hpp"

namespace nodeops::store {
namespace {

bool is_hexadecimal(char c) {
  return std::isxdigit(static_cast<unsigned char>(c)) != 0;
}

/// Every % stands before two hexadecimal digits that are not both zero.
bool is_encoded(std::string_view text) {
  for (auto at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
    const auto digits = text.substr(at + 1, 2);
    if (digits.size() < 2 || digits == "00") return false;
    if (!is_hexadecimal(digits[0]) || !is_hexadecimal(digits[1])) return false;
  }
  return true;
}

/// Whether it holds of every part.
template <class Holds>
bool holds_of_parts(std::string_view text, char separator, Holds holds) {
  bool all = true;
  each_part(text, separator, [&](std::string_view part) { all = all && holds(part); });
  return all;
}

/// Nothing, or a number of 16 bits: what is longer is no port but half of a password.
bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return text.empty() || (error == std::errc{} && end == text.data() + text.size());
}

/// HOST, HOST:PORT, [IPv6] or [IPv6]:PORT; the host may be empty.
bool is_host(std::string_view text) {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return false;
    text.remove_prefix(end + 1);
    if (!text.empty() && text.front() != ':') return false;
  }
  const auto colon = text.find(':');
  return colon == std::string_view::npos || is_port(text.substr(colon + 1));
}

/// NAME=VALUE. An @ may stand in a user's name alone: any other is the one behind a password.
bool is_setting(std::string_view text) {
  return text.find('=') != std::string_view::npos &&
         (text.find('@') == std::string_view::npos || text.starts_with("user="));
}

/// A letter, a digit, or what stands between them in names of schemes and files.
bool is_of_a_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_' ||
         c == '+';
}

}  // namespace

bool is_postgres_address(std::string_view address) {
  return address.starts_with("postgresql://") || address.starts_with("postgres://");
}

std::string shown_postgres_address(std::string_view address, const std::string& option) {
  const std::string_view rest = address.substr(address.find("://") + 3);
  const auto authority = rest.substr(0, rest.find_first_of("/?"));
  const auto behind = rest.substr(authority.size());
  const auto path = behind.substr(0, behind.find('?'));
  const auto settings = behind.substr(std::min(path.size() + 1, behind.size()));
  const auto at = authority.find('@');
  const auto hosts = at == std::string_view::npos ? authority : authority.substr(at + 1);
  const bool plain = is_encoded(rest) && hosts.find('@') == std::string_view::npos &&
                     path.find_first_of("@:") == std::string_view::npos &&
                     holds_of_parts(hosts, ',', is_host) &&
                     (settings.empty() || holds_of_parts(settings, '&', is_setting));
  if (plain) return "postgresql://" + std::string(hosts) + std::string(path);
  throw AppError(ErrorKind::usage, option + ": this is no address of PostgreSQL",
                 "write / ? @ : % in a user, password or database as %2F %3F %40 %3A %25");
}

void check_sqlite_file(std::string_view path, const std::string& option) {
  if (path.empty()) throw AppError(ErrorKind::usage, option + ": the file is missing");
  if (path == ":memory:")
    throw AppError(ErrorKind::usage,
                   option + ": " + std::string(path) + " would be gone at the end", "name a file");
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    throw AppError(ErrorKind::usage,
                   option + ": " + shown_sqlite_file(path) + " is not a regular file");
}

std::string shown_sqlite_file(std::string_view path) {
  const auto colon = path.find(':');
  const auto at = path.rfind('@');
  if (colon == std::string_view::npos || at == std::string_view::npos || at < colon)
    return std::string(path);
  return "..." + std::string(path.substr(at));
}

std::string start_of_address(std::string_view address) {
  const auto is_of_a_path = [](char c) { return is_of_a_name(c) || c == '/'; };
  if (std::all_of(address.begin(), address.end(), is_of_a_path)) return std::string(address);
  const auto* const end = std::find_if_not(address.begin(), address.end(), is_of_a_name);
  const auto word = address.substr(0, static_cast<std::size_t>(end - address.begin()));
  const bool is_scheme = address.substr(word.size()).starts_with("://") ||
                         word.starts_with("postgres") || word.starts_with("sqlite");
  return (is_scheme ? std::string(word) : std::string()) + "...";
}

}  // namespace nodeops::store
