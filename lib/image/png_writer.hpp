// SPDX-License-Identifier: MIT
#pragma once

#include <stop_token>
#include <string>

#include "image/gray_image.hpp"
#include "image/metadata.hpp"

namespace nodeops::image {

/// A PNG of gray, or gray and alpha, in 8 or 16 bits. Of each row the filter is taken whose result
/// has the smallest sum.
std::string encode_png(const GrayImage& image, const Metadata& metadata, int effort,
                       const std::stop_token& stop);

}  // namespace nodeops::image
