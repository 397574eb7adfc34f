// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <stop_token>
#include <string>
#include <vector>

#include "image/convert.hpp"
#include "image/pixels.hpp"

namespace nodeops::image {

/// Weights of red, green and blue in 2^15ths, their sum 2^15, so that a sum of products of 8-bit
/// samples fits 32 bits. Luma is (red * r + green * g + blue * b + 2^14) / 2^15, rounded down: at
/// most 0.51 from the exact value. 16-bit samples use the same weights.
struct LumaWeights {
  unsigned red;
  unsigned green;
  unsigned blue;
};
inline constexpr LumaWeights bt601_weights = {9798, 19235, 3735};  ///< ITU-R BT.601: .299 .587 .114
inline constexpr LumaWeights bt709_weights = {6966, 23436,
                                              2366};  ///< ITU-R BT.709: .2126 .7152 .0722

/// One way to turn 8-bit pixels gray. `pixels` are RGB or RGBA; `gray` gets one byte for each RGB
/// pixel, two for each RGBA pixel, the alpha as it was.
struct LumaKernel {
  std::string name;
  void (*rgb)(const std::byte* pixels, std::byte* gray, std::size_t count, LumaWeights weights);
  void (*rgba)(const std::byte* pixels, std::byte* gray, std::size_t count, LumaWeights weights);
};

/// Every kernel that this processor can run, fastest first. The last one is portable C++; all give
/// the same bytes.
std::vector<LumaKernel> luma_kernels();

/// The gray image: one channel of three, two of four. An image that is gray already stays as it
/// is. Throws AppError interrupted when stopped.
Pixels to_gray(Pixels pixels, Luma luma, const std::stop_token& stop);

}  // namespace nodeops::image
