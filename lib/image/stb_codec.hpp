// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "image/decoding.hpp"

namespace nodeops::image {

/// BMP, TGA, GIF (its first frame), PSD and HDR by stb_image. Both throw AppError bad_data.
Shape stb_shape(FileBytes file, Format format);
Decoded decode_stb(FileBytes file, Format format, const Decoding& decoding);

/// Whether these bytes, which no signature tells apart, can be a TGA.
bool looks_like_tga(FileBytes file);

/// Images of 8 bits; of a BMP without alpha.
std::string encode_bmp(const GrayImage& image);
std::string encode_tga(const GrayImage& image);

}  // namespace nodeops::image
