// SPDX-License-Identifier: MIT
#include "image/gray_change.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace nodeops::image {
namespace {

/// Copies pixels of `size` bytes: the pixel at (x, y) of the result is at `start + x * right + y *
/// down` of the source, counted in pixels.
template <std::size_t size>
void copy_turned(const GrayImage& from, GrayImage& to, std::ptrdiff_t start, std::ptrdiff_t right,
                 std::ptrdiff_t down) {
  // In tiles, so that of a quarter turn both sides stay in the cache.
  constexpr std::uint32_t tile = 64;
  for (std::uint32_t top = 0; top < to.height; top += tile) {
    for (std::uint32_t left = 0; left < to.width; left += tile) {
      const std::uint32_t bottom = std::min(top + tile, to.height);
      const std::uint32_t end = std::min(left + tile, to.width);
      for (std::uint32_t y = top; y < bottom; ++y) {
        std::byte* out = to.row(y) + left * size;
        const std::byte* in =
            from.samples.data() + (start + static_cast<std::ptrdiff_t>(left) * right +
                                   static_cast<std::ptrdiff_t>(y) * down) *
                                      static_cast<std::ptrdiff_t>(size);
        for (std::uint32_t x = left; x < end; ++x, out += size) {
          std::memcpy(out, in, size);
          in += right * static_cast<std::ptrdiff_t>(size);
        }
      }
    }
  }
}

}  // namespace

void reduce_to_eight_bits(GrayImage& image) {
  if (image.bits == 8) return;
  const std::size_t samples = std::size_t{image.width} * image.height * image.channels();
  std::byte* bytes = image.samples.data();
  for (std::size_t i = 0; i < samples; ++i) {
    std::uint16_t value = 0;
    std::memcpy(&value, bytes + 2 * i, sizeof value);
    bytes[i] = static_cast<std::byte>((value * 255U + 32767U) / 65535U);
  }
  image.bits = 8;
}

GrayImage turned(GrayImage image, unsigned orientation) {
  if (orientation <= 1 || orientation > 8) return image;
  const bool quarter = orientation >= 5;
  const std::ptrdiff_t width = image.width;
  const std::ptrdiff_t height = image.height;
  GrayImage result{quarter ? image.height : image.width,
                   quarter ? image.width : image.height,
                   image.bits,
                   image.alpha,
                   {}};
  result.samples = SampleMemory(result.row_bytes() * result.height);
  // Where the result's first pixel comes from, by the row and the column that are shown first.
  const bool from_right =
      orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool from_bottom =
      orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const std::ptrdiff_t start =
      (from_bottom ? (height - 1) * width : 0) + (from_right ? width - 1 : 0);
  const std::ptrdiff_t along_row = from_right ? -1 : 1;
  const std::ptrdiff_t along_column = from_bottom ? -width : width;
  const std::ptrdiff_t right = quarter ? along_column : along_row;
  const std::ptrdiff_t down = quarter ? along_row : along_column;
  switch (image.pixel_bytes()) {
    case 1:
      copy_turned<1>(image, result, start, right, down);
      break;
    case 2:
      copy_turned<2>(image, result, start, right, down);
      break;
    default:
      copy_turned<4>(image, result, start, right, down);
  }
  return result;
}

}  // namespace nodeops::image
