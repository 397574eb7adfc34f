// SPDX-License-Identifier: MIT
#pragma once

#include <stop_token>
#include <string>

#include "image/gray_image.hpp"
#include "image/metadata.hpp"

namespace nodeops::image {

/// The longest side of a JPEG.
inline constexpr std::uint32_t most_jpeg_side = 65500;

/// An image of 8 bits without alpha as a JPEG of one component, baseline. Metadata too large for
/// its markers is left out.
std::string encode_jpeg(const GrayImage& image, const Metadata& metadata, int quality,
                        const std::stop_token& stop);

}  // namespace nodeops::image
