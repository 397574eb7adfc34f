// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace nodeops::csv {

/// One code point read from UTF-8. `length` is in bytes; 0 says that no valid sequence starts here
/// (overlong forms, surrogates, values above U+10FFFF and cut sequences are not valid).
struct CodePoint {
  char32_t value = 0;
  std::size_t length = 0;
};

/// The code point at `at`, which is before `end`. The well-formed sequences are those of table 3-7
/// of the Unicode standard.
inline CodePoint decode_utf8(const char* at, const char* end) {
  const auto byte = [at](int i) { return static_cast<unsigned char>(at[i]); };
  const auto follows = [&](int i) { return (byte(i) & 0xC0U) == 0x80U; };
  const auto left = end - at;
  const char32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xC2) return {};
  if (lead < 0xE0) {
    if (left < 2 || !follows(1)) return {};
    return {(lead & 0x1FU) << 6 | (byte(1) & 0x3FU), 2};
  }
  if (lead < 0xF0) {
    if (left < 3 || !follows(1) || !follows(2)) return {};
    const char32_t value = (lead & 0x0FU) << 12 | (byte(1) & 0x3FU) << 6 | (byte(2) & 0x3FU);
    if (value < 0x800 || (value >= 0xD800 && value < 0xE000)) return {};
    return {value, 3};
  }
  if (lead > 0xF4 || left < 4 || !follows(1) || !follows(2) || !follows(3)) return {};
  const char32_t value =
      (lead & 0x07U) << 18 | (byte(1) & 0x3FU) << 12 | (byte(2) & 0x3FU) << 6 | (byte(3) & 0x3FU);
  if (value < 0x10000 || value > 0x10FFFF) return {};
  return {value, 4};
}

/// Writes a code point, at most 4 bytes; gives the end of what was written.
inline char* encode_utf8(char32_t value, char* out) {
  const auto put = [&out](char32_t byte) { *out++ = static_cast<char>(byte); };
  if (value < 0x80) {
    put(value);
  } else if (value < 0x800) {
    put(0xC0 | value >> 6);
    put(0x80 | (value & 0x3F));
  } else if (value < 0x10000) {
    put(0xE0 | value >> 12);
    put(0x80 | (value >> 6 & 0x3F));
    put(0x80 | (value & 0x3F));
  } else {
    put(0xF0 | value >> 18);
    put(0x80 | (value >> 12 & 0x3F));
    put(0x80 | (value >> 6 & 0x3F));
    put(0x80 | (value & 0x3F));
  }
  return out;
}

}  // namespace nodeops::csv
