// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>

#include "image/png_filter.hpp"

namespace nodeops::image {

/// The byte of those to the left, above and between that is nearest to left + above - between.
inline int paeth(int left, int above, int between) {
  const int to_left = std::abs(above - between);
  const int to_above = std::abs(left - between);
  const int to_between = std::abs(left + above - 2 * between);
  if (to_left <= to_above && to_left <= to_between) return left;
  return to_above <= to_between ? above : between;
}

/// What a filter leaves of one byte.
template <std::size_t filter>
std::uint8_t filtered_byte(const FilterRow& row, std::size_t i) {
  const std::uint8_t* here = row.bytes + i;
  const std::uint8_t* above = row.above + i;
  const int left = *(here - row.pixel_bytes);
  int guess = 0;
  if constexpr (filter == 1) guess = left;
  if constexpr (filter == 2) guess = *above;
  if constexpr (filter == 3) guess = (left + *above) / 2;
  if constexpr (filter == 4) guess = paeth(left, *above, *(above - row.pixel_bytes));
  return static_cast<std::uint8_t>(*here - guess);
}

/// A byte's distance from zero, going round.
inline unsigned distance(std::uint8_t byte) {
  return byte < 128 ? byte : 256U - byte;
}

/// Calls `work.operator()<filter>()` for the filter of that number.
template <class Work>
void with_filter(std::size_t filter, Work work) {
  switch (filter) {
    case 0:
      return work.template operator()<0>();
    case 1:
      return work.template operator()<1>();
    case 2:
      return work.template operator()<2>();
    case 3:
      return work.template operator()<3>();
    default:
      return work.template operator()<4>();
  }
}

}  // namespace nodeops::image
