// SPDX-License-Identifier: MIT
#include "image/exif.hpp"

#include <doctest/doctest.h>

#include "image/metadata.hpp"

using namespace nodeops::image;
using namespace std::string_literals;

namespace {

const std::string big_endian =
    "MM\0*\0\0\0\x08\0\x02\x01\x0f\0\2\0\0\0\1A\0\0\0\x01\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"s;
const std::string little_endian = "II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\x08\0\0\0\0\0\0\0"s;

/// One directory with two more entries than the orientation, and a second one with the sizes; of
/// different types, as cameras write them.
const std::string camera =
    "MM\0*\0\0\0\x08"
    "\0\4"
    "\x01\x12\0\3\0\0\0\1\0\6\0\0"
    "\x01\x1a\0\5\0\0\0\1\0\0\0\x60"
    "\x01\x1b\0\5\0\0\0\1\0\0\0\x68"
    "\x87\x69\0\4\0\0\0\1\0\0\0\x3e"
    "\0\0\0\0"
    "\0\2"
    "\xa0\x02\0\3\0\0\0\1\x0f\xa0\0\0"
    "\xa0\x03\0\4\0\0\0\1\0\0\x0b\xb8"
    "\0\0\0\0"s;

}  // namespace

TEST_CASE("the orientation is read and set in both byte orders") {
  for (const auto& [body, found] : {std::pair(big_endian, 6U), {little_endian, 8U}}) {
    std::string text = body;
    Exif exif(text);
    CHECK(exif.orientation() == found);
    exif.set_orientation(3);
    CHECK(exif.orientation() == 3U);
  }
}

TEST_CASE("EXIF that is cut or makes no sense has no orientation and is left as it is") {
  for (const std::string& whole : {big_endian, little_endian, camera}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const std::string cut = whole.substr(0, size);
      std::string text = cut;
      Exif exif(text);
      if (exif.orientation()) continue;
      exif.set_orientation(1);
      exif.exchange_axes();
      CHECK(text == cut);
    }
  }
  std::string far = "MM\0*\xff\xff\xff\xff"s;
  Exif exif(far);
  exif.set_orientation(5);
  CHECK_FALSE(exif.orientation());
}

TEST_CASE("a picture that was turned on its side is as wide as it was high, everywhere") {
  Metadata metadata{.exif = camera,
                    .xmp = "<x tiff:Orientation=\"6\"/>",
                    .density = Density{300, 150, Density::Unit::inch}};
  CHECK(orientation(metadata) == 6);
  set_upright(metadata);
  CHECK(orientation(metadata) == 1);
  CHECK(metadata.density->x == 150);
  CHECK(metadata.density->y == 300);
  CHECK(metadata.xmp == "<x tiff:Orientation=\"1\"/>");
  const auto value = [&](std::size_t at) { return metadata.exif.substr(at, 10); };
  CHECK(value(24) == "\0\5\0\0\0\1\0\0\0\x68"s);  // XResolution
  CHECK(value(36) == "\0\5\0\0\0\1\0\0\0\x60"s);
  CHECK(value(66) == "\0\4\0\0\0\1\0\0\x0b\xb8"s);  // PixelXDimension
  CHECK(value(78) == "\0\3\0\0\0\1\x0f\xa0\0\0"s);
}

TEST_CASE("a picture that was turned on its head keeps its width") {
  Metadata metadata{.exif = camera,
                    .xmp = "<tiff:Orientation>3</tiff:Orientation>",
                    .density = Density{300, 150, Density::Unit::inch}};
  metadata.exif[19] = 3;
  set_upright(metadata);
  CHECK(orientation(metadata) == 1);
  CHECK(metadata.xmp == "<tiff:Orientation>1</tiff:Orientation>");
  CHECK(metadata.density->x == 300);
  CHECK(metadata.exif.substr(20) == camera.substr(20));
}

TEST_CASE("XMP that gives no orientation is left as it is") {
  for (const char* const text :
       {"", "tiff:Orientation", "tiff:Orientation=\"", "tiff:Orientation=\"6",
        "tiff:Orientation=\"66\"", "tiff:Orientation=\"9\"", "tiff:OrientationX=\"6\""}) {
    Metadata metadata{.exif = big_endian, .xmp = text};
    set_upright(metadata);
    CHECK(metadata.xmp == text);
  }
}
