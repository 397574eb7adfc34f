// SPDX-License-Identifier: MIT
#include "store/database_address.hpp"

#include <algorithm>
#include <cctype>

#include "core/error.hpp"

namespace nodeops::store {
namespace {

bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

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

/// Calls `holds` with each part until one does not.
template <class Holds>
bool each_part(std::string_view text, char separator, Holds holds) {
  while (true) {
    const auto end = text.find(separator);
    if (!holds(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

/// HOST, HOST:PORT, [IPv6] or [IPv6]:PORT; the host may be empty.
bool is_host(std::string_view text) {
  const auto end = text.starts_with('[') ? text.find(']') : std::string_view(text).find(':');
  if (text.starts_with('[')) {
    if (end == std::string_view::npos) return false;
    text.remove_prefix(end + 1);
    if (!text.empty() && text.front() != ':') return false;
  } else {
    text.remove_prefix(std::min(end, text.size()));
  }
  return text.empty() || std::all_of(text.begin() + 1, text.end(), is_digit);
}

bool is_setting(std::string_view text) {
  const auto end = text.find('=');
  return end != std::string_view::npos && text.substr(0, end).find('@') == std::string_view::npos;
}

}  // namespace

std::string shown_postgres_address(std::string_view address, const std::string& option) {
  const std::string_view rest = address.substr(address.find("://") + 3);
  const auto authority = rest.substr(0, rest.find_first_of("/?"));
  const auto behind = rest.substr(authority.size());
  const auto path = behind.substr(0, behind.find('?'));
  const auto settings = behind.substr(std::min(path.size() + 1, behind.size()));
  const auto at = authority.find('@');
  const auto hosts = at == std::string_view::npos ? authority : authority.substr(at + 1);
  const bool plain = is_encoded(rest) && hosts.find('@') == std::string_view::npos &&
                     path.find('@') == std::string_view::npos && each_part(hosts, ',', is_host) &&
                     (settings.empty() || each_part(settings, '&', is_setting));
  if (plain) return "postgresql://" + std::string(hosts) + std::string(path);
  throw AppError(ErrorKind::usage, option + ": this is no address of PostgreSQL",
                 "postgresql://USER:PASSWORD@HOST:PORT/DATABASE, in which a user or password has / "
                 "? @ : % as %2F %3F %40 %3A %25");
}

void check_sqlite_file(std::string_view path, const std::string& option) {
  if (path.empty()) throw AppError(ErrorKind::usage, option + ": the file is missing");
  if (path == ":memory:")
    throw AppError(ErrorKind::usage,
                   option + ": " + std::string(path) + " would be gone at the end", "name a file");
}

std::string start_of_address(std::string_view address) {
  const auto end = address.find_first_of(":/@?");
  if (end == std::string_view::npos) return std::string(address);
  return (address[end] == '@' ? std::string() : std::string(address.substr(0, end))) + "...";
}

}  // namespace nodeops::store
