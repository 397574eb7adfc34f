// SPDX-License-Identifier: MIT
#include "image/luma.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <utility>

#include "core/error.hpp"
#include "image/luma_x86.hpp"

namespace nodeops::image {
namespace {

constexpr unsigned weight_bits = 15;

template <class Sample>
unsigned sample(const std::byte* at) {
  Sample value{};
  std::memcpy(&value, at, sizeof value);
  return value;
}

template <class Sample>
void store(std::byte* at, std::uint32_t value) {
  const auto narrow = static_cast<Sample>(value);
  std::memcpy(at, &narrow, sizeof narrow);
}

/// Any depth, with or without alpha.
template <class Sample, std::size_t channels>
void weigh(const std::byte* pixels, std::byte* gray, std::size_t count, LumaWeights weights) {
  constexpr std::size_t size = sizeof(Sample);
  constexpr std::size_t kept = channels - 2;
  for (std::size_t i = 0; i < count; ++i) {
    const std::byte* const pixel = pixels + i * channels * size;
    // 16-bit samples: at most 65535 * 2^15 + 2^14, which fits.
    const std::uint32_t sum =
        sample<Sample>(pixel) * weights.red + sample<Sample>(pixel + size) * weights.green +
        sample<Sample>(pixel + 2 * size) * weights.blue + (1U << (weight_bits - 1));
    store<Sample>(gray + i * kept * size, sum >> weight_bits);
    if constexpr (channels == 4) std::memcpy(gray + (i * 2 + 1) * size, pixel + 3 * size, size);
  }
}

/// The light of a sample, from 0 to 1 (IEC 61966-2-1).
double light_of(double value) {
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double value_of(double light) {
  return light <= 0.0031308 ? light * 12.92 : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
}

/// Light by sample and sample by light, the latter so fine that no rounding is wrong by more than
/// one step of 16 bits.
class LightTables {
 public:
  static constexpr std::size_t steps = std::size_t{1} << 18U;

  explicit LightTables(unsigned most) : light_(most + 1), value_(steps + 1) {
    for (unsigned i = 0; i <= most; ++i)
      light_[i] = static_cast<float>(light_of(double{1} * i / most));
    for (std::size_t i = 0; i <= steps; ++i) {
      // Dark values lie close together: the table is over the square root of the light.
      const double root = static_cast<double>(i) / steps;
      value_[i] = static_cast<std::uint16_t>(std::lround(value_of(root * root) * most));
    }
  }

  unsigned luminance(unsigned red, unsigned green, unsigned blue) const {
    // CIE Y of the primaries of BT.709, which sRGB has.
    const float light = 0.2126F * light_[red] + 0.7152F * light_[green] + 0.0722F * light_[blue];
    return value_[static_cast<std::size_t>(std::lround(std::sqrt(light) * steps))];
  }

 private:
  std::vector<float> light_;
  std::vector<std::uint16_t> value_;
};

template <class Sample>
const LightTables& light_tables() {
  static const LightTables tables((1U << (8 * sizeof(Sample))) - 1);
  return tables;
}

template <class Sample, std::size_t channels>
void weigh_light(const std::byte* pixels, std::byte* gray, std::size_t count, LumaWeights) {
  constexpr std::size_t size = sizeof(Sample);
  constexpr std::size_t kept = channels - 2;
  const LightTables& tables = light_tables<Sample>();
  for (std::size_t i = 0; i < count; ++i) {
    const std::byte* const pixel = pixels + i * channels * size;
    store<Sample>(gray + i * kept * size,
                  tables.luminance(sample<Sample>(pixel), sample<Sample>(pixel + size),
                                   sample<Sample>(pixel + 2 * size)));
    if constexpr (channels == 4) std::memcpy(gray + (i * 2 + 1) * size, pixel + 3 * size, size);
  }
}

using Row = void (*)(const std::byte*, std::byte*, std::size_t, LumaWeights);

Row row_function(const Pixels& pixels, Luma luma) {
  static const LumaKernel fastest = luma_kernels().front();
  const bool alpha = pixels.channels == 4;
  if (luma == Luma::linear) {
    if (pixels.bits == 8)
      return alpha ? weigh_light<std::uint8_t, 4> : weigh_light<std::uint8_t, 3>;
    return alpha ? weigh_light<std::uint16_t, 4> : weigh_light<std::uint16_t, 3>;
  }
  if (pixels.bits == 8) return alpha ? fastest.rgba : fastest.rgb;
  return alpha ? weigh<std::uint16_t, 4> : weigh<std::uint16_t, 3>;
}

}  // namespace

std::vector<LumaKernel> luma_kernels() {
  std::vector<LumaKernel> kernels = luma_kernels_x86();
  kernels.push_back(
      {.name = "portable", .rgb = weigh<std::uint8_t, 3>, .rgba = weigh<std::uint8_t, 4>});
  return kernels;
}

Pixels to_gray(Pixels pixels, Luma luma, const std::stop_token& stop) {
  if (pixels.channels < 3) return pixels;
  Pixels gray{.width = pixels.width,
              .height = pixels.height,
              .channels = pixels.channels - 2,
              .bits = pixels.bits};
  const Row row = row_function(pixels, luma);
  const LumaWeights weights = luma == Luma::bt709 ? bt709_weights : bt601_weights;
  // In place: a row of the result never reaches beyond the row that is read.
  const std::size_t from_bytes = pixels.row_bytes();
  const std::size_t to_bytes = gray.row_bytes();
  gray.bytes = std::move(pixels.bytes);
  std::vector<std::byte> line(to_bytes);
  for (std::uint32_t y = 0; y < gray.height; ++y) {
    if (y % 64 == 0 && stop.stop_requested()) throw AppError(ErrorKind::interrupted, "stopped");
    row(gray.bytes.data() + y * from_bytes, line.data(), gray.width, weights);
    std::memcpy(gray.bytes.data() + y * to_bytes, line.data(), to_bytes);
  }
  gray.bytes.resize(to_bytes * gray.height);
  return gray;
}

}  // namespace nodeops::image
