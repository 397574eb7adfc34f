// SPDX-License-Identifier: MIT
#include <spng.h>

#include <bit>
#include <cstring>
#include <memory>
#include <vector>

#include "core/error.hpp"
#include "image/codecs.hpp"

namespace nodeops::image {
namespace {

constexpr std::size_t longest_chunk = std::size_t{64} << 20U;
constexpr std::uint32_t longest_side = 0x7FFFFFFF;

struct Put {
  void operator()(spng_ctx* context) const { spng_ctx_free(context); }
};
using Context = std::unique_ptr<spng_ctx, Put>;

[[noreturn]] void fail(int code) {
  const bool ends_early = code == SPNG_IO_EOF || code == SPNG_EIDAT_TOO_SHORT;
  if (ends_early) throw AppError(ErrorKind::bad_data, "truncated");
  throw AppError(ErrorKind::bad_data, std::string("damaged PNG: ") + spng_strerror(code));
}

void check(int code) {
  if (code != 0) fail(code);
}

Context open(Bytes file) {
  Context context(spng_ctx_new(0));
  if (!context) throw std::bad_alloc();
  check(spng_set_image_limits(context.get(), longest_side, longest_side));
  check(spng_set_chunk_limits(context.get(), longest_chunk, longest_chunk));
  check(spng_set_crc_action(context.get(), SPNG_CRC_ERROR, SPNG_CRC_ERROR));
  check(spng_set_png_buffer(context.get(), file.data(), file.size()));
  return context;
}

/// How the library is to give the pixels, and what they are then.
struct Layout {
  spng_format format;
  int flags;
  unsigned channels;
  unsigned bits;
};

Layout layout_of(const spng_ihdr& header, bool transparent) {
  const bool deep = header.bit_depth == 16;
  const unsigned bits = deep ? 16 : 8;
  switch (header.color_type) {
    case SPNG_COLOR_TYPE_GRAYSCALE:
      if (deep)
        return transparent ? Layout{SPNG_FMT_GA16, SPNG_DECODE_TRNS, 2, 16}
                           : Layout{SPNG_FMT_PNG, 0, 1, 16};
      return transparent ? Layout{SPNG_FMT_GA8, SPNG_DECODE_TRNS, 2, 8}
                         : Layout{SPNG_FMT_G8, 0, 1, 8};
    case SPNG_COLOR_TYPE_GRAYSCALE_ALPHA:
      return {SPNG_FMT_PNG, 0, 2, bits};
    case SPNG_COLOR_TYPE_TRUECOLOR_ALPHA:
      return {SPNG_FMT_PNG, 0, 4, bits};
    default:
      break;
  }
  if (transparent) return {deep ? SPNG_FMT_RGBA16 : SPNG_FMT_RGBA8, SPNG_DECODE_TRNS, 4, bits};
  return deep ? Layout{SPNG_FMT_PNG, 0, 3, 16} : Layout{SPNG_FMT_RGB8, 0, 3, 8};
}

std::uint32_t number(Bytes file, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = at; i < at + 4; ++i)
    value = value << 8U | std::to_integer<std::uint32_t>(file[i]);
  return value;
}

/// The file without its texts and profiles, whatever is in the rest: those may unpack to far more
/// than they are.
std::vector<std::byte> without_texts(Bytes file) {
  constexpr std::size_t mark = 8;
  constexpr std::size_t around = 12;  // length, name and checksum of a chunk
  std::vector<std::byte> rest(file.begin(), file.begin() + mark);
  for (std::size_t at = mark; file.size() - at >= around;) {
    const std::size_t size = number(file, at) + around;
    if (size > file.size() - at) break;
    const std::string_view name(reinterpret_cast<const char*>(file.data() + at + 4), 4);
    const bool text = name == "tEXt" || name == "zTXt" || name == "iTXt" || name == "iCCP";
    if (!text)
      rest.insert(rest.end(), file.begin() + static_cast<long>(at),
                  file.begin() + static_cast<long>(at + size));
    at += size;
  }
  return rest;
}

struct Opened {
  Context context;
  std::vector<std::byte> rest;  ///< that is read in place of a file whose texts are too much
  spng_ihdr header{};
  Layout layout{};
};

/// Reads as far as the first chunk of pixels.
Opened open_to_pixels(Bytes file) {
  Opened opened{.context = open(file), .rest = {}};
  spng_trns transparency{};
  int code = spng_get_trns(opened.context.get(), &transparency);
  if (code == SPNG_ECHUNK_LIMITS || code == SPNG_EMEM) {
    opened.rest = without_texts(file);
    opened.context = open(opened.rest);
    code = spng_get_trns(opened.context.get(), &transparency);
  }
  if (code != 0 && code != SPNG_ECHUNKAVAIL) fail(code);
  check(spng_get_ihdr(opened.context.get(), &opened.header));
  opened.layout = layout_of(opened.header, code == 0);
  return opened;
}

Metadata metadata_of(spng_ctx* context) {
  Metadata metadata;
  spng_exif exif{};
  if (spng_get_exif(context, &exif) == 0) metadata.exif.assign(exif.data, exif.length);
  spng_iccp profile{};
  if (spng_get_iccp(context, &profile) == 0)
    metadata.icc.assign(profile.profile, profile.profile_len);
  spng_phys physical{};
  if (spng_get_phys(context, &physical) == 0 && physical.unit_specifier == 1)
    metadata.density = Density{physical.ppu_x, physical.ppu_y};
  std::uint32_t count = 0;
  if (spng_get_text(context, nullptr, &count) != 0 || count == 0) return metadata;
  std::vector<spng_text> texts(count);
  if (spng_get_text(context, texts.data(), &count) != 0) return metadata;
  for (const spng_text& text : texts) {
    if (std::strcmp(text.keyword, "XML:com.adobe.xmp") == 0)
      metadata.xmp.assign(text.text, text.length);
  }
  return metadata;
}

}  // namespace

Head png_head(Bytes file) {
  const Opened opened = open_to_pixels(file);
  return {.width = opened.header.width,
          .height = opened.header.height,
          .channels = opened.layout.channels,
          .bits = opened.layout.bits,
          .extra_bytes = std::uint64_t{opened.header.width} * 16 + (std::uint64_t{256} << 10U)};
}

Decoded decode_png(Bytes file, const DecodeOptions& options) {
  const Opened opened = open_to_pixels(file);
  spng_ctx* const context = opened.context.get();
  Decoded decoded;
  Pixels& pixels = decoded.pixels;
  pixels = {.width = opened.header.width,
            .height = opened.header.height,
            .channels = opened.layout.channels,
            .bits = opened.layout.bits};
  std::size_t size = 0;
  check(spng_decoded_image_size(context, opened.layout.format, &size));
  pixels.allocate();
  if (size != pixels.bytes.size()) throw AppError(ErrorKind::bad_data, "damaged PNG: odd size");
  check(spng_decode_image(context, nullptr, 0, opened.layout.format,
                          opened.layout.flags | SPNG_DECODE_PROGRESSIVE));
  int code = 0;
  for (std::uint32_t rows = 0; code == 0; ++rows) {
    if (rows % 64 == 0 && options.stop.stop_requested())
      throw AppError(ErrorKind::interrupted, "stopped");
    spng_row_info row{};
    code = spng_get_row_info(context, &row);
    if (code == 0) code = spng_decode_row(context, pixels.row(row.row_num), pixels.row_bytes());
  }
  if (code != SPNG_EOI) fail(code);
  code = spng_decode_chunks(context);
  if (code != 0 && code != SPNG_ECHUNK_LIMITS) fail(code);
  decoded.metadata = metadata_of(context);
  if (!opened.rest.empty() || code != 0)
    decoded.notes.emplace_back("texts and profiles of more than 64 MiB were left out");
  return decoded;
}

}  // namespace nodeops::image
