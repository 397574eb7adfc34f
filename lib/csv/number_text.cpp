// SPDX-License-Identifier: MIT
#include "csv/number_text.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace nodeops::csv {
namespace {

constexpr std::size_t longest = 400;  // of what is written here

constexpr std::array<double, 16> powers_of_ten = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                  1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
constexpr double most_exact = 1e15;  // so many digits tell all doubles of as many digits apart

/// The value with as few decimals as are exact, if these are few and the value is not long; null
/// when it is not so. Both sides of the division are exact, so it gives the double that the digits
/// are read as.
char* write_short(char* to, double value) {
  constexpr std::size_t most_decimals = 4;
  for (std::size_t decimals = 1; decimals <= most_decimals; ++decimals) {
    const double power = powers_of_ten[decimals];
    const double digits = std::nearbyint(value * power);
    if (std::fabs(digits) >= most_exact) return nullptr;
    if (digits / power != value) continue;
    if (value < 0) *to++ = '-';
    const auto all = static_cast<std::uint64_t>(std::fabs(digits));
    const auto whole_power = static_cast<std::uint64_t>(power);
    to = std::to_chars(to, to + longest, all / whole_power).ptr;
    *to = '.';
    std::uint64_t rest = all % whole_power;
    for (std::size_t place = decimals; place > 0; --place) {
      to[place] = static_cast<char>('0' + rest % 10);
      rest /= 10;
    }
    return to + decimals + 1;
  }
  return nullptr;
}

/// A short number without an exponent, by whole numbers alone.
std::optional<PlainNumber> read_short(std::string_view text) {
  const bool negative = text.front() == '-';
  std::uint64_t digits = 0;
  std::size_t count = 0;
  std::size_t decimals = 0;
  bool has_point = false;
  for (const char c : text.substr(negative ? 1 : 0)) {
    if (c == '.' && !has_point) {
      has_point = true;
    } else if (c >= '0' && c <= '9') {
      digits = 10 * digits + static_cast<std::uint64_t>(c - '0');
      ++count;
      if (has_point) ++decimals;
    } else {
      return std::nullopt;
    }
  }
  if (count == 0) return std::nullopt;
  const auto whole = static_cast<std::int64_t>(digits);
  if (!has_point) return PlainNumber{.is_whole = true, .whole = negative ? -whole : whole};
  const double value = static_cast<double>(digits) / powers_of_ten[decimals];
  return PlainNumber{.value = negative ? -value : value};
}

}  // namespace

std::string_view number_text(std::int64_t value, Scratch& scratch) {
  char* const start = scratch.reserve(longest);
  const char* const end = std::to_chars(start, start + longest, value).ptr;
  return scratch.keep(static_cast<std::size_t>(end - start));
}

std::string_view number_text(double value, Scratch& scratch) {
  constexpr double most_whole = 9e18;
  constexpr double most_plain = 1e17;
  constexpr double least_plain = 1e-7;
  const double size = std::fabs(value);
  if (size < most_whole && value == std::trunc(value))
    return number_text(static_cast<std::int64_t>(value), scratch);
  char* const start = scratch.reserve(2 * longest);
  char* const end = start + longest;
  const char* to = size < most_exact ? write_short(start, value) : nullptr;
  if (to == nullptr) {
    to = size < most_plain && size > least_plain
             ? std::to_chars(start, end, value, std::chars_format::fixed).ptr
             : std::to_chars(start, end, value).ptr;
  }
  return scratch.keep(static_cast<std::size_t>(to - start));
}

std::optional<PlainNumber> read_number(std::string_view text) {
  constexpr std::size_t most_short = 15;
  if (text.empty()) return std::nullopt;
  const char first = text.front() == '-' && text.size() > 1 ? text[1] : text.front();
  if ((first < '0' || first > '9') && first != '.') return std::nullopt;
  if (text.size() <= most_short) {
    if (const auto number = read_short(text)) return number;
  }
  const char* const end = text.data() + text.size();
  PlainNumber number;
  auto read = std::from_chars(text.data(), end, number.whole);
  number.is_whole = read.ec == std::errc() && read.ptr == end;
  if (number.is_whole) return number;
  read = std::from_chars(text.data(), end, number.value);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return number;
}

}  // namespace nodeops::csv
