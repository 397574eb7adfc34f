// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "core/error.hpp"
#include "pictures.hpp"

using namespace nodeops;
using namespace nodeops::image;
using namespace nodeops::test;
using namespace std::string_literals;

namespace {

std::vector<unsigned> grays(const std::string& file) {
  return read_pgm(converted(file, {.to = Target::pgm}).bytes).samples;
}

std::string palette() {
  return png_chunk("PLTE", "\xff\0\0\0\xff\0\0\0\xff\x0a\xc8\x5a"s);
}

}  // namespace

TEST_CASE("PNGs of 1, 2, 4, 8 and 16 bits come out with the same grays") {
  CHECK(grays(png({.width = 8, .depth = 1, .rows = "\0\xa5"s})) ==
        std::vector<unsigned>{255, 0, 255, 0, 0, 255, 0, 255});
  CHECK(grays(png({.width = 4, .depth = 2, .rows = "\0\x1b"s})) ==
        std::vector<unsigned>{0, 85, 170, 255});
  CHECK(grays(png({.width = 3, .depth = 4, .rows = "\0\x0f\x80"s})) ==
        std::vector<unsigned>{0, 255, 136});
  CHECK(grays(png({.width = 3, .depth = 8, .rows = "\0\0\x80\xff"s})) ==
        std::vector<unsigned>{0, 128, 255});
  CHECK(grays(png({.width = 2, .depth = 16, .rows = "\0\x12\x34\xff\xfe"s})) ==
        std::vector<unsigned>{0x1234, 0xfffe});
}

TEST_CASE("colours and palettes become luma") {
  const std::vector<unsigned> expected{76, 150, 29, 131};
  CHECK(grays(png(
            {.width = 4, .colour_type = 2, .rows = "\0\xff\0\0\0\xff\0\0\0\xff\x0a\xc8\x5a"s})) ==
        expected);
  CHECK(grays(png({.width = 4,
                   .depth = 2,
                   .colour_type = 3,
                   .rows = "\0\x1b"s,
                   .before_data = palette()})) == expected);
}

TEST_CASE("transparency is kept, of alpha channels, of palettes and of one colour") {
  const auto kept = [](const PngParts& parts) {
    const std::string out = converted(png(parts)).bytes;
    CHECK(chunk_of(out, "IHDR").substr(8, 2) == "\x08\x04");
    return out;
  };
  kept({.width = 1, .colour_type = 4, .rows = "\0\x40\x80"s});
  kept({.width = 1, .colour_type = 6, .rows = "\0\x01\x02\x03\x04"s});
  kept({.width = 1, .rows = "\0\x40"s, .before_data = png_chunk("tRNS", "\0\x40"s)});
  kept({.width = 4,
        .depth = 2,
        .colour_type = 3,
        .rows = "\0\x1b"s,
        .before_data = palette() + png_chunk("tRNS", "\x80"s)});
}

TEST_CASE("16 bits with alpha are kept, or reduced and dropped when told so") {
  const std::string file = png(
      {.width = 1, .depth = 16, .colour_type = 6, .rows = "\0\x12\x34\x12\x34\x12\x34\xab\xcd"s});
  const std::string out = converted(file).bytes;
  CHECK(chunk_of(out, "IHDR").substr(8, 2) == "\x10\x04");
  CHECK(converted(file).notes.empty());
  const auto small = converted(file, {.drop_alpha = true, .eight_bits = true});
  CHECK(chunk_of(small.bytes, "IHDR").substr(8, 2) == "\x08\0"s);
  CHECK(small.notes.empty());
  const auto pgm = converted(file, {.to = Target::pgm});
  CHECK(pgm.notes == std::vector<std::string>{"transparency was dropped"});
  CHECK(read_pgm(pgm.bytes).samples == std::vector<unsigned>{0x1234});
  const auto jpeg = converted(file, {.to = Target::jpg});
  CHECK(jpeg.notes == std::vector<std::string>{"transparency was dropped", "16 bits became 8"});
}

TEST_CASE("an interlaced PNG is put together") {
  // 3 x 2: the passes hold (0,0); (2,0) of pass 4; (1,0) of pass 6; row 1 of pass 7.
  CHECK(grays(png({.width = 3,
                   .height = 2,
                   .rows = "\0\x01\0\x03\0\x02\0\x04\x05\x06"s,
                   .interlaced = true})) == std::vector<unsigned>{1, 2, 3, 4, 5, 6});
}

TEST_CASE("every effort gives a PNG that reads back the same") {
  for (const unsigned largest : {255U, 65535U}) {
    const std::string source = pnm(67, 41, 1, largest, [&](unsigned x, unsigned y, unsigned) {
      return (x * x * 31 + y * 57 + x * y) * 131 % (largest + 1);
    });
    const auto expected = read_pgm(source).samples;
    for (int effort = 0; effort <= 9; ++effort) {
      const std::string packed =
          converted(source, {.to = Target::png, .compression = effort}).bytes;
      CHECK_MESSAGE(grays(packed) == expected, "effort " << effort);
    }
  }
}

TEST_CASE("a PNG that is cut anywhere or changed anywhere is refused") {
  const std::string file = png({.width = 8, .height = 8, .rows = [] {
                                  std::string rows;
                                  for (int i = 0; i < 72; ++i) rows += static_cast<char>(i % 9 * 9);
                                  for (std::size_t i = 0; i < 72; i += 9) rows[i] = '\0';
                                  return rows;
                                }()});
  REQUIRE(complaint(file).empty());
  for (std::size_t size = 8; size < file.size(); ++size) {
    CHECK(complaint(file.substr(0, size)) == "truncated");
  }
  for (std::size_t at = 8; at < file.size(); ++at) {
    std::string broken = file;
    broken[at] = static_cast<char>(broken[at] ^ 0x10);
    CHECK_MESSAGE(!complaint(broken).empty(), "byte " << at);
  }
}

TEST_CASE("a PNG may not claim more pixels than allowed, nor none") {
  const std::string bomb = png({.width = 60000, .height = 60000, .colour_type = 2, .rows = "\0"s});
  CHECK(complaint(bomb) == "60000 x 60000 pixels are more than --max-pixels");
  CHECK(complaint(png({.width = 4, .height = 4, .rows = "\0"s}), {.most_pixels = 15}) ==
        "4 x 4 pixels are more than --max-pixels");
  CHECK(!complaint(png({.width = 0, .rows = "\0"s})).empty());
  CHECK(!complaint(png({.width = 0xffffffffU, .rows = "\0"s})).empty());
  const std::string dense =
      png({.width = 16000, .height = 4200, .depth = 16, .colour_type = 2, .rows = "\0"s});
  CHECK(complaint(dense).find("are a decompression bomb") != std::string::npos);
}

TEST_CASE("too few rows are a truncated PNG, parted data is a damaged one") {
  CHECK(!complaint(png({.width = 4, .height = 4, .rows = "\0abcd"s})).empty());
  std::string file = png({.width = 1, .rows = "\0a"s});
  const std::size_t end = file.size() - 12;
  file.insert(end, png_chunk("tEXt", "a\0b"s) + png_chunk("IDAT", "x"));
  CHECK(complaint(file) == "damaged PNG: its data is parted");
}

TEST_CASE("data behind the last row is not unpacked, data in pieces is put together") {
  const std::string rows = "\0ab"s;
  CHECK(grays(png({.width = 2, .rows = rows + std::string(50'000'000, '\0')})) ==
        std::vector<unsigned>{'a', 'b'});
  std::string file = png({.width = 2, .rows = rows});
  const std::string data = chunk_of(file, "IDAT");
  const std::size_t at = file.find("IDAT") - 4;
  std::string pieces;
  for (const char byte : data) {
    pieces += png_chunk("IDAT", "");
    pieces += png_chunk("IDAT", std::string(1, byte));
  }
  file.replace(at, data.size() + 12, pieces);
  CHECK(grays(file) == std::vector<unsigned>{'a', 'b'});
}

TEST_CASE("damaged data with right checksums is refused") {
  const std::string file = png({.width = 2, .height = 1, .rows = "\0ab"s});
  const std::string data = chunk_of(file, "IDAT");
  const std::size_t at = file.find("IDAT") - 4;
  const auto with = [&](const std::string& other) {
    std::string changed = file;
    return changed.replace(at, data.size() + 12, png_chunk("IDAT", other));
  };
  CHECK(complaint(with("nonsense")) == "damaged PNG: its packed data is wrong");
  CHECK(complaint(with(data.substr(0, 3))) == "truncated");
  CHECK(!complaint(with("")).empty());
  // A filter that there is not.
  CHECK(!complaint(png({.width = 2, .rows = "\7ab"s})).empty());
}

TEST_CASE("what a PNG carries is kept, or left out when told so") {
  const std::string exif = "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"s;
  const std::string file = png(
      {.width = 2,
       .height = 1,
       .rows = "\0\x0a\x14"s,
       .before_data = png_chunk("gAMA", "\0\1\x86\xa0"s) +
                      png_chunk("pHYs", "\0\0\x0b\x13\0\0\x0b\x13\x01"s) + png_chunk("eXIf", exif) +
                      png_chunk("iTXt", "XML:com.adobe.xmp\0\0\0\0\0<x/>"s)});
  const std::string out = converted(file).bytes;
  CHECK(chunk_of(out, "eXIf") == exif);
  CHECK(chunk_of(out, "iTXt") == "XML:com.adobe.xmp\0\0\0\0\0<x/>"s);
  CHECK(chunk_of(out, "pHYs") == "\0\0\x0b\x13\0\0\x0b\x13\x01"s);
  const std::string bare = converted(file, {.strip_metadata = true}).bytes;
  CHECK(chunk_of(bare, "gAMA") == "\0\1\x86\xa0"s);
  CHECK(chunk_of(bare, "eXIf").empty());
  CHECK(chunk_of(bare, "iTXt").empty());
  // Shown, the image stands on its side: turned, it is as it is to be shown.
  const std::string turned = converted(file, {.apply_orientation = true}).bytes;
  CHECK(chunk_of(turned, "IHDR").substr(0, 8) == "\0\0\0\x01\0\0\0\x02"s);
  CHECK(chunk_of(turned, "eXIf")[19] == '\x01');
  CHECK(converted(file, {.to = Target::pgm}).notes ==
        std::vector<std::string>{"a pgm holds no metadata"});
}

TEST_CASE("a run that is to stop stops between rows") {
  std::stop_source stop;
  stop.request_stop();
  const std::string file = png({.width = 4, .rows = "\0abcd"s});
  try {
    convert(bytes_of(file), {}, stop.get_token());
    FAIL("it went on");
  } catch (const AppError& error) {
    CHECK(error.kind() == ErrorKind::interrupted);
  }
}
