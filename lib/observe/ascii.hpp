// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace nodeops::ascii {

// Character classes that do not ask the locale; bytes above 127 belong to none of them.

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
constexpr bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_letter(char c) {
  return is_lower(c) || is_upper(c);
}
constexpr bool is_alnum(char c) {
  return is_letter(c) || is_digit(c);
}
constexpr bool is_word(char c) {
  return is_alnum(c) || c == '_';
}
constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
constexpr bool is_space(char c) {
  return is_blank(c) || (c >= '\n' && c <= '\r');
}
constexpr bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr char to_lower(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

/// The character at a place, NUL outside of the text.
constexpr char at(std::string_view text, std::size_t place) {
  return place < text.size() ? text[place] : '\0';
}
/// The character before a place, NUL at the start.
constexpr char before(std::string_view text, std::size_t place) {
  return place == 0 ? '\0' : text[place - 1];
}

/// True when `word`, which is in lower case, stands at the place, in any case.
inline bool stands_at(std::string_view text, std::size_t place, std::string_view word) {
  if (place > text.size() || text.size() - place < word.size()) return false;
  return std::equal(word.begin(), word.end(), text.begin() + static_cast<std::ptrdiff_t>(place),
                    [](char a, char b) { return a == to_lower(b); });
}

/// The first place from `from` on whose character is not of the class.
template <class Class>
constexpr std::size_t skip(std::string_view text, std::size_t from, Class is_one) {
  while (from < text.size() && is_one(text[from])) ++from;
  return from;
}

}  // namespace nodeops::ascii
