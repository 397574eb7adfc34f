// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

namespace nodeops::csv {

/// Copies in steps of 16 bytes: may read and write up to 15 bytes beyond the end. Gives the end of
/// the copy.
inline char* copy_overrunning(char* to, std::string_view text) {
  const char* from = text.data();
  char* const end = to + text.size();
  for (char* at = to; at < end; at += 16, from += 16) std::memcpy(at, from, 16);
  return end;
}

/// Copies exactly these bytes, quickly when they are few. Gives the end of the copy.
inline char* copy_exactly(char* to, std::string_view text) {
  const std::size_t size = text.size();
  const char* const from = text.data();
  // Two copies of a fixed size that meet or overlap in the middle.
  if (size >= 16 && size <= 32) {
    std::memcpy(to, from, 16);
    std::memcpy(to + size - 16, from + size - 16, 16);
  } else if (size >= 8 && size < 16) {
    std::memcpy(to, from, 8);
    std::memcpy(to + size - 8, from + size - 8, 8);
  } else if (size != 0) {
    std::memcpy(to, from, size);
  }
  return to + size;
}

}  // namespace nodeops::csv
