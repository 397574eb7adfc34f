// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace nodeops::image {

enum class Format { jpeg, png, webp, bmp, tga, gif, psd, hdr, pnm };
enum class Target { keep, png, jpg, bmp, tga, pgm, webp };
enum class Luma { bt601, bt709, linear };

struct ConvertOptions {
  Target to = Target::keep;
  int compression = 6;              ///< PNG effort 0..9
  std::optional<int> quality = {};  ///< empty: keep
  Luma luma = Luma::bt601;
  bool drop_alpha = false;
  bool eight_bits = false;
  bool apply_orientation = false;
  bool strip_metadata = false;
  std::uint64_t most_pixels = 268'435'456;
};

/// What the header says; nothing is decoded, no pixel memory is taken.
struct ImageHeader {
  Format format;
  std::uint32_t width, height;
  unsigned channels;
  unsigned bits;
  std::uint64_t working_bytes;  ///< memory that convert() takes at most with these options
  std::string extension;        ///< of the output, without the dot
};

/// Both throw AppError bad_data, text without the file's name.
ImageHeader inspect(std::span<const std::byte> file, const ConvertOptions& options);

struct Converted {
  std::string bytes;
  std::vector<std::string> notes;  ///< what was not kept: "16 bits became 8"
};
/// `stop` is looked at between rows: throws AppError interrupted.
Converted convert(std::span<const std::byte> file, const ConvertOptions& options,
                  const std::stop_token& stop);

}  // namespace nodeops::image
