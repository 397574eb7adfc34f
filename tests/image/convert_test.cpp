// SPDX-License-Identifier: MIT
#include "image/convert.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"
#include "core/seeded_random.hpp"
#include "pictures.hpp"

using namespace nodeops;
using namespace nodeops::image;
using namespace nodeops::test;
using namespace std::string_literals;

namespace {

std::string gray_source(unsigned width, unsigned height) {
  return pnm(width, height, 1, 255,
             [](unsigned x, unsigned y, unsigned) { return (x * 37 + y * 91 + x * y) % 256; });
}

ImageHeader header_of(std::string_view file, const ConvertOptions& options = {}) {
  return inspect(bytes_of(file), options);
}

}  // namespace

TEST_CASE("every format that can be written reads back the same grays") {
  const std::string source = gray_source(53, 31);
  const auto expected = read_pgm(source).samples;
  const std::pair<Target, Format> lossless[] = {{Target::png, Format::png},
                                                {Target::bmp, Format::bmp},
                                                {Target::tga, Format::tga},
                                                {Target::pgm, Format::pnm},
                                                {Target::webp, Format::webp}};
  for (const auto& [target, format] : lossless) {
    const auto there = converted(source, {.to = target});
    CHECK(there.notes.empty());
    const ImageHeader header = header_of(there.bytes);
    CHECK(header.format == format);
    CHECK(header.width == 53);
    CHECK(header.height == 31);
    CHECK(read_pgm(converted(there.bytes, {.to = Target::pgm}).bytes).samples == expected);
  }
}

TEST_CASE("transparency survives in PNG, WebP and TGA, and is dropped elsewhere with a note") {
  const std::string source =
      png({.width = 2, .height = 1, .colour_type = 4, .rows = "\0\x40\x80\x41\xff"s});
  for (const Target target : {Target::png, Target::webp, Target::tga}) {
    const auto there = converted(source, {.to = target});
    CHECK(there.notes.empty());
    const auto back = converted(there.bytes, {.to = Target::png});
    CHECK(chunk_of(back.bytes, "IHDR").substr(8, 2) == "\x08\x04");
    CHECK(read_pgm(converted(there.bytes, {.to = Target::pgm}).bytes).samples ==
          std::vector<unsigned>{0x40, 0x41});
  }
  for (const Target target : {Target::jpg, Target::bmp, Target::pgm}) {
    CHECK(converted(source, {.to = target}).notes ==
          std::vector<std::string>{"transparency was dropped"});
    CHECK(converted(source, {.to = target, .drop_alpha = true}).notes.empty());
  }
}

TEST_CASE("keep keeps the format where it can be written, and is PNG where not") {
  const std::string source = gray_source(5, 4);
  for (const auto& [target, extension] : {std::pair{Target::png, "png"},
                                          {Target::jpg, "jpg"},
                                          {Target::bmp, "bmp"},
                                          {Target::tga, "tga"},
                                          {Target::pgm, "pgm"},
                                          {Target::webp, "webp"}}) {
    const std::string there = converted(source, {.to = target}).bytes;
    CHECK(header_of(there).extension == extension);
    const auto kept = converted(there);
    CHECK(kept.notes.empty());
    CHECK(header_of(kept.bytes).format == header_of(there).format);
  }
  const std::string gif =
      "GIF89a\1\0\1\0\x80\0\0\x40\x40\x40\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2\x44\1\0;"s;
  CHECK(header_of(gif).extension == "png");
  const auto out = converted(gif);
  CHECK(out.bytes.starts_with("\x89PNG"));
  CHECK(out.notes == std::vector<std::string>{"GIF cannot be written and became PNG",
                                              "only the first frame was taken"});
}

TEST_CASE("samples of any range are spread over all of theirs, comments in headers are passed") {
  CHECK(
      read_pgm(converted("P5 # a comment\n3 #\r1 7\n\0\3\7"s, {.to = Target::pgm}).bytes).samples ==
      std::vector<unsigned>{0, 109, 255});
  CHECK(read_pgm(converted("P5 3 1 1023\n\0\0\2\0\3\xff"s, {.to = Target::pgm}).bytes).samples ==
        std::vector<unsigned>{0, 32800, 65535});
  CHECK(read_pgm(converted("P6 1 1 65535\n\xff\xff\0\0\0\0"s, {.to = Target::pgm}).bytes).samples ==
        std::vector<unsigned>{19595});
}

TEST_CASE("what is no image, or half of one, is refused") {
  CHECK(complaint("") == "empty");
  CHECK(complaint("x") == "not an image");
  CHECK(complaint("<html><body>not found</body></html>") == "not an image");
  CHECK(complaint("RIFF12") == "not an image");
  CHECK(complaint("RIFF1234WEBP") == "truncated");
  CHECK(complaint("P5") == "not an image");
  CHECK(complaint("P5 3") == "truncated");
  CHECK(complaint("P5 3 3 255\n12345678") == "truncated");
  CHECK(complaint("P5 -3 3 255\n") == "damaged PNM: a number is missing");
  CHECK(complaint("P5 3 3 0\n123456789") == "damaged PNM: the largest value is not 1 to 65535");
  CHECK(complaint("P5 0 3 255\n") == "damaged PNM: there are no pixels");
  CHECK(complaint("P6 2147483647 2147483647 255\n") == "truncated");
  CHECK(complaint("\xff\xd8\xff") == "truncated");
  const std::string source = gray_source(40, 30);
  for (const Target target : {Target::bmp, Target::webp, Target::png, Target::pgm}) {
    const std::string file = converted(source, {.to = target}).bytes;
    CHECK_MESSAGE(complaint(file.substr(0, file.size() - 9)) == "truncated",
                  static_cast<int>(target));
    CHECK(!complaint(file.substr(0, file.size() / 2)).empty());
    CHECK(!complaint(file.substr(0, 20)).empty());
  }
}

TEST_CASE("too many pixels are refused before they are looked for") {
  CHECK(complaint("P6 60000 60000 255\n") == "truncated");
  CHECK(complaint(gray_source(10, 10), {.most_pixels = 99}) ==
        "10 x 10 pixels are more than --max-pixels");
  std::string bmp = converted(gray_source(4, 4), {.to = Target::bmp}).bytes;
  bmp.replace(18, 8, "\x60\xea\0\0\x60\xea\0\0"s);
  CHECK(!complaint(bmp).empty());
  CHECK(complaint(gray_source(20'000, 1), {.to = Target::webp}) ==
        "20000 x 1 pixels are more than a webp can hold");
  CHECK(complaint(gray_source(70'000, 1), {.to = Target::jpg}) ==
        "70000 x 1 pixels are more than a jpg can hold");
}

TEST_CASE("the memory that is promised covers the image and its result") {
  const std::string source = gray_source(300, 200);
  for (const Target target :
       {Target::png, Target::jpg, Target::bmp, Target::tga, Target::pgm, Target::webp}) {
    const auto header = header_of(source, {.to = target});
    CHECK(header.working_bytes > 300 * 200);
    CHECK(header.working_bytes > converted(source, {.to = target}).bytes.size());
  }
}

TEST_CASE("a TGA and a BMP give the luma of their colours") {
  const std::string bmp =
      "BM\x3e\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\2\0\0\0\1\0\0\0\1\0\x18\0\0\0\0\0\x08\0\0\0"s +
      std::string(16, '\0') + "\0\0\xff\0\xff\0\0\0"s;
  CHECK(read_pgm(converted(bmp, {.to = Target::pgm}).bytes).samples ==
        std::vector<unsigned>{76, 150});
  const std::string tga = "\0\0\2\0\0\0\0\0\0\0\0\0\2\0\1\0\x18\x20\0\0\xff\xff\0\0"s;
  CHECK(read_pgm(converted(tga, {.to = Target::pgm}).bytes).samples ==
        std::vector<unsigned>{76, 29});
  CHECK(complaint(tga.substr(0, tga.size() - 1)) == "truncated");
}

TEST_CASE("a BMP with a palette may name only colours that are there") {
  // Four pixels of four bits: the places of two pixels are given.
  const auto bmp = [](char first, char second, char colours = '\2', char size = '\x42') {
    std::string file = "BM"s + size +
                       "\0\0\0\0\0\0\0\x3e\0\0\0\x28\0\0\0\4\0\0\0\1\0\0\0\1\0\4\0"s +
                       std::string(16, '\0') + colours + "\0\0\0\0\0\0\0"s;
    file += "\0\0\0\0\xff\xff\xff\0"s;
    return file + first + second + "\0\0"s;
  };
  CHECK(read_pgm(converted(bmp('\x10', '\x01'), {.to = Target::pgm}).bytes).samples ==
        std::vector<unsigned>{255, 0, 0, 255});
  CHECK(complaint(bmp('\x10', '\x02')) == "damaged BMP: a colour that its palette has not");
  CHECK(complaint(bmp('\x20', '\x01')) == "damaged BMP: a colour that its palette has not");
  CHECK(complaint(bmp('\x10', '\x01', '\3')) == "damaged BMP: there is no room for its palette");
  CHECK(complaint(bmp('\x10', '\x01', '\2', '\x43')) == "truncated");
}

TEST_CASE("what is stopped in the middle gives everything back, whatever is written") {
  SeededRandom random(1);
  const std::string noise =
      pnm(700, 600, 1, 255, [&](unsigned, unsigned, unsigned) { return random.next() % 256; });
  for (const Target target : {Target::jpg, Target::png, Target::webp, Target::pgm, Target::bmp}) {
    CAPTURE(static_cast<int>(target));
    stop_in_the_middle(noise, {.to = target, .compression = 1});
  }
  const std::string packed = converted(noise, {.to = Target::png}).bytes;
  stop_in_the_middle(packed, {.to = Target::pgm});
}
