// SPDX-License-Identifier: MIT
#include "image/orient.hpp"

#include <cstring>

namespace nodeops::image {

Pixels upright(Pixels pixels, unsigned orientation) {
  if (orientation <= 1 || orientation > 8) return pixels;
  // 5 to 8 exchange rows and columns. Where a pixel of the result comes from, by TIFF 6.0, tag 274.
  const bool turned = orientation >= 5;
  const bool from_right =
      orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool from_below =
      orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  Pixels result{.width = turned ? pixels.height : pixels.width,
                .height = turned ? pixels.width : pixels.height,
                .channels = pixels.channels,
                .bits = pixels.bits};
  result.allocate();
  const std::size_t size = pixels.pixel_bytes();
  for (std::uint32_t y = 0; y < result.height; ++y) {
    std::byte* to = result.row(y);
    for (std::uint32_t x = 0; x < result.width; ++x, to += size) {
      const std::uint32_t column = turned ? y : x;
      const std::uint32_t row = turned ? x : y;
      const std::uint32_t from_x = from_right ? pixels.width - 1 - column : column;
      const std::uint32_t from_y = from_below ? pixels.height - 1 - row : row;
      std::memcpy(to, pixels.row(from_y) + from_x * size, size);
    }
  }
  return result;
}

}  // namespace nodeops::image
