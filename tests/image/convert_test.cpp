// SPDX-License-Identifier: MIT
// Whole conversions, each format through its library and back.
#include "image/convert.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <string>

#include "core/error.hpp"
#include "core/seeded_random.hpp"
#include "image/codecs.hpp"
#include "image/orient.hpp"
#include "image/pnm.hpp"

using namespace nodeops;
using namespace nodeops::image;

namespace {

Bytes bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// Smooth in one direction, noise in the other.
Pixels picture(std::uint32_t width, std::uint32_t height, unsigned channels, unsigned bits = 8) {
  Pixels pixels{.width = width, .height = height, .channels = channels, .bits = bits};
  pixels.allocate();
  SeededRandom random(width * 1000 + height);
  for (std::size_t i = 0; i < pixels.bytes.size(); ++i)
    pixels.bytes[i] = static_cast<std::byte>(i / 3 + random.next() % 8);
  return pixels;
}

/// A colour image as a PPM.
std::string ppm(std::uint32_t width, std::uint32_t height) {
  const Pixels pixels = picture(width, height, 3);
  return "P6 " + std::to_string(width) + " " + std::to_string(height) + " 255\n" +
         std::string(reinterpret_cast<const char*>(pixels.bytes.data()), pixels.bytes.size());
}

Decoded decode_as(const std::string& file) {
  switch (format_of(bytes_of(file)).value()) {
    case Format::jpeg:
      return decode_jpeg(bytes_of(file), {});
    case Format::png:
      return decode_png(bytes_of(file), {});
    case Format::webp:
      return decode_webp(bytes_of(file), {});
    default:
      return decode_other(bytes_of(file), *format_of(bytes_of(file)), {});
  }
}

std::string why_not(const std::string& file, const ConvertOptions& options = {}) {
  try {
    static_cast<void>(convert(bytes_of(file), options, {}));
  } catch (const AppError& error) {
    CHECK(error.kind() == ErrorKind::bad_data);
    return error.what();
  }
  return "converted";
}

}  // namespace

TEST_CASE("a PNG of every depth and size reads back as it was written, at every effort") {
  for (const std::uint32_t width : {1, 2, 7, 64, 131}) {
    for (const unsigned channels : {1U, 2U}) {
      for (const unsigned bits : {8U, 16U}) {
        const Pixels gray = picture(width, 19, channels, bits);
        for (const int effort : {0, 1, 6, 7, 9}) {
          CAPTURE(width);
          CAPTURE(effort);
          const Decoded read = decode_as(encode_png(gray, {}, effort, {}));
          CHECK(read.pixels.bytes == gray.bytes);
          CHECK(read.pixels.channels == channels);
          CHECK(read.pixels.bits == bits);
        }
      }
    }
  }
}

TEST_CASE("formats without loss read back as they were written") {
  const Pixels gray = picture(37, 21, 1);
  const auto first_channel = [](const Decoded& image) {
    std::vector<std::byte> bytes;
    for (std::size_t i = 0; i < image.pixels.bytes.size(); i += image.pixels.channels)
      bytes.push_back(image.pixels.bytes[i]);
    return bytes;
  };
  for (const std::string& file : {encode_bmp(gray), encode_tga(gray), encode_pgm(gray),
                                  encode_webp(gray, {}, std::nullopt)}) {
    const Decoded read = decode_as(file);
    CHECK(read.pixels.width == 37);
    CHECK(first_channel(read) == gray.bytes);
  }
  const Pixels with_alpha = picture(16, 5, 2);
  const Decoded webp = decode_as(encode_webp(with_alpha, {}, std::nullopt));
  CHECK(webp.pixels.channels == 4);
  CHECK(webp.pixels.bytes[3] == with_alpha.bytes[1]);
}

TEST_CASE("any format becomes any other, and all agree") {
  const std::string source = ppm(40, 30);
  const Converted pgm = convert(bytes_of(source), {.to = Target::pgm}, {});
  const Decoded expected = decode_as(pgm.bytes);
  for (const Target to : {Target::png, Target::jpg, Target::bmp, Target::tga, Target::webp}) {
    const Converted converted = convert(bytes_of(source), {.to = to}, {});
    const Converted back = convert(bytes_of(converted.bytes), {.to = Target::pgm}, {});
    const Decoded read = decode_as(back.bytes);
    REQUIRE(read.pixels.bytes.size() == expected.pixels.bytes.size());
    double difference = 0;
    for (std::size_t i = 0; i < read.pixels.bytes.size(); ++i) {
      difference += std::abs(std::to_integer<int>(read.pixels.bytes[i]) -
                             std::to_integer<int>(expected.pixels.bytes[i]));
    }
    difference /= static_cast<double>(read.pixels.bytes.size());
    CHECK(difference <= (to == Target::jpg ? 6 : 0));
  }
}

TEST_CASE("a JPEG's luma is carried over: a second time changes nothing") {
  const std::string jpeg = encode_jpeg(picture(61, 43, 1), {}, 80);
  const auto once = convert(bytes_of(jpeg), {}, {});
  CHECK(convert(bytes_of(once.bytes), {}, {}).bytes == once.bytes);
  CHECK(decode_as(once.bytes).pixels.bytes == decode_as(jpeg).pixels.bytes);
  const auto again = convert(bytes_of(jpeg), {.quality = 50}, {});
  CHECK(again.bytes.size() < once.bytes.size());
}

TEST_CASE("metadata goes along, or not, as asked; a colour profile becomes a gray one") {
  Metadata metadata{
      .exif = std::string("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0", 26),
      .icc = std::string(16, '\0') + "RGB " + std::string(200, 'x'),
      .xmp = "<x:xmpmeta/>",
      .density = Density{3937, 3937}};
  CHECK(orientation(metadata) == 6);
  const std::string png = encode_png(picture(8, 4, 1), metadata, 6, {});
  const auto read = [](const Converted& one) { return decode_as(one.bytes); };
  for (const Target to : {Target::png, Target::jpg}) {
    const Decoded kept = read(convert(bytes_of(png), {.to = to}, {}));
    CHECK(kept.metadata.exif == metadata.exif);
    CHECK(kept.metadata.xmp == metadata.xmp);
    CHECK(is_gray_profile(kept.metadata.icc));
    CHECK(kept.metadata.density.value().x / 100 == 39);
    CHECK(kept.pixels.width == 8);
    const Decoded stripped = read(convert(bytes_of(png), {.to = to, .strip_metadata = true}, {}));
    CHECK(stripped.metadata.empty());
    const Decoded turned = read(convert(bytes_of(png), {.to = to, .apply_orientation = true}, {}));
    CHECK(turned.pixels.width == 4);
    CHECK(orientation(turned.metadata) == 1);
  }
}

TEST_CASE("all eight orientations come out upright") {
  // A 3 x 2 picture with the pixels 1 to 6, stored as each orientation tells a camera to store it.
  const auto stored = [](std::uint32_t width, std::initializer_list<int> values) {
    Pixels pixels{.width = width, .height = static_cast<std::uint32_t>(values.size()) / width};
    for (const int value : values) pixels.bytes.push_back(static_cast<std::byte>(value));
    return pixels;
  };
  const std::vector<Pixels> all = {stored(3, {1, 2, 3, 4, 5, 6}), stored(3, {3, 2, 1, 6, 5, 4}),
                                   stored(3, {6, 5, 4, 3, 2, 1}), stored(3, {4, 5, 6, 1, 2, 3}),
                                   stored(2, {1, 4, 2, 5, 3, 6}), stored(2, {3, 6, 2, 5, 1, 4}),
                                   stored(2, {6, 3, 5, 2, 4, 1}), stored(2, {4, 1, 5, 2, 6, 3})};
  for (unsigned i = 0; i < all.size(); ++i) {
    CAPTURE(i + 1);
    const Pixels turned = upright(all[i], i + 1);
    CHECK(turned.width == 3);
    CHECK(turned.bytes == all[0].bytes);
  }
}

TEST_CASE("what a format cannot hold is said") {
  const std::string deep = encode_png(picture(5, 5, 2, 16), {}, 6, {});
  const auto notes = [&](Target to) { return convert(bytes_of(deep), {.to = to}, {}).notes; };
  CHECK(notes(Target::png).empty());
  CHECK(notes(Target::jpg) ==
        std::vector<std::string>{"transparency became white", "16 bits became 8"});
  CHECK(notes(Target::tga) == std::vector<std::string>{"16 bits became 8"});
  CHECK(convert(bytes_of(deep), {.drop_alpha = true, .eight_bits = true}, {}).notes.empty());
}

TEST_CASE("what is no image, or not all of it, is refused with the reason") {
  CHECK(why_not("") == "an empty file");
  CHECK(why_not("hello, world") == "not an image of a known format");
  const std::string png = encode_png(picture(50, 50, 1), {}, 6, {});
  const std::string jpeg = encode_jpeg(picture(50, 50, 1), {}, 90);
  const std::string webp = encode_webp(picture(50, 50, 1), {}, std::nullopt);
  const std::string bmp = encode_bmp(picture(50, 50, 1));
  for (const std::string& file : {png, jpeg, webp, bmp, ppm(20, 20)}) {
    CHECK(why_not(file) == "converted");
    CHECK(why_not(file.substr(0, file.size() / 2)) == "truncated");
    for (std::size_t size = 0; size < 40; ++size)
      CHECK(why_not(file.substr(0, size)) != "converted");
  }
  std::string flipped = png;
  flipped[png.size() / 2] ^= 0x10;
  CHECK(why_not(flipped) != "converted");
}

TEST_CASE("too many pixels are refused by the header alone") {
  std::string bomb = encode_png(picture(4, 4, 1), {}, 6, {});
  CHECK(why_not(bomb, {.most_pixels = 15}) == "4 x 4 pixels are more than --max-pixels");
  CHECK(why_not("P5 60000 60000 255\n12") == "60000 x 60000 pixels are more than --max-pixels");
  CHECK_THROWS_AS(static_cast<void>(inspect(bytes_of(bomb), {.most_pixels = 15})), AppError);
}

TEST_CASE("mutants of every format are converted or refused, nothing else") {
  SeededRandom random(17);
  const std::vector<std::string> seeds = {encode_png(picture(23, 17, 2, 16), {}, 6, {}),
                                          encode_jpeg(picture(23, 17, 1), {}, 75),
                                          encode_webp(picture(23, 17, 2), {}, std::nullopt),
                                          encode_webp(picture(23, 17, 1), {}, 50),
                                          encode_bmp(picture(23, 17, 1)),
                                          encode_tga(picture(23, 17, 2)),
                                          ppm(23, 17)};
  for (int round = 0; round < 3000; ++round) {
    std::string file = seeds[random.next() % seeds.size()];
    for (auto flips = random.next() % 4 + 1; flips > 0; --flips)
      file[random.next() % file.size()] = static_cast<char>(random.next());
    if (random.chance(0.2)) file.resize(random.next() % file.size());
    const std::string said = why_not(file, {.most_pixels = 1 << 20});
    CHECK_FALSE(said.empty());
  }
}
