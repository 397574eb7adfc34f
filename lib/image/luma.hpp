// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace nodeops::image {

/// Weights of the three colours in 1/65536; their sum is 65536, so that white stays white.
/// A sample's luma is (red*r + green*g + blue*b + 32768) >> 16: rounded to nearest, halves up. The
/// weights are rounded too; the result is less than 1 off the exact value, of 16 bits too.
struct LumaWeights {
  std::uint16_t red;
  std::uint16_t green;
  std::uint16_t blue;
};

inline constexpr LumaWeights bt601_weights{19595, 38470, 7471};
inline constexpr LumaWeights bt709_weights{13933, 46871, 4732};

/// One way to compute luma. All kernels give the same bytes. 16-bit samples are in native order.
struct LumaKernel {
  template <class Sample>
  using Function = void (*)(const Sample* in, Sample* out, std::size_t pixels, LumaWeights weights);

  const char* name;
  Function<std::uint8_t> rgb8;     ///< red, green, blue to gray
  Function<std::uint8_t> rgba8;    ///< red, green, blue, alpha to gray, alpha
  Function<std::uint8_t> rgbx8;    ///< red, green, blue, alpha to gray
  Function<std::uint16_t> rgb16;   ///< as rgb8
  Function<std::uint16_t> rgba16;  ///< as rgba8
  Function<std::uint16_t> rgbx16;  ///< as rgbx8
};

/// Every kernel this processor can run, fastest first. The last one is portable C++.
std::vector<LumaKernel> luma_kernels();

/// The first of luma_kernels().
const LumaKernel& fastest_luma_kernel();

/// How `pixels` with so many channels become gray by linear light: sRGB is decoded, weighted to CIE
/// Y and encoded back, each at most 1 off the exact value. `channels` is 3 or 4; the fourth is
/// copied behind each gray when `keep_alpha`, else left out.
void linear_luma(const std::uint8_t* in, std::uint8_t* out, std::size_t pixels, unsigned channels,
                 bool keep_alpha);
void linear_luma(const std::uint16_t* in, std::uint16_t* out, std::size_t pixels, unsigned channels,
                 bool keep_alpha);

}  // namespace nodeops::image
