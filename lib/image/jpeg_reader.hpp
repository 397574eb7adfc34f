// SPDX-License-Identifier: MIT
#pragma once

#include "image/decoding.hpp"

namespace nodeops::image {

/// Both throw AppError bad_data: "truncated", "damaged JPEG: …".
Shape jpeg_shape(FileBytes file);

/// With bt601 the luma of the file is taken as it is and no chroma is decoded.
Decoded decode_jpeg(FileBytes file, const Decoding& decoding);

}  // namespace nodeops::image
