// SPDX-License-Identifier: MIT
#include "dashboard/screen_text.hpp"

#include "observe/printable.hpp"
#include "observe/screen_width.hpp"
#include "observe/utf8.hpp"

namespace nodeops::dashboard {
namespace {

constexpr std::string_view green = "\x1b[32m";
constexpr std::string_view yellow = "\x1b[33m";
constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view plain = "\x1b[0m";

std::string painted(std::string_view text, std::string_view paint) {
  return std::string(paint) + std::string(text) + std::string(plain);
}

}  // namespace

std::string in_column(std::string_view text, std::size_t width) {
  // A long text is cut before it is made printable: what is not shown need not be.
  constexpr std::size_t bytes_of_a_code_point = 4;
  const bool cut = text.size() > width * bytes_of_a_code_point;
  const std::string safe = printable(text.substr(0, width * bytes_of_a_code_point));
  std::size_t columns = 0;
  std::size_t end = 0;
  std::size_t short_columns = 0;  // what leaves room for the ellipsis
  std::size_t end_of_short = 0;
  while (end < safe.size()) {
    const auto next = utf8::decode(std::string_view(safe).substr(end));
    const std::size_t wanted = columns + columns_of(next.value);
    if (wanted > width) break;
    columns = wanted;
    end += next.size;
    if (columns >= width) continue;
    short_columns = columns;
    end_of_short = end;
  }
  if (end == safe.size() && !cut) return safe + std::string(width - columns, ' ');
  return safe.substr(0, end_of_short) + "…" + std::string(width - 1 - short_columns, ' ');
}

std::string colored(std::string_view text, SourceStatus status, bool color) {
  if (!color) return std::string(text);
  switch (status) {
    case SourceStatus::ok:
      return painted(text, green);
    case SourceStatus::timeout:
    case SourceStatus::open:
    case SourceStatus::cancelled:
    case SourceStatus::pending:
      return painted(text, yellow);
    case SourceStatus::error:
      break;
  }
  return painted(text, red);
}

std::string colored(std::string_view text, DashboardStatus status, bool color) {
  if (!color) return std::string(text);
  switch (status) {
    case DashboardStatus::complete:
      return painted(text, green);
    case DashboardStatus::partial:
      return painted(text, yellow);
    case DashboardStatus::failed:
      break;
  }
  return painted(text, red);
}

}  // namespace nodeops::dashboard
