// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "image/decoding.hpp"

namespace nodeops::image {

/// The format by content; the name does not count. Throws AppError bad_data: "not an image".
Format detect_format(FileBytes file);

/// "JPEG", for people.
std::string_view name_of(Format format);

/// Its usual suffix, without the dot.
std::string_view extension_of(Format format);

/// What a format is written as: the target, or with keep the format itself, and PNG where that
/// cannot be written.
Target target_for(Format format, Target wanted);

/// Of a target other than keep, without the dot.
std::string_view extension_of(Target target);

/// What a target can hold.
struct Holds {
  bool alpha;
  bool sixteen_bits;
  bool metadata;
  std::uint32_t longest_side;
};
Holds holds(Target target);

}  // namespace nodeops::image
