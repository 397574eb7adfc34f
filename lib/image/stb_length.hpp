// SPDX-License-Identifier: MIT
#pragma once

#include "image/decoding.hpp"

namespace nodeops::image {

/// Throws "truncated" where a file is too short for the pixels that its header promises, as far as
/// the format tells: stb_image takes missing bytes for zeros and says nothing.
void check_length(FileBytes file, Format format, const Shape& shape);

/// Throws where a BMP's pixel names a colour that its palette does not have: stb_image shows what
/// its stack holds.
void check_palette(FileBytes bmp, const Shape& shape);

}  // namespace nodeops::image
