// SPDX-License-Identifier: MIT
#pragma once

#include "image/gray_image.hpp"

namespace nodeops::image {

/// 16 bits to 8, rounded to nearest, in place.
void reduce_to_eight_bits(GrayImage& image);

/// The image as EXIF's orientation 1 to 8 says it is to be shown.
GrayImage turned(GrayImage image, unsigned orientation);

}  // namespace nodeops::image
