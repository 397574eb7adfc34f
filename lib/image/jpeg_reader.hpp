// SPDX-License-Identifier: MIT
#pragma once

#include "image/decoding.hpp"

namespace nodeops::image {

/// All throw AppError bad_data: "truncated", "damaged JPEG: …".
Shape jpeg_shape(FileBytes file);

/// What a JPEG carries besides its pixels, from libjpeg: where jpeg_layout() does not know a file.
Metadata jpeg_metadata(FileBytes file);

/// With bt601 the luma of the file is taken as it is and no chroma is decoded.
Decoded decode_jpeg(FileBytes file, const Decoding& decoding);

}  // namespace nodeops::image
