// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace nodeops::image {

/// Pixels per unit, as JFIF and pHYs say it.
struct Density {
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  enum class Unit { none, inch, centimetre, metre } unit = Unit::none;
};

/// What an image carries besides its pixels.
struct Metadata {
  std::string exif;  ///< the TIFF body without "Exif\0\0"
  std::string icc;
  std::string xmp;
  std::optional<Density> density;
};

}  // namespace nodeops::image
