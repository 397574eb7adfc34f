// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "image/metadata.hpp"

namespace nodeops::image {

/// An image in memory: rows without gaps from the top, 16-bit samples in this machine's byte order.
struct Pixels {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  unsigned channels = 1;  ///< 1 gray, 2 gray and alpha, 3 RGB, 4 RGB and alpha (not premultiplied)
  unsigned bits = 8;      ///< of a sample: 8 or 16
  std::vector<std::byte> bytes = {};

  std::size_t pixel_bytes() const { return std::size_t{channels} * (bits / 8); }
  std::size_t row_bytes() const { return width * pixel_bytes(); }
  const std::byte* row(std::uint32_t y) const { return bytes.data() + y * row_bytes(); }
  std::byte* row(std::uint32_t y) { return bytes.data() + y * row_bytes(); }
  bool has_alpha() const { return channels == 2 || channels == 4; }

  /// Takes the memory for width x height.
  void allocate() { bytes.resize(row_bytes() * height); }
};

/// What a decoder makes of a file.
struct Decoded {
  Pixels pixels;
  Metadata metadata;
  std::vector<std::string> notes;  ///< what was not kept
};

}  // namespace nodeops::image
