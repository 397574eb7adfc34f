// SPDX-License-Identifier: MIT
#include "image/stb_codec.hpp"

#include <stb_image.h>
#include <stb_image_write.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <memory>

#include "image/row_luma.hpp"
#include "image/stb_header.hpp"
#include "image/stb_length.hpp"

namespace nodeops::image {
namespace {

struct Free {
  void operator()(void* pixels) const { stbi_image_free(pixels); }
};

const stbi_uc* bytes_of(FileBytes file) {
  return reinterpret_cast<const stbi_uc*>(file.data());
}

int length_of(FileBytes file) {
  if (file.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw bad_image("larger than 2 GiB");
  }
  return static_cast<int>(file.size());
}

AppError stb_failure() {
  const char* reason = stbi_failure_reason();
  return bad_image(std::string("damaged: ") + (reason == nullptr ? "unknown" : reason));
}

/// What stb_image takes besides its result, in bytes per pixel.
std::uint64_t extra_bytes(Format format) {
  switch (format) {
    case Format::gif:
      return 4 + 4 + 1;  // the canvas twice, and which pixels have been drawn
    case Format::hdr:
      return 16;  // floats
    case Format::psd:
      return 8;
    default:
      return 4;
  }
}

struct Sink {
  std::string bytes;
  bool failed = false;
};

void take(void* context, void* data, int size) {
  auto& sink = *static_cast<Sink*>(context);
  try {
    sink.bytes.append(static_cast<const char*>(data), static_cast<std::size_t>(size));
  } catch (const std::bad_alloc&) {
    sink.failed = true;  // no exception goes through the library's frames
  }
}

template <class Write>
std::string encode(const GrayImage& image, Write write) {
  Sink sink;
  const int done =
      write(take, &sink, static_cast<int>(image.width), static_cast<int>(image.height),
            static_cast<int>(image.channels()), static_cast<const void*>(image.samples.data()));
  if (sink.failed) throw std::bad_alloc();
  if (done == 0) throw bad_image("could not be encoded");
  return std::move(sink.bytes);
}

}  // namespace

bool looks_like_tga(FileBytes file) {
  if (file.size() < 18) return false;
  const auto at = [&](std::size_t i) { return std::to_integer<unsigned>(file[i]); };
  const bool mapped = at(1) == 1;
  const unsigned kind = at(2) & ~8U;  // 8: run lengths
  if (at(1) > 1 || kind < 1 || kind > 3 || at(2) > 11 || mapped != (kind == 1)) return false;
  if ((at(17) & 0xc0U) != 0) return false;
  const unsigned depth = at(16);
  if (depth != 8 && depth != 15 && depth != 16 && depth != 24 && depth != 32) return false;
  if ((at(12) | at(13)) == 0 || (at(14) | at(15)) == 0) return false;
  int width = 0;
  int height = 0;
  int channels = 0;
  return stbi_info_from_memory(bytes_of(file), length_of(file), &width, &height, &channels) == 1;
}

Shape stb_shape(FileBytes file, Format format) {
  int width = 0;
  int height = 0;
  int channels = 0;
  const int length = length_of(file);
  check_supported(file, format);
  if (stbi_info_from_memory(bytes_of(file), length, &width, &height, &channels) == 0) {
    throw stb_failure();
  }
  if (width <= 0 || height <= 0) throw bad_image("damaged: there are no pixels");
  if (channels < 1 || channels > 4) throw bad_image("damaged: no known number of channels");
  unsigned bits = 8;
  if (format == Format::psd) {
    const PsdHeader header = psd_header(file);
    bits = header.bits;
    if (header.channels < 4) channels = 3;
  }
  Shape shape{static_cast<std::uint32_t>(width),
              static_cast<std::uint32_t>(height),
              static_cast<unsigned>(channels),
              bits,
              channels % 2 == 0,
              0};
  // The library takes what is missing for zeros.
  if (shape.pixels() <= std::uint64_t{1} << 32) check_length(file, format, shape);
  const std::uint64_t sample = shape.bits / 8;
  shape.decoding_bytes = shape.pixels() * (4 * sample + extra_bytes(format));
  return shape;
}

Decoded decode_stb(FileBytes file, Format format, const Decoding& decoding) {
  const Shape& shape = decoding.shape;
  // The library counts in int.
  if (shape.pixels() * shape.channels * (shape.bits / 8) > 0x7fffffff) {
    throw bad_image("more than 2 GiB of pixels");
  }
  if (format == Format::bmp) check_palette(file, shape);
  int width = 0;
  int height = 0;
  int channels = 0;
  const int wanted = static_cast<int>(shape.channels);
  std::unique_ptr<void, Free> pixels;
  if (shape.bits == 16) {
    pixels.reset(stbi_load_16_from_memory(bytes_of(file), length_of(file), &width, &height,
                                          &channels, wanted));
  } else {
    pixels.reset(
        stbi_load_from_memory(bytes_of(file), length_of(file), &width, &height, &channels, wanted));
  }
  if (pixels == nullptr) throw stb_failure();
  if (static_cast<std::uint32_t>(width) != shape.width ||
      static_cast<std::uint32_t>(height) != shape.height) {
    throw bad_image("damaged: two sizes");
  }
  Decoded decoded{decoding.blank(), {}};
  const RowLuma luma(
      decoding.options.luma,
      {.channels = shape.channels, .bits = shape.bits, .keep_alpha = decoded.image.alpha});
  const auto* from = static_cast<const std::byte*>(pixels.get());
  for (std::uint32_t y = 0; y < shape.height; ++y, from += luma.row_bytes(shape.width)) {
    go_on(decoding.stop);
    luma(from, decoded.image.row(y), shape.width);
  }
  if (format == Format::hdr) decoding.notes.emplace_back("high dynamic range became 8 bits");
  return decoded;
}

std::string encode_bmp(const GrayImage& image) {
  return encode(image, stbi_write_bmp_to_func);
}

std::string encode_tga(const GrayImage& image) {
  return encode(image, stbi_write_tga_to_func);
}

}  // namespace nodeops::image
