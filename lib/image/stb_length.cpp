// SPDX-License-Identifier: MIT
#include "image/stb_length.hpp"

#include "image/stb_header.hpp"

namespace nodeops::image {
namespace {

unsigned byte_at(FileBytes file, std::size_t at) {
  return at < file.size() ? std::to_integer<unsigned>(file[at]) : 0;
}

unsigned little_16(FileBytes file, std::size_t at) {
  return byte_at(file, at) | byte_at(file, at + 1) << 8;
}

std::uint64_t little_32(FileBytes file, std::size_t at) {
  return little_16(file, at) | static_cast<std::uint64_t>(little_16(file, at + 2)) << 16;
}

std::uint64_t bmp_length(FileBytes file, const Shape& shape) {
  const bool old = little_32(file, 14) == 12;
  const std::uint64_t bits = little_16(file, old ? 24 : 28);
  const std::uint64_t row = (shape.width * bits + 31) / 32 * 4;
  return little_32(file, 10) + row * shape.height;
}

/// How many colours there is room for before the pixels.
std::uint64_t bmp_colours(FileBytes file) {
  const std::uint64_t header = little_32(file, 14);
  const std::uint64_t entry = header == 12 ? 3 : 4;
  const std::uint64_t start = 14 + header;
  const std::uint64_t pixels = little_32(file, 10);
  return pixels < start ? 0 : (pixels - start) / entry;
}

void check_bmp(FileBytes file, const Shape& shape) {
  // Some writers leave these numbers at 0.
  if (little_32(file, 2) > file.size()) throw bad_image("truncated");
  const bool old = little_32(file, 14) == 12;
  const bool has_palette = little_16(file, old ? 24 : 28) <= 8;
  if (has_palette && !old && little_32(file, 46) > bmp_colours(file)) {
    throw bad_image("damaged BMP: there is no room for its palette");
  }
  if (file.size() < bmp_length(file, shape)) throw bad_image("truncated");
}

std::uint64_t tga_length(FileBytes file, const Shape& shape) {
  const std::uint64_t entry = (byte_at(file, 7) + 7) / 8;
  const std::uint64_t map = byte_at(file, 1) == 1 ? entry * little_16(file, 5) : 0;
  const std::uint64_t pixel = (byte_at(file, 16) + 7) / 8;
  const bool runs = (byte_at(file, 2) & 8U) != 0;
  // A packet of runs is at least a byte and a pixel, and gives at most 128 pixels.
  const std::uint64_t pixels =
      runs ? (shape.pixels() + 127) / 128 * (pixel + 1) : shape.pixels() * pixel;
  return 18 + byte_at(file, 0) + map + pixels;
}

/// Goes over a GIF's blocks to its first image, all of whose data must be there.
void check_gif(FileBytes file) {
  const auto skip_map = [&](std::size_t flags) {
    return (flags & 0x80U) != 0 ? std::size_t{3} << ((flags & 7U) + 1) : 0;
  };
  std::size_t at = 13 + skip_map(byte_at(file, 10));
  bool image = false;
  while (at < file.size()) {
    const unsigned kind = byte_at(file, at);
    if (kind == 0x3b) throw bad_image("damaged GIF: there is no image");
    if (kind == 0x2c) {
      image = true;
      at += 10 + skip_map(byte_at(file, at + 9)) + 1;
    } else if (kind == 0x21) {
      at += 2;
    } else {
      throw bad_image("damaged GIF: an unknown block");
    }
    for (; at < file.size() && byte_at(file, at) != 0; at += byte_at(file, at) + 1) {
    }
    if (at >= file.size()) break;
    ++at;
    if (image) return;
  }
  throw bad_image("truncated");
}

}  // namespace

void check_length(FileBytes file, Format format, const Shape& shape) {
  if (format == Format::gif) return check_gif(file);
  if (format == Format::psd) return check_psd_length(file, shape);
  if (format == Format::bmp) return check_bmp(file, shape);
  if (format == Format::tga && file.size() < tga_length(file, shape)) throw bad_image("truncated");
}

void check_palette(FileBytes bmp, const Shape& shape) {
  const unsigned bits = little_16(bmp, little_32(bmp, 14) == 12 ? 24 : 28);
  const std::uint64_t colours = bmp_colours(bmp);
  if (bits > 8 || bits == 0 || colours >= std::uint64_t{1} << bits) return;
  const std::uint64_t row = (std::uint64_t{shape.width} * bits + 31) / 32 * 4;
  for (std::uint32_t y = 0; y < shape.height; ++y) {
    const std::uint64_t start = little_32(bmp, 10) + y * row;
    for (std::uint64_t x = 0; x < shape.width; ++x) {
      const std::uint64_t bit = x * bits;
      const unsigned byte = byte_at(bmp, static_cast<std::size_t>(start + bit / 8));
      const unsigned colour = byte >> (8 - bits - bit % 8) & ((1U << bits) - 1);
      if (colour >= colours) throw bad_image("damaged BMP: a colour that its palette has not");
    }
  }
}

}  // namespace nodeops::image
