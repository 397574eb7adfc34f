// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nodeops::image {

/// How many pixels lie along a metre.
struct Density {
  std::uint32_t x = 0;
  std::uint32_t y = 0;
};

/// What an image says about itself, in no file format's own wrapping.
struct Metadata {
  std::string exif;  ///< a TIFF file's bytes, without "Exif\0\0"
  std::string icc;   ///< a colour profile
  std::string xmp;   ///< a packet of XML
  std::optional<Density> density = {};

  bool empty() const { return exif.empty() && icc.empty() && xmp.empty() && !density; }
};

/// The orientation that EXIF tells (TIFF 6.0, tag 274), 1 to 8; 1 when it tells none. Any bytes may
/// be given.
unsigned orientation(const Metadata& metadata);

/// Writes another orientation over the one that is there; where there is none, nothing is changed.
void set_orientation(Metadata& metadata, unsigned value);

/// True when a profile describes gray images (ICC.1:2010, section 7.2: colour space "GRAY").
bool is_gray_profile(std::string_view icc);

/// A profile for gray with the tone curve of sRGB: for images whose colours are gone.
std::string gray_profile();

}  // namespace nodeops::image
