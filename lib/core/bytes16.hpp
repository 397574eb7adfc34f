// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace nodeops {

/// Sixteen bytes at a time in the vector notation that g++ and clang++ share: they turn it into the
/// processor's own instructions (SSE2, NEON) or into plain ones where there are none, so that one
/// source serves every processor. Comparisons give 0xFF where they hold.
using Bytes16 [[gnu::vector_size(16)]] = std::uint8_t;
using Words16 [[gnu::vector_size(16)]] = std::uint64_t;

inline Bytes16 load16(const char* from) {
  Bytes16 bytes;
  std::memcpy(&bytes, from, 16);
  return bytes;
}

inline void store16(char* to, Bytes16 bytes) {
  std::memcpy(to, &bytes, 16);
}

/// The first `size` (1 to 15) bytes at `from`, zeros behind them; nothing beyond them is read.
inline Bytes16 load_fewer(const char* from, std::size_t size) {
  const auto read64 = [from](std::size_t at) {
    std::uint64_t word;
    std::memcpy(&word, from + at, 8);
    return word;
  };
  const auto read32 = [from](std::size_t at) {
    std::uint32_t word;
    std::memcpy(&word, from + at, 4);
    return std::uint64_t{word};
  };
  if constexpr (std::endian::native != std::endian::little) {
    Bytes16 bytes = {};
    std::memcpy(&bytes, from, size);
    return bytes;
  }
  // Two reads that overlap in the middle cost no loop and no branch per byte.
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  if (size > 8) {
    low = read64(0);
    high = read64(size - 8) >> (8 * (16 - size));
  } else if (size >= 4) {
    low = read32(0) | read32(size - 4) << (8 * (size - 4));
  } else {
    const auto byte = [from](std::size_t at) {
      return std::uint64_t{static_cast<unsigned char>(from[at])};
    };
    low = byte(0) | byte(size / 2) << (8 * (size / 2)) | byte(size - 1) << (8 * (size - 1));
  }
  return std::bit_cast<Bytes16>(Words16{low, high});
}

inline Bytes16 every(unsigned value) {
  return Bytes16{} + static_cast<std::uint8_t>(value);
}

/// 0xFF where a byte is `first` or one of the `count - 1` values behind it.
inline Bytes16 within(Bytes16 bytes, unsigned first, unsigned count) {
  return std::bit_cast<Bytes16>((bytes - every(first)) < every(count));
}

inline Bytes16 equal(Bytes16 bytes, unsigned value) {
  return std::bit_cast<Bytes16>(bytes == every(value));
}

/// Each byte's left neighbour; the first one's is the last of `before`. Written as two shifts,
/// because a shuffle of two vectors is dear where the processor has no instruction for it.
inline Bytes16 previous(Bytes16 before, Bytes16 bytes) {
  const Bytes16 none = {};
  return __builtin_shufflevector(none, bytes, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
                                 28, 29, 30) |
         __builtin_shufflevector(before, none, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
                                 28, 29, 30);
}

/// The neighbour two to the left.
inline Bytes16 second_previous(Bytes16 before, Bytes16 bytes) {
  const Bytes16 none = {};
  return __builtin_shufflevector(none, bytes, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
                                 27, 28, 29) |
         __builtin_shufflevector(before, none, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
                                 27, 28, 29);
}

/// True when a byte is not zero.
inline bool any(Bytes16 bytes) {
  const auto words = std::bit_cast<Words16>(bytes);
  return (words[0] | words[1]) != 0;
}

/// How many bytes, from the first, are zero, if all others are 0xFF: for how many a comparison does
/// not hold.
inline std::size_t zeros_in_front(Bytes16 bytes) {
#ifdef __SSE2__
  const auto bits = static_cast<unsigned>(_mm_movemask_epi8(std::bit_cast<__m128i>(bytes)));
  return static_cast<std::size_t>(std::countr_zero(bits | 0x10000U));
#else
  std::size_t count = 0;
  while (count < sizeof bytes && bytes[count] == 0) ++count;
  return count;
#endif
}

/// True when a byte's highest bit is set.
inline bool any_high(Bytes16 bytes) {
  const auto words = std::bit_cast<Words16>(bytes);
  return ((words[0] | words[1]) & 0x8080808080808080U) != 0;
}

}  // namespace nodeops
