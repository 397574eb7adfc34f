// SPDX-License-Identifier: MIT
#include "image/jpeg_luma.hpp"

#include <utility>

#include "image/jpeg_metadata.hpp"
#include "image/jpeg_reader.hpp"

namespace nodeops::image {

std::optional<std::string> carry_luma(std::span<const std::byte> jpeg, const CarryOptions& options,
                                      const std::stop_token& stop) {
  const std::string_view file(reinterpret_cast<const char*>(jpeg.data()), jpeg.size());
  if (!file.starts_with("\xff\xd8")) return std::nullopt;
  auto layout = jpeg_layout(file);
  Metadata metadata = layout ? std::move(layout->metadata) : jpeg_metadata(jpeg);
  if (options.apply_orientation && orientation(metadata) != 1) return std::nullopt;
  if (options.strip_metadata) metadata = without_details(metadata);
  const bool profile_kept = make_profile_gray(metadata);
  const std::string segments = jpeg_segments(metadata);
  std::optional<std::string> carried;
  if (layout) carried = copy_luma_scan(file, *layout, segments, stop);
  if (!carried) carried = copy_luma_coefficients(file, segments, options.most_bytes, stop);
  if (carried && !profile_kept && options.notes != nullptr)
    options.notes->emplace_back(profile_was_dropped);
  return carried;
}

}  // namespace nodeops::image
