// SPDX-License-Identifier: MIT
#pragma once

#include "image/pixels.hpp"

namespace nodeops::image {

/// The image turned and mirrored so that it stands upright without its EXIF orientation (1 to 8).
Pixels upright(Pixels pixels, unsigned orientation);

}  // namespace nodeops::image
