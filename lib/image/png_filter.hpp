// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace nodeops::image {

/// A row of a PNG as the filters see it. `bytes - pixel_bytes` is readable, in `above` too, and
/// zero there: what stands left of the image.
struct FilterRow {
  const std::uint8_t* bytes;
  const std::uint8_t* above;
  std::size_t size;
  std::size_t pixel_bytes;
};

/// none, sub, up, average, Paeth: the numbers that PNG gives them.
inline constexpr std::size_t filter_count = 5;

/// One way to filter. All kernels give the same.
struct FilterKernel {
  const char* name;
  /// Of each filter, the sum of what it leaves, as distances from zero: the smallest packs best as
  /// a rule.
  std::array<std::uint64_t, filter_count> (*costs)(const FilterRow& row);
  /// What a filter leaves of the row, into `out`.
  void (*apply)(std::size_t filter, const FilterRow& row, std::uint8_t* out);
};

/// Every kernel this processor can run, fastest first. The last one is portable C++.
std::vector<FilterKernel> filter_kernels();

}  // namespace nodeops::image
