// SPDX-License-Identifier: MIT
#pragma once

#include "image/decoding.hpp"

namespace nodeops::image {

/// Binary PGM and PPM, 8 or 16 bits. Both throw AppError bad_data.
Shape pnm_shape(FileBytes file);
Decoded decode_pnm(FileBytes file, const Decoding& decoding);

/// An image without alpha as a binary PGM.
std::string encode_pgm(const GrayImage& image);

}  // namespace nodeops::image
