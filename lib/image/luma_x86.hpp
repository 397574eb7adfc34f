// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "image/luma.hpp"

namespace nodeops::image {

/// The AVX-512 and AVX2 kernels, as far as this processor has what they need; none on other
/// architectures.
std::vector<LumaKernel> x86_luma_kernels();

}  // namespace nodeops::image
