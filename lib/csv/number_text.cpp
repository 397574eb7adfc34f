// SPDX-License-Identifier: MIT
#include "csv/number_text.hpp"

#include <charconv>
#include <cmath>

namespace nodeops::csv {
namespace {

constexpr std::size_t longest = 400;  // of what is written here

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
  char* const start = scratch.reserve(longest);
  char* const end = start + longest;
  const char* const to = size < most_plain && size > least_plain
                             ? std::to_chars(start, end, value, std::chars_format::fixed).ptr
                             : std::to_chars(start, end, value).ptr;
  return scratch.keep(static_cast<std::size_t>(to - start));
}

}  // namespace nodeops::csv
