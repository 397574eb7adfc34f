// SPDX-License-Identifier: MIT
#include "image/luma.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

#include "core/seeded_random.hpp"

using namespace nodeops;
using namespace nodeops::image;

namespace {

std::vector<std::byte> random_bytes(std::size_t size, std::uint64_t seed) {
  SeededRandom random(seed);
  std::vector<std::byte> bytes(size);
  for (auto& one : bytes) one = static_cast<std::byte>(random.next());
  return bytes;
}

unsigned at(const std::vector<std::byte>& bytes, std::size_t place) {
  return std::to_integer<unsigned>(bytes[place]);
}

double light_of(double value) {
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}
double value_of(double light) {
  return light <= 0.0031308 ? light * 12.92 : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
}

/// One RGB pixel of 8 bits.
Pixels pixel(unsigned red, unsigned green, unsigned blue) {
  return {.width = 1,
          .height = 1,
          .channels = 3,
          .bits = 8,
          .bytes = {std::byte(red), std::byte(green), std::byte(blue)}};
}

}  // namespace

TEST_CASE("every kernel gives the bytes of the portable one, at every length") {
  const auto kernels = luma_kernels();
  const LumaKernel& portable = kernels.back();
  REQUIRE(portable.name == "portable");
  for (std::size_t count = 0; count <= 200; ++count) {
    const auto rgb = random_bytes(count * 3, count);
    const auto rgba = random_bytes(count * 4, count);
    for (const LumaWeights weights : {bt601_weights, bt709_weights}) {
      std::vector<std::byte> expected(count + 1, std::byte{7});
      std::vector<std::byte> expected_alpha(2 * count + 1, std::byte{7});
      portable.rgb(rgb.data(), expected.data(), count, weights);
      portable.rgba(rgba.data(), expected_alpha.data(), count, weights);
      for (const LumaKernel& kernel : kernels) {
        CAPTURE(kernel.name);
        CAPTURE(count);
        std::vector<std::byte> got(count + 1, std::byte{7});
        std::vector<std::byte> got_alpha(2 * count + 1, std::byte{7});
        kernel.rgb(rgb.data(), got.data(), count, weights);
        kernel.rgba(rgba.data(), got_alpha.data(), count, weights);
        CHECK(got == expected);
        CHECK(got_alpha == expected_alpha);
      }
    }
  }
}

TEST_CASE("luma is at most 0.51 from the exact value") {
  SeededRandom random(3);
  for (int i = 0; i < 20'000; ++i) {
    const unsigned r = random.next() % 256;
    const unsigned g = random.next() % 256;
    const unsigned b = random.next() % 256;
    const auto gray = [&](Luma luma) {
      return double(at(to_gray(pixel(r, g, b), luma, {}).bytes, 0));
    };
    CHECK(std::abs(gray(Luma::bt601) - (.299 * r + .587 * g + .114 * b)) <= 0.51);
    CHECK(std::abs(gray(Luma::bt709) - (.2126 * r + .7152 * g + .0722 * b)) <= 0.51);
    const double light =
        .2126 * light_of(r / 255.) + .7152 * light_of(g / 255.) + .0722 * light_of(b / 255.);
    CHECK(std::abs(gray(Luma::linear) - 255 * value_of(light)) <= 0.51);
  }
}

TEST_CASE("gray stays what it was in every way of weighing, and so does white") {
  for (unsigned v = 0; v < 256; ++v) {
    for (const Luma luma : {Luma::bt601, Luma::bt709, Luma::linear})
      CHECK(at(to_gray(pixel(v, v, v), luma, {}).bytes, 0) == v);
  }
}

TEST_CASE("16-bit samples keep their 16 bits, and alpha stays") {
  Pixels pixels{.width = 2, .height = 1, .channels = 4, .bits = 16};
  const std::uint16_t samples[] = {65535, 0, 0, 1234, 1000, 2000, 3000, 65535};
  pixels.bytes.resize(sizeof samples);
  std::memcpy(pixels.bytes.data(), samples, sizeof samples);
  for (const Luma luma : {Luma::bt601, Luma::linear}) {
    const Pixels gray = to_gray(pixels, luma, {});
    CHECK(gray.channels == 2);
    std::uint16_t got[4];
    REQUIRE(gray.bytes.size() == sizeof got);
    std::memcpy(got, gray.bytes.data(), sizeof got);
    CHECK(got[1] == 1234);
    CHECK(got[3] == 65535);
    if (luma == Luma::bt601) {
      CHECK(std::abs(got[0] - 65535 * .299) < 2);
      CHECK(std::abs(got[2] - (299. + 1174 + 342)) < 2);
    }
  }
}
