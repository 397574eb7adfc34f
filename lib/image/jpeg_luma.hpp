// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "image/jpeg_layout.hpp"

namespace nodeops::image {

struct CarryOptions {
  bool apply_orientation = false;
  bool strip_metadata = false;
  /// Of coefficients in memory; the copy from scan to scan needs a few rows only.
  std::uint64_t most_bytes = std::numeric_limits<std::uint64_t>::max();
  std::vector<std::string>* notes = nullptr;  ///< takes what was not kept
};

/// The luma of a YCbCr JPEG as a JPEG of one component, its coefficients unchanged; of a gray one
/// the same. EXIF, XMP, density and profile go along, the profile turned into a gray one.
/// Empty: not a kind that is known, or it is to be turned; the caller goes by the pixels.
/// Throws AppError bad_data: "truncated", "damaged JPEG: …"; interrupted when it is to stop.
std::optional<std::string> carry_luma(std::span<const std::byte> jpeg, const CarryOptions& options,
                                      const std::stop_token& stop);

/// The two ways of carry_luma. `segments` are those of the metadata.
///
/// From scan to scan, for baseline scans of Huffman codes with all components: chroma is stepped
/// over, luma's codes are copied. Empty: not such a file, or anything about it is odd.
bool has_known_scan(const JpegLayout& layout);
std::optional<std::string> copy_luma_scan(std::string_view file, const JpegLayout& layout,
                                          const std::string& segments, const std::stop_token& stop);

/// By libjpeg's coefficients. What was progressive becomes sequential, arithmetic codes become
/// Huffman's, made for it.
std::optional<std::string> copy_luma_coefficients(std::string_view file,
                                                  const std::string& segments,
                                                  std::uint64_t most_bytes,
                                                  const std::stop_token& stop);

}  // namespace nodeops::image
