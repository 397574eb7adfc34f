// SPDX-License-Identifier: MIT
#include "image/metadata.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <vector>

#include "image/gray_change.hpp"

using namespace nodeops::image;
using namespace std::string_literals;

namespace {

GrayImage counted(std::uint32_t width, std::uint32_t height, unsigned bits, bool alpha) {
  GrayImage image{width, height, bits, alpha, {}};
  image.samples = SampleMemory(image.row_bytes() * height);
  for (std::size_t i = 0; i < image.samples.size(); ++i) {
    image.samples.data()[i] = static_cast<std::byte>(i / image.pixel_bytes());
  }
  return image;
}

/// The first byte of every pixel.
std::vector<int> pixels(const GrayImage& image) {
  std::vector<int> found;
  for (std::size_t i = 0; i < image.row_bytes() * image.height; i += image.pixel_bytes()) {
    found.push_back(std::to_integer<int>(image.samples.data()[i]));
  }
  return found;
}

}  // namespace

TEST_CASE("an image is turned as each of the eight orientations says") {
  // 0 1 2
  // 3 4 5
  const std::vector<std::vector<int>> shown{
      {0, 1, 2, 3, 4, 5}, {2, 1, 0, 5, 4, 3}, {5, 4, 3, 2, 1, 0}, {3, 4, 5, 0, 1, 2},
      {0, 3, 1, 4, 2, 5}, {3, 0, 4, 1, 5, 2}, {5, 2, 4, 1, 3, 0}, {2, 5, 1, 4, 0, 3}};
  for (const unsigned bits : {8U, 16U}) {
    for (const bool alpha : {false, true}) {
      for (unsigned number = 1; number <= 8; ++number) {
        const GrayImage result = turned(counted(3, 2, bits, alpha), number);
        CHECK(result.width == (number < 5 ? 3 : 2));
        CHECK_MESSAGE(pixels(result) == shown[number - 1], "orientation " << number);
      }
    }
  }
  // Larger than the tiles it is turned in: there and back again.
  const GrayImage large = counted(150, 90, 8, false);
  CHECK(pixels(turned(turned(counted(150, 90, 8, false), 6), 8)) == pixels(large));
}

TEST_CASE("16 bits become the nearest 8") {
  GrayImage image{3, 1, 16, false, SampleMemory(6)};
  const std::uint16_t values[] = {0x00ff, 0x8000, 0xffff};
  std::memcpy(image.samples.data(), values, sizeof values);
  reduce_to_eight_bits(image);
  CHECK(image.bits == 8);
  CHECK(pixels(image) == std::vector<int>{1, 128, 255});
}

TEST_CASE("a colour profile with one curve becomes a gray one, another is refused") {
  const auto profile = [](const std::string& green) {
    std::string icc(128, '\0');
    icc.replace(12, 12, "mntrRGB XYZ ");
    const std::vector<std::pair<std::string, std::string>> tags{{"desc", "descname"},
                                                                {"cprt", "textfree"},
                                                                {"wtpt", "XYZ white"},
                                                                {"rTRC", "curv 2.2"},
                                                                {"gTRC", green}};
    std::string bodies;
    icc += "\0\0\0\5"s;
    for (const auto& [name, data] : tags) {
      icc += name + "\0\0\0"s + static_cast<char>(128 + 4 + 60 + bodies.size()) + "\0\0\0"s +
             static_cast<char>(data.size());
      bodies += data;
    }
    return icc + bodies;
  };
  const std::string gray = gray_profile(profile("curv 2.2"));
  CHECK(is_gray_profile(gray));
  CHECK(!is_gray_profile(profile("curv 2.2")));
  CHECK(gray.find("kTRC") != std::string::npos);
  CHECK(gray.find("curv 2.2") != std::string::npos);
  CHECK(static_cast<unsigned char>(gray[3]) + 256 * gray[2] == static_cast<int>(gray.size()));
  CHECK(gray_profile(profile("curv 1.8")).empty());
  for (std::size_t size = 0; size < 190; ++size) {
    CHECK(gray_profile(profile("curv 2.2").substr(0, size)).empty());
  }
}

TEST_CASE("without its details an image keeps what shows how it looks") {
  const Metadata bare = without_details({.exif = "e",
                                         .icc = "i",
                                         .xmp = "x",
                                         .density = Density{72, 72, Density::Unit::inch},
                                         .gamma = 45455});
  CHECK(bare.exif.empty());
  CHECK(bare.icc.empty());
  CHECK(bare.xmp.empty());
  CHECK(bare.density->x == 72);
  CHECK(bare.gamma == 45455U);
}
