// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "image/convert.hpp"

namespace nodeops::test {

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// convert() of a file, by an order that is never taken back.
image::Converted converted(std::string_view file, const image::ConvertOptions& options = {});

/// What the error says that convert() and inspect() throw; both must say the same unless only
/// decoding finds it. "" when nothing is thrown.
std::string complaint(std::string_view file, const image::ConvertOptions& options = {});

/// Converts a file again and again, each time with a stop at another moment, the first one at the
/// start. Checks that what is stopped says so, and that all else is whole.
void stop_in_the_middle(std::string_view file, const image::ConvertOptions& options);

/// A binary PPM or PGM. `pixel` gives a sample of column, row and channel.
template <class Pixel>
std::string pnm(unsigned width, unsigned height, unsigned channels, unsigned largest, Pixel pixel) {
  std::string file = (channels == 3 ? "P6 " : "P5 ") + std::to_string(width) + " " +
                     std::to_string(height) + " " + std::to_string(largest) + "\n";
  for (unsigned y = 0; y < height; ++y) {
    for (unsigned x = 0; x < width; ++x) {
      for (unsigned c = 0; c < channels; ++c) {
        const auto sample = static_cast<unsigned>(pixel(x, y, c));
        if (largest > 255) file += static_cast<char>(sample >> 8);
        file += static_cast<char>(sample & 0xff);
      }
    }
  }
  return file;
}

/// The samples of a PGM that convert() gave.
struct Gray {
  unsigned width = 0;
  unsigned height = 0;
  unsigned largest = 0;
  std::vector<unsigned> samples;
};
Gray read_pgm(std::string_view file);

/// A PNG as its specification says, made without the library under test but for its checksum and
/// zlib stream: rows of raw bytes, each with the filter "none" before it.
struct PngParts {
  unsigned width = 1;
  unsigned height = 1;
  unsigned depth = 8;
  unsigned colour_type = 0;  ///< 0 gray, 2 colour, 3 palette, 4 gray and alpha, 6 colour and alpha
  std::string rows;          ///< packed to bytes, with the filter byte at each start
  std::string before_data = {};  ///< chunks, whole
  bool interlaced = false;
};
std::string png_chunk(std::string_view kind, std::string_view data);
std::string png(const PngParts& parts);

/// The data of the first chunk of a kind; "" when there is none.
std::string chunk_of(std::string_view png, std::string_view kind);

}  // namespace nodeops::test
