// SPDX-License-Identifier: MIT
#include "image/stb_header.hpp"

#include <doctest/doctest.h>

#include "pictures.hpp"

using namespace nodeops::image;
using namespace nodeops::test;
using namespace std::string_literals;

namespace {

std::string two(unsigned number) {
  return {static_cast<char>(number >> 8), static_cast<char>(number & 0xff)};
}

struct PsdParts {
  unsigned channels = 3;
  unsigned width = 2;
  unsigned bits = 16;
  unsigned colours = 3;
  unsigned packing = 0;
  std::string pixels;  ///< all of the first channel, then all of the second
};

/// A PSD of one row, as its specification says, with something in the blocks that are passed over.
std::string psd(const PsdParts& parts) {
  return "8BPS\0\1\0\0\0\0\0\0"s + two(parts.channels) + "\0\0\0\1\0\0"s + two(parts.width) +
         two(parts.bits) + two(parts.colours) + "\0\0\0\0\0\0\0\3abc\0\0\0\2xy"s +
         two(parts.packing) + parts.pixels;
}

const std::string sixteen_bits = "\x12\x34\xff\xff\x12\x34\xff\xff\x12\x34\xff\xff"s;

std::string pgm_of(const std::string& file) {
  return converted(file, {.to = Target::pgm}).bytes;
}

}  // namespace

TEST_CASE("a PSD of 16 bits stays one of 16 bits") {
  const Gray gray = read_pgm(pgm_of(psd({.pixels = sixteen_bits})));
  CHECK(gray.largest == 65535);
  CHECK(gray.samples == std::vector<unsigned>{0x1234, 0xffff});
  CHECK(converted(psd({.pixels = sixteen_bits}), {.to = Target::jpg}).notes ==
        std::vector<std::string>{"16 bits became 8"});
}

TEST_CASE("a PSD of three channels has no transparency, one of four has") {
  const std::string opaque = psd({.bits = 8, .pixels = "ababab"});
  CHECK(read_pgm(pgm_of(opaque)).samples == std::vector<unsigned>{'a', 'b'});
  CHECK(converted(opaque, {.to = Target::bmp}).notes.empty());
  const std::string clear = psd({.channels = 4, .bits = 8, .pixels = "ababab\xff\xff"});
  CHECK(converted(clear, {.to = Target::bmp}).notes ==
        std::vector<std::string>{"transparency was dropped"});
}

TEST_CASE("a PSD with run lengths gives its pixels, and one that is cut is refused") {
  const std::string rows = "\0\2\0\3\0\2"s + "\xff" + "a" + "\1ab" + "\xff" + "a";
  const std::string whole = psd({.bits = 8, .packing = 1, .pixels = rows});
  CHECK(read_pgm(pgm_of(whole)).samples == std::vector<unsigned>{97, 98});
  CHECK(complaint(whole.substr(0, whole.size() - 1)) == "truncated");
  CHECK(complaint(psd({.bits = 8, .packing = 1, .pixels = rows.substr(0, 5)})) == "truncated");
  CHECK(complaint(psd({.pixels = sixteen_bits.substr(1)})) == "truncated");
}

TEST_CASE("what a PSD may be and is not read is said so") {
  CHECK(complaint(psd({.bits = 32, .pixels = sixteen_bits})) == "not supported: a PSD of 32 bits");
  CHECK(complaint(psd({.colours = 4, .pixels = sixteen_bits})) ==
        "not supported: a PSD whose colours are not RGB");
  CHECK(complaint(psd({.packing = 2, .pixels = sixteen_bits})) ==
        "not supported: a PSD with ZIP compression");
  CHECK(complaint(psd({.packing = 1, .pixels = sixteen_bits})) ==
        "not supported: a PSD of 16 bits with run lengths");
  CHECK(complaint("8BPS\0\2"s) == "not supported: a PSD of another version than 1");
}

TEST_CASE("what a BMP may be and is not read is said so") {
  const auto bmp = [](char compression) {
    return "BM\0\0\0\0\0\0\0\0\x36\0\0\0(\0\0\0\1\0\0\0\1\0\0\0\1\0\x8\0"s + compression;
  };
  CHECK(complaint(bmp(1)) == "not supported: a BMP with run lengths");
  CHECK(complaint(bmp(2)) == "not supported: a BMP with run lengths");
  CHECK(complaint(bmp(4)) == "not supported: a BMP around a JPEG or PNG");
}

TEST_CASE("images that are not read are called by their name") {
  CHECK(complaint("II*\0\x08\0\0\0"s) == "not supported: TIFF");
  CHECK(complaint("MM\0*\0\0\0\x08"s) == "not supported: TIFF");
  CHECK(complaint("\0\0\1\0\1\0"s) == "not supported: ICO");
  CHECK(complaint("\0\0\0\x20"
                  "ftypavif\0"s) == "not supported: AVIF");
  CHECK(complaint("P4\n8 1\n\xff") == "not supported: PNM of this kind");
  CHECK(complaint("II") == "not an image");
}
