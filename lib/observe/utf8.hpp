// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace nodeops::utf8 {

/// One code point, or one byte that belongs to none (size 1, valid false).
struct CodePoint {
  char32_t value = 0;
  std::size_t size = 1;  ///< bytes
  bool valid = false;
};

/// Reads what stands at the start of a text that is not empty, as strictly as RFC 3629: no overlong
/// forms, no surrogates, nothing above U+10FFFF.
inline CodePoint decode(std::string_view text) {
  const auto byte = [&](std::size_t place) { return static_cast<unsigned char>(text[place]); };
  const unsigned first = byte(0);
  if (first < 0x80) return {first, 1, true};
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < size) return {first, 1, false};
  char32_t value = first & (0x7FU >> size);
  for (std::size_t place = 1; place < size; ++place) {
    if ((byte(place) & 0xC0U) != 0x80) return {first, 1, false};
    value = value << 6 | (byte(place) & 0x3FU);
  }
  const bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (overlong || surrogate || value > 0x10FFFF) return {first, 1, false};
  return {value, size, true};
}

/// True when every byte belongs to a code point; an empty text is valid.
inline bool is_valid(std::string_view text) {
  while (!text.empty()) {
    const auto next = decode(text);
    if (!next.valid) return false;
    text.remove_prefix(next.size);
  }
  return true;
}

}  // namespace nodeops::utf8
