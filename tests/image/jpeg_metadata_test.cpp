// SPDX-License-Identifier: MIT
#include "image/jpeg_metadata.hpp"

#include <doctest/doctest.h>

#include "image/jpeg_luma.hpp"
#include "jpeg_samples.hpp"

using namespace nodeops;
using nodeops::test::make_jpeg;

namespace {

std::string piece(int number, int count, std::string_view bytes) {
  std::string content("ICC_PROFILE\0", 12);
  content += static_cast<char>(number);
  content += static_cast<char>(count);
  return content.append(bytes);
}

image::Metadata profile_of(const std::vector<std::string>& pieces) {
  image::JpegMetadata collected;
  for (const std::string& content : pieces) collected.take(2, content);
  return std::move(collected).finish();
}

/// The file with these segments behind its start.
std::string with_segments(const std::string& file, const std::string& segments) {
  return file.substr(0, 2) + segments + file.substr(2);
}

}  // namespace

TEST_CASE("a profile is put together by the numbers of its pieces") {
  CHECK(profile_of({piece(2, 3, "b"), piece(3, 3, "c"), piece(1, 3, "a")}).icc == "abc");
  CHECK(profile_of({piece(1, 1, "whole")}).icc == "whole");
}

TEST_CASE("a profile whose pieces do not fit together is none") {
  CHECK(profile_of({piece(1, 2, "a")}).icc.empty());
  CHECK(profile_of({piece(1, 2, "a"), piece(1, 2, "b")}).icc.empty());
  CHECK(profile_of({piece(0, 1, "a")}).icc.empty());
  CHECK(profile_of({piece(1, 0, "a")}).icc.empty());
  CHECK(profile_of({piece(1, 2, "a"), piece(2, 3, "b")}).icc.empty());
  CHECK(profile_of({piece(5, 2, "a")}).icc.empty());
}

TEST_CASE("what was written into segments is read from them") {
  const image::Metadata metadata{"II*\0EXIF", std::string(150'000, 'p'), "<xmp/>",
                                 image::Density{300, 200, image::Density::Unit::inch}};
  const auto layout =
      image::jpeg_layout(with_segments(make_jpeg({}), image::jpeg_segments(metadata)));
  REQUIRE(layout);
  CHECK(layout->metadata.exif == metadata.exif);
  CHECK(layout->metadata.icc == metadata.icc);
  CHECK(layout->metadata.xmp == metadata.xmp);
  REQUIRE(layout->metadata.density);
  CHECK(layout->metadata.density->x == 300);
  CHECK(layout->metadata.density->y == 200);
  CHECK(layout->metadata.density->unit == image::Density::Unit::inch);
}

TEST_CASE("carried luma keeps its metadata, or leaves it when told so") {
  std::string exif("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0", 26);
  const std::string file = with_segments(
      make_jpeg({}), image::jpeg_segments(
                         {exif, "", "<xmp/>", image::Density{72, 72, image::Density::Unit::inch}}));
  const auto bytes = std::as_bytes(std::span(file));
  const auto kept = image::carry_luma(bytes, {}, {});
  REQUIRE(kept);
  CHECK(image::jpeg_layout(*kept)->metadata.exif == exif);
  CHECK(image::jpeg_layout(*kept)->metadata.xmp == "<xmp/>");
  CHECK(image::jpeg_layout(*kept)->metadata.density->x == 72);
  const auto stripped = image::carry_luma(bytes, {.strip_metadata = true}, {});
  REQUIRE(stripped);
  CHECK(image::jpeg_layout(*stripped)->metadata.exif.empty());
  CHECK(image::jpeg_layout(*stripped)->metadata.xmp.empty());
  CHECK_FALSE(image::carry_luma(bytes, {.apply_orientation = true}, {}));
}

TEST_CASE("a colour profile that makes no gray one is dropped with a note") {
  const std::string file = with_segments(
      make_jpeg({}), image::jpeg_segments({"", std::string(200, 'p'), "", std::nullopt}));
  std::vector<std::string> notes;
  const auto gray = image::carry_luma(std::as_bytes(std::span(file)), {.notes = &notes}, {});
  REQUIRE(gray);
  CHECK(image::jpeg_layout(*gray)->metadata.icc.empty());
  CHECK(notes == std::vector<std::string>{"the colour profile does not fit and was dropped"});
}

TEST_CASE("what is too long for a JPEG is dropped with a note") {
  const image::Metadata metadata{.exif = std::string(70'000, 'e'),
                                 .icc = std::string(17 << 20, 'i'),
                                 .xmp = std::string(65'000, 'x')};
  std::vector<std::string> notes;
  image::note_what_jpeg_loses(metadata, notes);
  CHECK(notes == std::vector<std::string>{"its EXIF is too long for a JPEG and was dropped",
                                          "its profile is too long for a JPEG and was dropped"});
  const auto layout =
      image::jpeg_layout(with_segments(make_jpeg({}), image::jpeg_segments(metadata)));
  REQUIRE(layout);
  CHECK(layout->metadata.exif.empty());
  CHECK(layout->metadata.icc.empty());
  CHECK(layout->metadata.xmp == metadata.xmp);
}
