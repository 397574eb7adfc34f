// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "image/sample_memory.hpp"

namespace nodeops::image {

/// What decoders make and encoders take: rows without padding, gray or gray and alpha beside one
/// another, 8 bits or 16 in native order.
struct GrayImage {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  unsigned bits = 8;
  bool alpha = false;
  SampleMemory samples;

  std::size_t channels() const { return alpha ? 2 : 1; }
  std::size_t pixel_bytes() const { return channels() * (bits / 8); }
  std::size_t row_bytes() const { return width * pixel_bytes(); }
  std::byte* row(std::size_t y) { return samples.data() + y * row_bytes(); }
  const std::byte* row(std::size_t y) const { return samples.data() + y * row_bytes(); }
};

}  // namespace nodeops::image
