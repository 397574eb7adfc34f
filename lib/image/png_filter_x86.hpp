// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "image/png_filter.hpp"

namespace nodeops::image {

/// The AVX2 kernel if this processor has it; none on other architectures.
std::vector<FilterKernel> x86_filter_kernels();

}  // namespace nodeops::image
