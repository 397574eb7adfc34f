// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "image/convert.hpp"
#include "image/gray_image.hpp"
#include "image/metadata.hpp"

namespace nodeops::image {

using FileBytes = std::span<const std::byte>;

/// What a file's header says, before any pixel memory is taken.
struct Shape {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  unsigned channels = 1;  ///< of the file: 1 gray, 2 gray and alpha, 3 colour, 4 colour and alpha
  unsigned bits = 8;      ///< of what the decoder gives: 8 or 16
  bool alpha = false;     ///< of what the decoder gives
  /// What decoding takes besides the gray image and a few rows.
  std::uint64_t decoding_bytes = 0;

  std::uint64_t pixels() const { return std::uint64_t{width} * height; }
};

/// What every decoder is told. Notes are for the user: what is not kept.
struct Decoding {
  const ConvertOptions& options;
  const Shape& shape;
  bool keep_alpha = false;
  const std::stop_token& stop;
  std::vector<std::string>& notes;

  /// Memory for the result.
  GrayImage blank() const {
    GrayImage image{shape.width, shape.height, shape.bits, shape.alpha && keep_alpha, {}};
    image.samples = SampleMemory(image.row_bytes() * image.height);
    return image;
  }
};

struct Decoded {
  GrayImage image;
  Metadata metadata;
};

/// Throws AppError interrupted when the run is to stop.
inline void go_on(const std::stop_token& stop) {
  if (stop.stop_requested()) throw AppError(ErrorKind::interrupted, "stopped");
}

/// The failure of an image whose bytes are wrong.
inline AppError bad_image(const std::string& what) {
  return {ErrorKind::bad_data, what};
}

inline std::string_view text_of(FileBytes file) {
  return {reinterpret_cast<const char*>(file.data()), file.size()};
}

}  // namespace nodeops::image
