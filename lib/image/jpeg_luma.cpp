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
  bool profile_dropped = false;
  if (!metadata.icc.empty() && !is_gray_profile(metadata.icc)) {
    metadata.icc = gray_profile(metadata.icc);
    profile_dropped = metadata.icc.empty();
  }
  const std::string segments = jpeg_segments(metadata);
  auto carried = copy_luma_scan(file, *layout, segments, stop);
  if (!carried) carried = copy_luma_coefficients(file, segments, options.most_bytes, stop);
  if (carried && profile_dropped && options.notes != nullptr) {
    options.notes->emplace_back("the colour profile does not fit and was dropped");
  }
  return carried;
}

}  // namespace nodeops::image
