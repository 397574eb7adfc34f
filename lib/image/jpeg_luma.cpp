// SPDX-License-Identifier: MIT
#include "image/jpeg_luma.hpp"

#include "image/jpeg_metadata.hpp"

namespace nodeops::image {

std::optional<std::string> carry_luma(std::span<const std::byte> jpeg, const CarryOptions& options,
                                      const std::stop_token& stop) {
  const std::string_view file(reinterpret_cast<const char*>(jpeg.data()), jpeg.size());
  auto layout = jpeg_layout(file);
  if (!layout) return std::nullopt;
  Metadata& metadata = layout->metadata;
  if (options.apply_orientation && orientation(metadata) != 1) return std::nullopt;
  if (options.strip_metadata) {
    const auto density = metadata.density;
    metadata = {};
    metadata.density = density;
  }
  if (!metadata.icc.empty() && !is_gray_profile(metadata.icc)) {
    metadata.icc = gray_profile(metadata.icc);
  }
  const std::string segments = jpeg_segments(metadata);
  if (auto copied = copy_luma_scan(file, *layout, segments, stop)) return copied;
  return copy_luma_coefficients(file, segments, options.most_bytes, stop);
}

}  // namespace nodeops::image
