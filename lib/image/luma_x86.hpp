// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "image/luma.hpp"

namespace nodeops::image {

/// The kernels for this processor if it is an x86-64, fastest first; else none.
std::vector<LumaKernel> luma_kernels_x86();

}  // namespace nodeops::image
