// SPDX-License-Identifier: MIT
#include "dashboard/screen_text.hpp"

#include "observe/printable.hpp"

namespace nodeops::dashboard {
namespace {

constexpr std::string_view green = "\x1b[32m";
constexpr std::string_view yellow = "\x1b[33m";
constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view plain = "\x1b[0m";

bool starts_code_point(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

std::string painted(std::string_view text, std::string_view paint) {
  return std::string(paint) + std::string(text) + std::string(plain);
}

}  // namespace

std::string in_column(std::string_view text, std::size_t width) {
  // A long text is cut before it is made printable: what is not shown need not be.
  constexpr std::size_t bytes_of_a_code_point = 4;
  const bool cut = text.size() > width * bytes_of_a_code_point;
  const std::string safe = printable(text.substr(0, width * bytes_of_a_code_point));
  std::size_t count = 0;
  std::size_t end = 0;
  std::size_t end_of_short = 0;  ///< where the text ends that leaves room for the ellipsis
  for (; end < safe.size(); ++end) {
    if (!starts_code_point(safe[end])) continue;
    if (count == width) break;
    if (count + 1 == width) end_of_short = end;
    ++count;
  }
  if (end < safe.size() || cut) return safe.substr(0, end_of_short) + "…";
  return safe + std::string(width - count, ' ');
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
