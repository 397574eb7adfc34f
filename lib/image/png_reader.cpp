// SPDX-License-Identifier: MIT
#include "image/png_reader.hpp"

#include <spng.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "image/row_luma.hpp"

namespace nodeops::image {
namespace {

constexpr std::size_t largest_chunk = std::size_t{8} << 20;
constexpr std::size_t all_chunks = std::size_t{16} << 20;
constexpr int most_chunks = 100'000;

struct Free {
  void operator()(spng_ctx* context) const { spng_ctx_free(context); }
};
using Context = std::unique_ptr<spng_ctx, Free>;

void check(int code) {
  if (code == 0) return;
  if (code == SPNG_IO_EOF || code == SPNG_EIDAT_TOO_SHORT) throw bad_image("truncated");
  if (code == SPNG_EMEM) throw std::bad_alloc();
  throw bad_image(std::string("damaged PNG: ") + spng_strerror(code));
}

Context open(FileBytes file) {
  Context context(spng_ctx_new(0));
  if (context == nullptr) throw std::bad_alloc();
  check(spng_set_crc_action(context.get(), SPNG_CRC_ERROR, SPNG_CRC_ERROR));
  check(spng_set_chunk_limits(context.get(), largest_chunk, all_chunks));
  check(spng_set_option(context.get(), SPNG_CHUNK_COUNT_LIMIT, most_chunks));
  check(spng_set_png_buffer(context.get(), file.data(), file.size()));
  return context;
}

/// The form to ask the decoder for, and what it is.
struct Wanted {
  int format;
  unsigned channels;
  unsigned bits;
};

Wanted wanted_form(const spng_ihdr& header, bool transparency) {
  const unsigned bits = header.bit_depth == 16 ? 16 : 8;
  switch (header.color_type) {
    case SPNG_COLOR_TYPE_GRAYSCALE:
      if (transparency) return {bits == 16 ? SPNG_FMT_GA16 : SPNG_FMT_GA8, 2, bits};
      return {bits == 16 ? SPNG_FMT_PNG : SPNG_FMT_G8, 1, bits};
    case SPNG_COLOR_TYPE_TRUECOLOR:
      if (transparency) return {bits == 16 ? SPNG_FMT_RGBA16 : SPNG_FMT_RGBA8, 4, bits};
      return {SPNG_FMT_PNG, 3, bits};
    case SPNG_COLOR_TYPE_INDEXED:
      if (transparency) return {SPNG_FMT_RGBA8, 4, 8};
      return {SPNG_FMT_RGB8, 3, 8};
    case SPNG_COLOR_TYPE_GRAYSCALE_ALPHA:
      return {SPNG_FMT_PNG, 2, bits};
    default:
      return {SPNG_FMT_PNG, 4, bits};
  }
}

Wanted wanted_form(spng_ctx* context, const spng_ihdr& header) {
  spng_trns transparency{};
  const int code = spng_get_trns(context, &transparency);
  if (code != 0 && code != SPNG_ECHUNKAVAIL) check(code);
  return wanted_form(header, code == 0);
}

/// Seven passes over every eighth, fourth, second pixel; or one over all.
struct Pass {
  std::uint32_t first;
  std::uint32_t step;
};
constexpr std::array<Pass, 7> adam7{{{0, 8}, {4, 8}, {0, 4}, {2, 4}, {0, 2}, {1, 2}, {0, 1}}};

class RowReader {
 public:
  RowReader(spng_ctx* context, const Wanted& wanted, const Decoding& decoding, GrayImage& image)
      : context_(context),
        image_(image),
        luma_(decoding.options.luma,
              {.channels = wanted.channels, .bits = wanted.bits, .keep_alpha = image.alpha}),
        colours_(luma_.row_bytes(image.width)) {}

  /// False behind the last row.
  bool read(bool interlaced) {
    spng_row_info place{};
    check(spng_get_row_info(context_, &place));
    const int code = spng_decode_scanline(context_, colours_.data(), colours_.size());
    if (code != SPNG_EOI) check(code);
    if (interlaced) {
      scatter(adam7.at(static_cast<std::size_t>(place.pass)), place.row_num);
    } else {
      luma_(colours_.data(), image_.row(place.row_num), image_.width);
    }
    return code != SPNG_EOI;
  }

 private:
  void scatter(Pass pass, std::uint32_t y) {
    if (image_.width <= pass.first) return;
    const std::uint32_t pixels = (image_.width - pass.first + pass.step - 1) / pass.step;
    grays_.resize(image_.row_bytes());
    luma_(colours_.data(), grays_.data(), pixels);
    const std::size_t size = image_.pixel_bytes();
    std::byte* to = image_.row(y) + pass.first * size;
    for (std::uint32_t i = 0; i < pixels; ++i) {
      std::memcpy(to + std::size_t{i} * pass.step * size, grays_.data() + i * size, size);
    }
  }

  spng_ctx* context_;
  GrayImage& image_;
  RowLuma luma_;
  std::vector<std::byte> colours_;
  std::vector<std::byte> grays_;
};

std::string xmp_of(spng_ctx* context) {
  std::uint32_t count = 0;
  if (spng_get_text(context, nullptr, &count) != 0 || count == 0) return {};
  std::vector<spng_text> texts(count);
  if (spng_get_text(context, texts.data(), &count) != 0) return {};
  for (const spng_text& text : texts) {
    if (std::strcmp(text.keyword, "XML:com.adobe.xmp") == 0) return {text.text, text.length};
  }
  return {};
}

Metadata metadata_of(spng_ctx* context) {
  Metadata metadata;
  if (spng_exif exif{}; spng_get_exif(context, &exif) == 0) {
    metadata.exif.assign(exif.data, exif.length);
  }
  if (spng_iccp profile{}; spng_get_iccp(context, &profile) == 0) {
    metadata.icc.assign(profile.profile, profile.profile_len);
  }
  if (spng_phys size{}; spng_get_phys(context, &size) == 0) {
    metadata.density =
        Density{size.ppu_x, size.ppu_y,
                size.unit_specifier == 1 ? Density::Unit::metre : Density::Unit::none};
  }
  metadata.xmp = xmp_of(context);
  return metadata;
}

}  // namespace

Shape png_shape(FileBytes file) {
  const Context context = open(file);
  spng_ihdr header{};
  check(spng_get_ihdr(context.get(), &header));
  const Wanted wanted = wanted_form(context.get(), header);
  const bool alpha = wanted.channels % 2 == 0;
  return {header.width, header.height, wanted.channels, wanted.bits, alpha, all_chunks};
}

Decoded decode_png(FileBytes file, const Decoding& decoding) {
  const Context context = open(file);
  spng_ihdr header{};
  check(spng_get_ihdr(context.get(), &header));
  const Wanted wanted = wanted_form(context.get(), header);
  check(spng_decode_image(context.get(), nullptr, 0, wanted.format,
                          SPNG_DECODE_TRNS | SPNG_DECODE_PROGRESSIVE));
  Decoded decoded{decoding.blank(), {}};
  RowReader rows(context.get(), wanted, decoding, decoded.image);
  while (rows.read(header.interlace_method != 0)) go_on(decoding.stop);
  check(spng_decode_chunks(context.get()));
  if (!decoding.options.strip_metadata) decoded.metadata = metadata_of(context.get());
  return decoded;
}

}  // namespace nodeops::image
