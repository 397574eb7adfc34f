// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nodeops::image {

/// Pixels per unit, as JFIF and pHYs say it.
struct Density {
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  enum class Unit { none, inch, centimetre, metre } unit = Unit::none;
};

/// What an image carries besides its pixels.
struct Metadata {
  std::string exif = {};  ///< the TIFF body without "Exif\0\0"
  std::string icc = {};
  std::string xmp = {};
  std::optional<Density> density = {};
  /// PNG's gAMA in 1/100000: 45455 is 1/2.2. Without it the same samples look different.
  std::optional<std::uint32_t> gamma = {};
};

/// How the image is to be shown, 1 to 8 as EXIF counts; 1 where EXIF is missing or makes no sense.
unsigned orientation(const Metadata& metadata);

/// After the picture was turned as orientation() said: orientation 1 in EXIF and XMP, and what was
/// said of width and height exchanged where they were.
void set_upright(Metadata& metadata);

/// What --metadata strip leaves: how large and how bright the picture is.
Metadata without_details(const Metadata& metadata);

/// Makes the profile one of gray. False, and what the user is told then: it does not fit and is
/// gone.
bool make_profile_gray(Metadata& metadata);
inline constexpr auto profile_was_dropped = "the colour profile does not fit and was dropped";

/// Whether a profile describes gray.
bool is_gray_profile(std::string_view icc);

/// A gray profile with the tone curve of a colour one; empty where that has no single curve.
std::string gray_profile(std::string_view colour_icc);

}  // namespace nodeops::image
