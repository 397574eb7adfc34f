// SPDX-License-Identifier: MIT
#include "image/jpeg_luma.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"
#include "image/jpeg_metadata.hpp"
#include "jpeg_samples.hpp"

using namespace nodeops;
using nodeops::test::JpegSample;
using nodeops::test::luma_coefficients;
using nodeops::test::make_jpeg;

namespace {

std::optional<std::string> by_scan(const std::string& file) {
  const auto layout = image::jpeg_layout(file);
  if (!layout) return std::nullopt;
  return image::copy_luma_scan(file, *layout, {}, {});
}

std::optional<std::string> by_coefficients(const std::string& file) {
  return image::copy_luma_coefficients(file, {}, UINT64_MAX, {});
}

std::optional<std::string> carried(const std::string& file,
                                   const image::CarryOptions& options = {}) {
  return image::carry_luma(std::as_bytes(std::span(file)), options, {});
}

/// Both ways give the luma of the file, in one component.
void check_both(const JpegSample& sample) {
  CAPTURE(sample.width);
  CAPTURE(sample.height);
  CAPTURE(sample.across);
  CAPTURE(sample.down);
  CAPTURE(sample.restart_interval);
  const std::string file = make_jpeg(sample);
  const auto expected = luma_coefficients(file);
  REQUIRE(expected);
  const auto copied = by_scan(file);
  REQUIRE(copied);
  const auto found = luma_coefficients(*copied);
  REQUIRE(found);
  CHECK(found->components == 1);
  CHECK(*found == *expected);
  const auto transcoded = by_coefficients(file);
  REQUIRE(transcoded);
  CHECK(luma_coefficients(*transcoded) == expected);
}

constexpr std::array<std::pair<int, int>, 6> samplings = {
    {{1, 1}, {2, 1}, {1, 2}, {2, 2}, {4, 1}, {1, 4}}};

}  // namespace

TEST_CASE("luma is copied from scan to scan at every size, in every sampling") {
  std::uint32_t seed = 0;
  for (const auto& [across, down] : samplings) {
    for (unsigned width = 1; width <= 40; ++width) {
      for (unsigned height = 1; height <= 40; ++height) {
        check_both({.width = width,
                    .height = height,
                    .across = across,
                    .down = down,
                    .restart_interval = ++seed % 5,
                    .optimized = seed % 7 == 0,
                    .quality = static_cast<int>(10 + seed % 91),
                    .seed = seed});
      }
    }
  }
}

TEST_CASE("gray is carried over from scan to scan, without its restarts") {
  for (unsigned side = 1; side <= 40; ++side) {
    check_both({.width = side,
                .height = 41 - side,
                .across = 1,
                .down = 1,
                .restart_interval = side % 4,
                .space = JCS_GRAYSCALE});
  }
}

TEST_CASE("many restarts, wide rows and every quality keep luma as it is") {
  for (const unsigned interval : {0U, 1U, 2U, 7U, 63U, 1000U}) {
    check_both({.width = 700, .height = 90, .restart_interval = interval, .optimized = true});
  }
  for (int quality = 1; quality <= 100; ++quality) {
    check_both({.width = 100, .height = 60, .across = 1, .down = 2, .quality = quality});
  }
}

TEST_CASE("a progressive file becomes sequential and keeps its coefficients") {
  const std::string file = make_jpeg({.width = 77, .height = 50, .progressive = true});
  CHECK_FALSE(by_scan(file));
  const auto gray = carried(file);
  REQUIRE(gray);
  CHECK(luma_coefficients(*gray) == luma_coefficients(file));
  CHECK(luma_coefficients(*gray)->components == 1);
  CHECK_FALSE(carried(file, {.most_bytes = 1000}));
}

TEST_CASE("arithmetic codes become Huffman's, with the same coefficients") {
  const std::string file = make_jpeg({.arithmetic = true});
  CHECK_FALSE(by_scan(file));
  const auto gray = carried(file);
  REQUIRE(gray);
  CHECK(luma_coefficients(*gray) == luma_coefficients(file));
  CHECK(image::jpeg_layout(*gray)->frame == 0xc0);
}

TEST_CASE("a file that only libjpeg makes sense of keeps its luma, and what it carries") {
  std::string exif("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0", 26);
  std::string file = make_jpeg({});
  // A number of lines where none belongs: libjpeg steps over it.
  file.insert(
      2, image::jpeg_segments({exif, "", "", std::nullopt}) + std::string("\xff\xdc\0\4\0\x10", 6));
  if (image::jpeg_layout(file)) FAIL("the file is not odd enough");
  const auto gray = carried(file);
  REQUIRE(gray);
  CHECK(luma_coefficients(*gray) == luma_coefficients(file));
  CHECK(image::jpeg_layout(*gray)->metadata.exif == exif);
}

TEST_CASE("what has no luma takes the way of the pixels") {
  CHECK_FALSE(carried(make_jpeg({.across = 1, .down = 1, .space = JCS_RGB})));
  CHECK_FALSE(carried("no image"));
  CHECK_FALSE(carried(""));
}

TEST_CASE("a file that is cut anywhere is an error, never a padded image") {
  const std::string file = make_jpeg({.width = 60, .height = 40, .restart_interval = 3});
  for (std::size_t size = 0; size < file.size(); ++size) {
    CAPTURE(size);
    const std::string cut = file.substr(0, size);
    CHECK_FALSE(by_scan(cut));
    if (size < 2) {
      CHECK_FALSE(carried(cut));
    } else {
      CHECK_THROWS_AS(carried(cut), AppError);
    }
  }
  CHECK_THROWS_WITH(carried(file.substr(0, file.size() - 2)), "truncated");
}

TEST_CASE("a damaged file falls back, or libjpeg agrees") {
  std::uint32_t random = 7;
  const auto next = [&random](std::size_t limit) {
    random = random * 1664525 + 1013904223;
    return (random >> 8) % limit;
  };
  std::size_t copied_anyway = 0;
  for (std::uint32_t round = 0; round < 6000; ++round) {
    const auto& [across, down] = samplings.at(round % samplings.size());
    std::string file = make_jpeg({.width = 40 + round % 30,
                                  .height = 33,
                                  .across = across,
                                  .down = down,
                                  .restart_interval = round % 4,
                                  .optimized = round % 3 == 0,
                                  .seed = round});
    const std::size_t flips = 1 + next(3);
    for (std::size_t i = 0; i < flips; ++i) {
      file[next(file.size())] ^= static_cast<char>(1U << next(8));
    }
    if (round % 5 == 0) file.resize(next(file.size()));
    CAPTURE(round);
    const auto copied = by_scan(file);
    if (!copied) continue;
    ++copied_anyway;
    const auto expected = luma_coefficients(file);
    REQUIRE(expected);
    const auto found = luma_coefficients(*copied);
    REQUIRE(found);
    CHECK(*found == *expected);
  }
  CHECK(copied_anyway > 500);
}

TEST_CASE("a stop ends both ways") {
  std::stop_source stop;
  stop.request_stop();
  for (const bool progressive : {false, true}) {
    const std::string file = make_jpeg({.progressive = progressive});
    CHECK_THROWS_AS(image::carry_luma(std::as_bytes(std::span(file)), {}, stop.get_token()),
                    AppError);
  }
}
