// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "image/decoding.hpp"

namespace nodeops::image {

/// The longest side of a WebP.
inline constexpr std::uint32_t most_webp_side = 16383;

/// Both throw AppError bad_data. Of an animation the first frame is taken, with a note.
Shape webp_shape(FileBytes file);
Decoded decode_webp(FileBytes file, const Decoding& decoding);

/// An image of 8 bits, lossless without a quality. `effort` 0 to 9 is how long a lossless one is
/// made smaller.
std::string encode_webp(const GrayImage& image, const Metadata& metadata,
                        std::optional<int> quality, int effort, const std::stop_token& stop);

}  // namespace nodeops::image
