// SPDX-License-Identifier: MIT
#include "image/luma.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

#include "image/luma_sample.hpp"
#include "image/luma_x86.hpp"

namespace nodeops::image {
namespace {

template <class Sample, unsigned channels, bool keep_alpha>
void luma_portable(const Sample* in, Sample* out, std::size_t pixels, LumaWeights weights) {
  luma_samples<Sample, channels, keep_alpha>(in, out, pixels, weights);
}

constexpr LumaKernel portable_kernel{
    .name = "portable",
    .rgb8 = luma_portable<std::uint8_t, 3, false>,
    .rgba8 = luma_portable<std::uint8_t, 4, true>,
    .rgbx8 = luma_portable<std::uint8_t, 4, false>,
    .rgb16 = luma_portable<std::uint16_t, 3, false>,
    .rgba16 = luma_portable<std::uint16_t, 4, true>,
    .rgbx16 = luma_portable<std::uint16_t, 4, false>,
};

double decoded(double value) {
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double encoded(double light) {
  return light <= 0.0031308 ? light * 12.92 : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
}

constexpr std::size_t light_steps = 65536;

/// The sRGB curve both ways. Between two entries of `values` the curve is so straight that linear
/// interpolation is 0.005 of a 16-bit step off.
template <class Sample>
struct LinearTables {
  static constexpr std::size_t codes = sizeof(Sample) == 1 ? 256 : 65536;
  std::vector<float> light;   ///< of each code, 0 to light_steps
  std::vector<float> values;  ///< the code of each step of light

  LinearTables() : light(codes), values(light_steps + 2) {
    for (std::size_t i = 0; i < codes; ++i) {
      light[i] = static_cast<float>(decoded(static_cast<double>(i) / (codes - 1)) * light_steps);
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double here = static_cast<double>(std::min(i, light_steps)) / light_steps;
      values[i] = static_cast<float>(encoded(here) * (codes - 1));
    }
  }

  static const LinearTables& instance() {
    static const LinearTables tables;
    return tables;
  }

  Sample gray(Sample red, Sample green, Sample blue) const {
    // No colour cast where the three are equal: rounding in float could be one step off.
    if (red == green && green == blue) return red;
    const float sum = 0.2126F * light[red] + 0.7152F * light[green] + 0.0722F * light[blue];
    const float bounded = std::min(sum, static_cast<float>(light_steps));
    const auto step = static_cast<std::size_t>(bounded);
    const float rest = bounded - static_cast<float>(step);
    // Never negative: cut off, this is the nearest.
    const float raised = values[step] + rest * (values[step + 1] - values[step]) + 0.5F;
    return static_cast<Sample>(raised);
  }
};

template <class Sample>
void linear(const Sample* in, Sample* out, std::size_t pixels, unsigned channels, bool keep_alpha) {
  const auto& tables = LinearTables<Sample>::instance();
  for (std::size_t i = 0; i < pixels; ++i, in += channels) {
    *out++ = tables.gray(in[0], in[1], in[2]);
    if (keep_alpha) *out++ = in[3];
  }
}

}  // namespace

std::vector<LumaKernel> luma_kernels() {
  std::vector<LumaKernel> kernels = x86_luma_kernels();
  kernels.push_back(portable_kernel);
  return kernels;
}

const LumaKernel& fastest_luma_kernel() {
  static const LumaKernel fastest = luma_kernels().front();
  return fastest;
}

void linear_luma(const std::uint8_t* in, std::uint8_t* out, std::size_t pixels, unsigned channels,
                 bool keep_alpha) {
  linear(in, out, pixels, channels, keep_alpha);
}

void linear_luma(const std::uint16_t* in, std::uint16_t* out, std::size_t pixels, unsigned channels,
                 bool keep_alpha) {
  linear(in, out, pixels, channels, keep_alpha);
}

}  // namespace nodeops::image
