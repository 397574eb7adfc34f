// SPDX-License-Identifier: MIT
#pragma once

#include "image/decoding.hpp"

namespace nodeops::image {

/// Both throw AppError bad_data: "truncated", "damaged PNG: …".
Shape png_shape(FileBytes file);
Decoded decode_png(FileBytes file, const Decoding& decoding);

}  // namespace nodeops::image
