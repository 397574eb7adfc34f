// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <cstdio>  // jpeglib.h needs it first

#include <jpeglib.h>

#include <cstdlib>

#include "core/error.hpp"
#include "pictures.hpp"

using namespace nodeops;
using namespace nodeops::image;
using namespace nodeops::test;
using namespace std::string_literals;

namespace {

struct Jpeg {
  J_COLOR_SPACE from = JCS_RGB;
  int channels = 3;
  J_COLOR_SPACE as = JCS_YCbCr;
  bool progressive = false;
  std::string exif = {};
};

constexpr unsigned width = 45;
constexpr unsigned height = 37;

unsigned sample(unsigned x, unsigned y, unsigned c) {
  return (x * 5 + y * 3 + c * 40) % 256;
}

/// A JPEG by the library itself, of the picture that sample() gives.
std::string jpeg(const Jpeg& kind, unsigned wide = width, unsigned high = height) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;  // NOLINT(google-runtime-int): the library's type
  jpeg_mem_dest(&info, &bytes, &size);
  info.image_width = wide;
  info.image_height = high;
  info.input_components = kind.channels;
  info.in_color_space = kind.from;
  jpeg_set_defaults(&info);
  jpeg_set_colorspace(&info, kind.as);
  jpeg_set_quality(&info, 100, TRUE);
  if (kind.progressive) jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  if (!kind.exif.empty()) {
    const std::string marker = "Exif\0\0"s + kind.exif;
    jpeg_write_marker(&info, JPEG_APP0 + 1, reinterpret_cast<const JOCTET*>(marker.data()),
                      static_cast<unsigned>(marker.size()));
  }
  for (unsigned y = 0; y < high; ++y) {
    std::vector<JSAMPLE> row;
    for (unsigned x = 0; x < wide; ++x) {
      for (int c = 0; c < kind.channels; ++c) {
        row.push_back(static_cast<JSAMPLE>(sample(x, y, static_cast<unsigned>(c))));
      }
    }
    JSAMPROW pointer = row.data();
    jpeg_write_scanlines(&info, &pointer, 1);
  }
  jpeg_finish_compress(&info);
  std::string file(reinterpret_cast<const char*>(bytes), size);
  jpeg_destroy_compress(&info);
  std::free(bytes);
  return file;
}

/// The most that any gray differs from what `exact` says of its column and row.
template <class Exact>
double worst(const Gray& gray, Exact exact) {
  REQUIRE(gray.width == width);
  REQUIRE(gray.height == height);
  double most = 0;
  for (unsigned y = 0; y < height; ++y) {
    for (unsigned x = 0; x < width; ++x) {
      most = std::max(most, std::abs(gray.samples[y * width + x] - exact(x, y)));
    }
  }
  return most;
}

double bt601(unsigned x, unsigned y) {
  return .299 * sample(x, y, 0) + .587 * sample(x, y, 1) + .114 * sample(x, y, 2);
}

Gray decoded(const Jpeg& kind, Luma luma = Luma::bt601) {
  return read_pgm(converted(jpeg(kind), {.to = Target::pgm, .luma = luma}).bytes);
}

}  // namespace

TEST_CASE("the luma of a colour JPEG is its Y, baseline, progressive or coded as RGB") {
  CHECK(worst(decoded({}), bt601) <= 3);
  CHECK(worst(decoded({.progressive = true}), bt601) <= 3);
  CHECK(worst(decoded({.as = JCS_RGB}), bt601) <= 3);
  CHECK(worst(decoded({.from = JCS_GRAYSCALE, .channels = 1, .as = JCS_GRAYSCALE}),
              [](unsigned x, unsigned y) { return double(sample(x, y, 0)); }) <= 3);
}

TEST_CASE("other lumas of a JPEG come from its colours") {
  // Coded as RGB, so that no chroma is subsampled.
  CHECK(worst(decoded({.as = JCS_RGB}, Luma::bt709), [](unsigned x, unsigned y) {
          return .2126 * sample(x, y, 0) + .7152 * sample(x, y, 1) + .0722 * sample(x, y, 2);
        }) <= 3);
}

TEST_CASE("CMYK is converted, with a note") {
  for (const auto as : {JCS_CMYK, JCS_YCCK}) {
    const auto out =
        converted(jpeg({.from = JCS_CMYK, .channels = 4, .as = as}), {.to = Target::pgm});
    CHECK(out.notes == std::vector<std::string>{"CMYK was converted without its colour profile"});
    // As Adobe stores it: how much of each ink is missing.
    const auto exact = [](unsigned x, unsigned y) {
      const double black = sample(x, y, 3) / 255.0;
      return bt601(x, y) * black;
    };
    // YCCK subsamples its colours, and the picture has hard edges.
    if (as == JCS_CMYK) {
      CHECK(worst(read_pgm(out.bytes), exact) <= 3);
    }
  }
}

TEST_CASE("a JPEG whose luma is not kept as it is says so") {
  CHECK(converted(jpeg({})).notes.empty());
  const std::string rgb = jpeg({.as = JCS_RGB});
  CHECK(converted(rgb).notes ==
        std::vector<std::string>{
            "its brightness could not be kept as it is and was encoded again, with quality 90"});
  CHECK(converted(rgb, {.quality = 80}).notes.empty());
  CHECK(converted(rgb, {.luma = Luma::bt709}).notes.empty());
}

TEST_CASE("a JPEG is encoded with the quality that is asked for") {
  const std::string source =
      pnm(64, 64, 1, 255, [](unsigned x, unsigned y, unsigned) { return (x * x + y * 7) % 256; });
  const auto size = [&](std::optional<int> quality) {
    return converted(source, {.to = Target::jpg, .quality = quality}).bytes.size();
  };
  CHECK(size(30) < size(75));
  CHECK(size(75) < size(100));
  CHECK(size(90) == size(std::nullopt));
  const std::string best = converted(source, {.to = Target::jpg, .quality = 100}).bytes;
  const auto back = read_pgm(converted(best, {.to = Target::pgm}).bytes).samples;
  const auto before = read_pgm(source).samples;
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(std::abs(static_cast<int>(back[i]) - static_cast<int>(before[i])) <= 4);
  }
}

TEST_CASE("a JPEG of any size is to the byte what the library makes of its rows") {
  for (unsigned wide = 1; wide <= 18; ++wide) {
    for (const unsigned high : {1U, 7U, 8U, 9U, 17U}) {
      CAPTURE(wide);
      CAPTURE(high);
      const std::string source = pnm(wide, high, 1, 255, sample);
      const auto ours = converted(source, {.to = Target::jpg, .quality = 100}).bytes;
      const Jpeg gray{.from = JCS_GRAYSCALE, .channels = 1, .as = JCS_GRAYSCALE};
      CHECK(ours == jpeg(gray, wide, high));
    }
  }
}

TEST_CASE("a JPEG of several scans that is stopped in the middle gives everything back") {
  const std::string file = jpeg({.progressive = true}, 900, 800);
  stop_in_the_middle(file, {});
  stop_in_the_middle(file, {.luma = Luma::bt709});
}

TEST_CASE("a JPEG that is cut is refused, and says so") {
  for (const bool progressive : {false, true}) {
    const std::string file = jpeg({.progressive = progressive});
    CHECK(complaint(file).empty());
    for (std::size_t size = 3; size < file.size() - 2; size += 11) {
      CHECK_MESSAGE(!complaint(file.substr(0, size)).empty(), size << " bytes");
    }
    CHECK(complaint(file.substr(0, file.size() - 200)) == "truncated");
  }
}

TEST_CASE("a JPEG with a changed byte is converted or refused, never worse") {
  const std::string file = jpeg({});
  for (std::size_t at = 0; at < file.size(); at += 3) {
    std::string broken = file;
    broken[at] = static_cast<char>(broken[at] ^ 0x55);
    try {
      const auto out = converted(broken, {.to = Target::pgm, .most_pixels = 1'000'000});
      CHECK(out.bytes.starts_with("P5"));
    } catch (const AppError& error) {
      CHECK(error.kind() == ErrorKind::bad_data);
    }
  }
}

TEST_CASE("what a JPEG carries goes along into other formats") {
  const std::string exif = "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x03\0\0\0\0\0\0"s;
  const std::string file = jpeg({.exif = exif});
  CHECK(chunk_of(converted(file, {.to = Target::png}).bytes, "eXIf") == exif);
  const std::string again = converted(file, {.quality = 80}).bytes;
  CHECK(again.find("Exif\0\0"s + exif) != std::string::npos);
  CHECK(converted(file, {.quality = 80, .strip_metadata = true}).bytes.find(exif) ==
        std::string::npos);
  // Upside down: turned, the last gray is the first.
  const auto plain = read_pgm(converted(file, {.to = Target::pgm}).bytes);
  const auto turned =
      read_pgm(converted(file, {.to = Target::pgm, .apply_orientation = true}).bytes);
  CHECK(std::equal(plain.samples.begin(), plain.samples.end(), turned.samples.rbegin()));
}
