// SPDX-License-Identifier: MIT
#include "image/row_luma.hpp"

#include <cstring>
#include <type_traits>

#include "image/luma.hpp"

namespace nodeops::image {
namespace {

template <class Sample>
LumaKernel::Function<Sample> kernel_for(unsigned channels, bool keep_alpha) {
  const LumaKernel& kernel = fastest_luma_kernel();
  if constexpr (std::is_same_v<Sample, std::uint8_t>) {
    if (channels == 3) return kernel.rgb8;
    return keep_alpha ? kernel.rgba8 : kernel.rgbx8;
  } else {
    if (channels == 3) return kernel.rgb16;
    return keep_alpha ? kernel.rgba16 : kernel.rgbx16;
  }
}

}  // namespace

template <class Sample>
void RowLuma::convert(const Sample* in, Sample* out, std::size_t pixels) const {
  if (layout_.channels >= 3) {
    const bool keep_alpha = layout_.channels == 4 && layout_.keep_alpha;
    if (luma_ == Luma::linear) {
      linear_luma(in, out, pixels, layout_.channels, keep_alpha);
    } else {
      kernel_for<Sample>(layout_.channels, keep_alpha)(
          in, out, pixels, luma_ == Luma::bt601 ? bt601_weights : bt709_weights);
    }
  } else if (layout_.channels == 2 && !layout_.keep_alpha) {
    for (std::size_t i = 0; i < pixels; ++i) out[i] = in[2 * i];
  } else if (pixels != 0) {
    std::memcpy(out, in, pixels * layout_.channels * sizeof(Sample));
  }
}

void RowLuma::operator()(const std::byte* in, std::byte* out, std::size_t pixels) const {
  if (layout_.bits == 16) {
    convert(reinterpret_cast<const std::uint16_t*>(in), reinterpret_cast<std::uint16_t*>(out),
            pixels);
  } else {
    convert(reinterpret_cast<const std::uint8_t*>(in), reinterpret_cast<std::uint8_t*>(out),
            pixels);
  }
}

}  // namespace nodeops::image
