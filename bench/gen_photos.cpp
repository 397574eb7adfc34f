// SPDX-License-Identifier: MIT
// Makes pictures with the statistics of photographs, the same every time: gen_photos DIRECTORY
// [JPEGS [PNGS]]. Detail of every size, rough parts beside smooth ones, edges, soft colours, and
// the noise of a sensor; JPEGs are 4:2:0, of quality 85 to 92, of 2 to 24 megapixels.
#include <cstdio>
// The library's header wants FILE.
#include <jpeglib.h>
#include <spng.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace nodeops::bench {
namespace {

/// SplitMix64: small, quick, and the same everywhere.
std::uint64_t mixed(std::uint64_t state) {
  state += 0x9e3779b97f4a7c15U;
  state = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9U;
  state = (state ^ (state >> 27)) * 0x94d049bb133111ebU;
  return state ^ (state >> 31);
}

/// Random numbers of -1 to 1 at the corners of square cells, and smooth between them.
class Noise {
 public:
  Noise(unsigned width, unsigned cell, std::uint64_t seed)
      : cell_(cell), seed_(seed), corners_(width / cell + 2) {}

  /// Goes to a row; rows come in order.
  void start_row(unsigned y) {
    const unsigned line = y / cell_;
    const float part = smooth(static_cast<float>(y % cell_) / static_cast<float>(cell_));
    for (std::size_t i = 0; i < corners_.size(); ++i) {
      corners_[i] = corner(i, line) * (1 - part) + corner(i, line + 1) * part;
    }
  }

  /// Adds the row, each value times `strength`.
  void add(std::vector<float>& row, float strength) const {
    const float step = 1 / static_cast<float>(cell_);
    for (std::size_t x = 0, i = 0; x < row.size(); ++i) {
      float value = corners_[i] * strength;
      const float change = (corners_[i + 1] - corners_[i]) * strength * step;
      for (const std::size_t end = std::min(x + cell_, row.size()); x < end; ++x, value += change)
        row[x] += value;
    }
  }

 private:
  static float smooth(float part) { return part * part * (3 - 2 * part); }

  float corner(std::size_t x, std::uint64_t y) const {
    const std::uint64_t bits = mixed(seed_ ^ (y << 32) ^ x);
    return static_cast<float>(static_cast<std::int32_t>(bits >> 32)) / 2147483648.0F;
  }

  unsigned cell_;
  std::uint64_t seed_;
  std::vector<float> corners_;
};

struct Picture {
  unsigned width = 0;
  unsigned height = 0;
  std::vector<std::uint8_t> samples;  // red, green, blue
};

std::uint8_t sample(float value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0.0F, 255.0F));
}

Picture picture(unsigned width, unsigned height, std::uint64_t seed) {
  Picture made{width, height, std::vector<std::uint8_t>(std::size_t{3} * width * height)};
  std::vector<Noise> large;
  std::vector<Noise> fine;
  for (unsigned cell = std::max(width / 3, 4U); cell >= 2; cell /= 2)
    (cell > 32 ? large : fine).emplace_back(width, cell, mixed(seed + cell));
  Noise rough(width, width / 6 + 1, mixed(seed ^ 1));
  Noise red(width, width / 8 + 1, mixed(seed ^ 2));
  Noise blue(width, width / 8 + 1, mixed(seed ^ 3));
  std::uint64_t state = seed;
  const auto row = [&] { return std::vector<float>(width); };
  for (unsigned y = 0; y < height; ++y) {
    auto light = row(), detail = row(), roughness = row(), reds = row(), blues = row();
    float strength = 55;
    for (Noise& noise : large) noise.start_row(y), noise.add(light, strength), strength *= 0.62F;
    strength = std::max(strength, 14.0F);
    for (Noise& noise : fine) noise.start_row(y), noise.add(detail, strength), strength *= 0.85F;
    rough.start_row(y), rough.add(roughness, 1.5F);
    red.start_row(y), red.add(reds, 28);
    blue.start_row(y), blue.add(blues, 28);
    std::uint8_t* to = made.samples.data() + std::size_t{3} * width * y;
    for (std::size_t x = 0; x < width; ++x) {
      state = mixed(state);
      const float grain = static_cast<float>((state & 0xff) + (state >> 8 & 0xff)) / 32 - 8;
      const float edge = std::fmod(std::fabs(light[x]), 40.0F) > 24 ? 22.0F : 0.0F;
      const float value =
          120 + light[x] + edge + detail[x] * std::clamp(roughness[x], 0.1F, 1.0F) + grain;
      const float tint = static_cast<float>(state >> 16 & 0xff) / 32 - 4;
      *to++ = sample(value + reds[x] + tint);
      *to++ = sample(value);
      *to++ = sample(value + blues[x] - tint);
    }
  }
  return made;
}

void write_file(const std::string& path, const void* bytes, std::size_t size) {
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "wb"), std::fclose);
  if (file != nullptr && std::fwrite(bytes, 1, size, file.get()) == size) return;
  std::cerr << "gen_photos: " << path << ": cannot write\n";
  std::exit(1);
}

void write_jpeg(const std::string& path, Picture& picture, int quality) {
  jpeg_compress_struct info{};
  jpeg_error_mgr failure{};
  info.err = jpeg_std_error(&failure);
  jpeg_create_compress(&info);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &bytes, &size);
  info.image_width = picture.width;
  info.image_height = picture.height;
  info.input_components = 3;
  info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, quality, TRUE);
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    JSAMPROW row = picture.samples.data() + std::size_t{3} * picture.width * info.next_scanline;
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  write_file(path, bytes, size);
  jpeg_destroy_compress(&info);
  std::free(bytes);
}

void write_png(const std::string& path, const Picture& picture) {
  const std::unique_ptr<spng_ctx, void (*)(spng_ctx*)> context(spng_ctx_new(SPNG_CTX_ENCODER),
                                                               spng_ctx_free);
  spng_set_option(context.get(), SPNG_ENCODE_TO_BUFFER, 1);
  spng_set_option(context.get(), SPNG_IMG_COMPRESSION_LEVEL, 3);
  spng_ihdr header{picture.width, picture.height, 8, SPNG_COLOR_TYPE_TRUECOLOR, 0, 0, 0};
  spng_set_ihdr(context.get(), &header);
  int failure = spng_encode_image(context.get(), picture.samples.data(), picture.samples.size(),
                                  SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE);
  std::size_t size = 0;
  void* bytes = failure == 0 ? spng_get_png_buffer(context.get(), &size, &failure) : nullptr;
  if (bytes == nullptr) {
    std::cerr << "gen_photos: " << path << ": " << spng_strerror(failure) << "\n";
    std::exit(1);
  }
  write_file(path, bytes, size);
  std::free(bytes);
}

std::string name(const std::string& directory, unsigned n, const char* suffix) {
  return directory + "/photo" + (n < 10 ? "0" : "") + std::to_string(n) + suffix;
}

struct Size {
  unsigned width;
  unsigned height;
};
constexpr std::array<Size, 8> sizes{{{1920, 1080},
                                     {2560, 1600},
                                     {3264, 2448},
                                     {4000, 3000},
                                     {2448, 3264},
                                     {4608, 3456},
                                     {3000, 2000},
                                     {6000, 4000}}};
constexpr unsigned sizes_of_pngs = 4;  // the first: larger PNGs are rare

}  // namespace
}  // namespace nodeops::bench

int main(int count, char** arguments) {
  using namespace nodeops::bench;
  if (count < 2) {
    std::cerr << "usage: gen_photos DIRECTORY [JPEGS [PNGS]]\n";
    return 2;
  }
  const std::string directory = arguments[1];
  const auto number = [&](int at, int usual) {
    return static_cast<unsigned>(count > at ? std::atoi(arguments[at]) : usual);
  };
  for (unsigned n = 0; n < number(2, 60); ++n) {
    const Size size = sizes.at(n % sizes.size());
    Picture made = picture(size.width, size.height, 1000 + n);
    write_jpeg(name(directory, n, ".jpg"), made, 85 + static_cast<int>(n % 8));
  }
  for (unsigned n = 0; n < number(3, 23); ++n) {
    const Size size = sizes.at(n % sizes_of_pngs);
    write_png(name(directory, n, ".png"), picture(size.width, size.height, 2000 + n));
  }
}
