// SPDX-License-Identifier: MIT
#include "image/luma.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

using namespace nodeops::image;

namespace {

template <class Sample>
std::vector<Sample> noise(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<Sample> samples(count);
  for (Sample& sample : samples) sample = static_cast<Sample>(random());
  return samples;
}

template <class Sample>
void compare(const char* name, LumaKernel::Function<Sample> kernel,
             LumaKernel::Function<Sample> portable, std::size_t channels, std::size_t step) {
  for (std::size_t pixels = 0; pixels < 200; ++pixels) {
    // Exactly as long as said, so that a sanitizer sees every byte read or written too far.
    const auto in = noise<Sample>(pixels * channels, static_cast<unsigned>(pixels));
    std::vector<Sample> expected(pixels * step);
    std::vector<Sample> got(pixels * step);
    portable(in.data(), expected.data(), pixels, bt601_weights);
    kernel(in.data(), got.data(), pixels, bt601_weights);
    CHECK_MESSAGE(got == expected, name << ", " << pixels << " pixels of " << channels);
    portable(in.data(), expected.data(), pixels, bt709_weights);
    kernel(in.data(), got.data(), pixels, bt709_weights);
    CHECK_MESSAGE(got == expected, name << ", " << pixels << " pixels of " << channels);
  }
}

double decoded(double value) {
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double encoded(double light) {
  return light <= 0.0031308 ? light * 12.92 : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
}

template <class Sample>
void check_linear(double largest) {
  const std::size_t pixels = 20'000;
  const auto in = noise<Sample>(pixels * 3, 7);
  std::vector<Sample> out(pixels);
  linear_luma(in.data(), out.data(), pixels, 3, false);
  double worst = 0;
  for (std::size_t i = 0; i < pixels; ++i) {
    const double light = 0.2126 * decoded(in[3 * i] / largest) +
                         0.7152 * decoded(in[3 * i + 1] / largest) +
                         0.0722 * decoded(in[3 * i + 2] / largest);
    worst = std::max(worst, std::abs(out[i] - encoded(light) * largest));
  }
  CHECK(worst <= 1);
}

}  // namespace

TEST_CASE("every luma kernel gives what the portable one gives, at every length") {
  const auto kernels = luma_kernels();
  const LumaKernel& portable = kernels.back();
  CHECK(std::string(portable.name) == "portable");
  for (const LumaKernel& kernel : kernels) {
    compare<std::uint8_t>(kernel.name, kernel.rgb8, portable.rgb8, 3, 1);
    compare<std::uint8_t>(kernel.name, kernel.rgba8, portable.rgba8, 4, 2);
    compare<std::uint8_t>(kernel.name, kernel.rgbx8, portable.rgbx8, 4, 1);
    compare<std::uint16_t>(kernel.name, kernel.rgb16, portable.rgb16, 3, 1);
    compare<std::uint16_t>(kernel.name, kernel.rgba16, portable.rgba16, 4, 2);
    compare<std::uint16_t>(kernel.name, kernel.rgbx16, portable.rgbx16, 4, 1);
  }
}

TEST_CASE("of all 8-bit colours no luma is more than 1 off the exact value") {
  std::vector<std::uint8_t> row(256 * 3);
  std::vector<std::uint8_t> gray(256);
  double worst_601 = 0;
  double worst_709 = 0;
  for (unsigned red = 0; red < 256; ++red) {
    for (unsigned green = 0; green < 256; ++green) {
      for (unsigned blue = 0; blue < 256; ++blue) {
        row[3 * blue] = static_cast<std::uint8_t>(red);
        row[3 * blue + 1] = static_cast<std::uint8_t>(green);
        row[3 * blue + 2] = static_cast<std::uint8_t>(blue);
      }
      fastest_luma_kernel().rgb8(row.data(), gray.data(), 256, bt601_weights);
      for (unsigned blue = 0; blue < 256; ++blue) {
        worst_601 =
            std::max(worst_601, std::abs(gray[blue] - (.299 * red + .587 * green + .114 * blue)));
      }
      fastest_luma_kernel().rgb8(row.data(), gray.data(), 256, bt709_weights);
      for (unsigned blue = 0; blue < 256; ++blue) {
        worst_709 = std::max(worst_709,
                             std::abs(gray[blue] - (.2126 * red + .7152 * green + .0722 * blue)));
      }
    }
  }
  // Half a step of rounding, and what the weights are off.
  CHECK(worst_601 <= 0.52);
  CHECK(worst_709 <= 0.52);
}

TEST_CASE("of 16-bit colours no luma is more than 1 off the exact value") {
  // The corners, where the weights' rounding adds up, and noise.
  auto in = noise<std::uint16_t>(60'000, 3);
  for (std::size_t i = 0; i < 24; ++i) in[i] = (i / 3 >> i % 3 & 1) != 0 ? 65535 : 0;
  std::vector<std::uint16_t> out(in.size() / 3);
  const auto worst = [&](double red, double green, double blue) {
    double most = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
      most = std::max(most, std::abs(out[i] - (red * in[3 * i] + green * in[3 * i + 1] +
                                               blue * in[3 * i + 2])));
    }
    return most;
  };
  fastest_luma_kernel().rgb16(in.data(), out.data(), out.size(), bt601_weights);
  CHECK(worst(.299, .587, .114) < 1);
  fastest_luma_kernel().rgb16(in.data(), out.data(), out.size(), bt709_weights);
  CHECK(worst(.2126, .7152, .0722) < 1);
}

TEST_CASE("what is gray already stays as it is") {
  std::vector<std::uint16_t> in;
  for (unsigned value = 0; value < 65536; ++value) {
    in.insert(in.end(), 3, static_cast<std::uint16_t>(value));
  }
  std::vector<std::uint16_t> out(65536);
  const auto same = [&] {
    for (unsigned value = 0; value < 65536; ++value) {
      if (out[value] != value) return false;
    }
    return true;
  };
  fastest_luma_kernel().rgb16(in.data(), out.data(), 65536, bt601_weights);
  CHECK(same());
  fastest_luma_kernel().rgb16(in.data(), out.data(), 65536, bt709_weights);
  CHECK(same());
  linear_luma(in.data(), out.data(), 65536, 3, false);
  CHECK(same());
}

TEST_CASE("luminance in linear light is at most 1 off the exact value") {
  check_linear<std::uint8_t>(255);
  check_linear<std::uint16_t>(65535);
}

TEST_CASE("linear light keeps or drops alpha as it is told") {
  const std::vector<std::uint8_t> in{255, 0, 0, 7, 0, 255, 0, 9};
  std::vector<std::uint8_t> kept(4);
  linear_luma(in.data(), kept.data(), 2, 4, true);
  CHECK(kept == std::vector<std::uint8_t>{127, 7, 220, 9});
  std::vector<std::uint8_t> dropped(2);
  linear_luma(in.data(), dropped.data(), 2, 4, false);
  CHECK(dropped == std::vector<std::uint8_t>{127, 220});
}
