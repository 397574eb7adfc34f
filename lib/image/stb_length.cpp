// SPDX-License-Identifier: MIT
#include "image/stb_length.hpp"

#include <algorithm>

#include "image/file_numbers.hpp"
#include "image/stb_header.hpp"

namespace nodeops::image {
namespace {

std::uint64_t bmp_length(std::string_view file, const Shape& shape) {
  const bool old = little_endian(file, 14, 4) == 12;
  const std::uint64_t bits = little_endian(file, old ? 24 : 28, 2);
  const std::uint64_t row = (shape.width * bits + 31) / 32 * 4;
  return little_endian(file, 10, 4) + row * shape.height;
}

/// How many colours there is room for before the pixels.
std::uint64_t bmp_colours(std::string_view file) {
  const std::uint64_t header = little_endian(file, 14, 4);
  const std::uint64_t entry = header == 12 ? 3 : 4;
  const std::uint64_t start = 14 + header;
  const std::uint64_t pixels = little_endian(file, 10, 4);
  return pixels < start ? 0 : (pixels - start) / entry;
}

void check_bmp(std::string_view file, const Shape& shape) {
  // Some writers leave these numbers at 0.
  if (little_endian(file, 2, 4) > file.size()) throw bad_image("truncated");
  const bool old = little_endian(file, 14, 4) == 12;
  const bool has_palette = little_endian(file, old ? 24 : 28, 2) <= 8;
  if (has_palette && !old && little_endian(file, 46, 4) > bmp_colours(file)) {
    throw bad_image("damaged BMP: there is no room for its palette");
  }
  if (file.size() < bmp_length(file, shape)) throw bad_image("truncated");
}

std::uint64_t tga_length(std::string_view file, const Shape& shape) {
  const std::uint64_t entry = (byte_or_zero(file, 7) + 7) / 8;
  const std::uint64_t map = byte_or_zero(file, 1) == 1 ? entry * little_endian(file, 5, 2) : 0;
  const std::uint64_t pixel = (byte_or_zero(file, 16) + 7) / 8;
  const bool runs = (byte_or_zero(file, 2) & 8U) != 0;
  // A packet of runs is at least a byte and a pixel, and gives at most 128 pixels.
  const std::uint64_t pixels =
      runs ? (shape.pixels() + 127) / 128 * (pixel + 1) : shape.pixels() * pixel;
  return 18 + byte_or_zero(file, 0) + map + pixels;
}

/// Goes over a GIF's blocks to its first image, all of whose data must be there.
void check_gif(std::string_view file) {
  const auto skip_map = [&](std::size_t flags) {
    return (flags & 0x80U) != 0 ? std::size_t{3} << ((flags & 7U) + 1) : 0;
  };
  std::size_t at = 13 + skip_map(byte_or_zero(file, 10));
  bool image = false;
  while (at < file.size()) {
    const unsigned kind = byte_or_zero(file, at);
    if (kind == 0x3b) throw bad_image("damaged GIF: there is no image");
    if (kind == 0x2c) {
      image = true;
      at += 10 + skip_map(byte_or_zero(file, at + 9)) + 1;
    } else if (kind == 0x21) {
      at += 2;
    } else {
      throw bad_image("damaged GIF: an unknown block");
    }
    for (; at < file.size() && byte_or_zero(file, at) != 0; at += byte_or_zero(file, at) + 1) {
    }
    if (at >= file.size()) break;
    ++at;
    if (image) return;
  }
  throw bad_image("truncated");
}

/// Of the colours, and of the alpha behind them: the library looks at no others.
void check_psd(FileBytes file, const Shape& shape) {
  const PsdHeader psd = psd_header(file);
  const std::uint64_t looked_at = std::min(psd.channels, 4U);
  std::uint64_t end = psd.pixels;
  if (psd.packing != PsdHeader::in_runs) {
    end += looked_at * shape.pixels() * (psd.bits / 8);
  } else {
    // The length of every row of every channel stands before them all.
    end += std::uint64_t{2} * psd.channels * shape.height;
    if (end > file.size()) throw bad_image("truncated");
    for (std::uint64_t row = 0; row < looked_at * shape.height; ++row)
      end += big_endian(text_of(file), psd.pixels + 2 * row, 2);
  }
  if (end > file.size()) throw bad_image("truncated");
}

}  // namespace

void check_length(FileBytes file, Format format, const Shape& shape) {
  const std::string_view text = text_of(file);
  if (format == Format::gif) return check_gif(text);
  if (format == Format::psd) return check_psd(file, shape);
  if (format == Format::bmp) return check_bmp(text, shape);
  if (format == Format::tga && file.size() < tga_length(text, shape)) throw bad_image("truncated");
}

void check_palette(FileBytes file, const Shape& shape) {
  const std::string_view bmp = text_of(file);
  const unsigned bits = little_endian(bmp, little_endian(bmp, 14, 4) == 12 ? 24 : 28, 2);
  const std::uint64_t colours = bmp_colours(bmp);
  if (bits > 8 || bits == 0 || colours >= std::uint64_t{1} << bits) return;
  const std::uint64_t row = (std::uint64_t{shape.width} * bits + 31) / 32 * 4;
  for (std::uint32_t y = 0; y < shape.height; ++y) {
    const std::uint64_t start = little_endian(bmp, 10, 4) + y * row;
    for (std::uint64_t x = 0; x < shape.width; ++x) {
      const std::uint64_t bit = x * bits;
      const unsigned byte = byte_or_zero(bmp, static_cast<std::size_t>(start + bit / 8));
      const unsigned colour = byte >> (8 - bits - bit % 8) & ((1U << bits) - 1);
      if (colour >= colours) throw bad_image("damaged BMP: a colour that its palette has not");
    }
  }
}

}  // namespace nodeops::image
