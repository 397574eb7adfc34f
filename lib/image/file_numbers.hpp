// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace nodeops::image {

/// The byte at a place of a file; 0 behind its end.
inline unsigned byte_or_zero(std::string_view bytes, std::uint64_t at) {
  return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
}

/// The number of `size` bytes, at most four, the most significant first; bytes behind the end are
/// zeros.
inline std::uint32_t big_endian(std::string_view bytes, std::uint64_t at, unsigned size) {
  std::uint32_t number = 0;
  for (unsigned i = 0; i < size; ++i) number = number << 8 | byte_or_zero(bytes, at + i);
  return number;
}

/// The same, the least significant first.
inline std::uint32_t little_endian(std::string_view bytes, std::uint64_t at, unsigned size) {
  std::uint32_t number = 0;
  for (unsigned i = size; i-- > 0;) number = number << 8 | byte_or_zero(bytes, at + i);
  return number;
}

}  // namespace nodeops::image
