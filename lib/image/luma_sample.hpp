// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "image/luma.hpp"

namespace nodeops::image {

/// One pixel after another. Inlined into the kernels, so that the compiler makes vectors of it for
/// each processor that they name.
template <class Sample, unsigned channels, bool keep_alpha>
[[gnu::always_inline]] inline void luma_samples(const Sample* __restrict in, Sample* __restrict out,
                                                std::size_t pixels, LumaWeights weights) {
  const std::uint32_t red = weights.red;
  const std::uint32_t green = weights.green;
  const std::uint32_t blue = weights.blue;
  constexpr unsigned step = keep_alpha ? 2 : 1;
  for (std::size_t i = 0; i < pixels; ++i) {
    const Sample* pixel = in + i * channels;
    // 65535 * 65536 + 32768 is below 2^32.
    const std::uint32_t sum = pixel[0] * red + pixel[1] * green + pixel[2] * blue + 32768;
    out[i * step] = static_cast<Sample>(sum >> 16);
    if constexpr (keep_alpha) out[i * step + 1] = pixel[3];
  }
}

}  // namespace nodeops::image
