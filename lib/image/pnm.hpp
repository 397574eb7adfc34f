// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "image/pixels.hpp"

namespace nodeops::image {

/// How many bytes a binary PGM or PPM (P5, P6) has by its header; 0 when it is none.
std::uint64_t pnm_size(std::string_view file);

/// A binary PGM (netpbm's P5): one channel, 16-bit samples with the high byte first.
std::string encode_pgm(const Pixels& gray);

}  // namespace nodeops::image
