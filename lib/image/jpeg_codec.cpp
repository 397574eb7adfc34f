// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdlib>

#include "core/error.hpp"
#include "image/jpeg_library.hpp"

namespace nodeops::image {
namespace {

/// A decoder that is put away at the end.
struct Decoder {
  JpegErrors errors;
  jpeg_decompress_struct info{};

  Decoder() { info.err = &errors.manager; }
  ~Decoder() { jpeg_destroy_decompress(&info); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
};

/// An encoder into memory that libjpeg takes and grows.
struct Encoder {
  JpegErrors errors;
  jpeg_compress_struct info{};
  unsigned char* bytes = nullptr;
  unsigned long size = 0;

  Encoder() { info.err = &errors.manager; }
  ~Encoder() {
    jpeg_destroy_compress(&info);
    std::free(bytes);
  }
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
};

/// False: there was an error, which is in `decoder.errors`.
bool read_header(Decoder& decoder, Bytes file) {
  if (setjmp(decoder.errors.jump) != 0) return false;
  jpeg_create_decompress(&decoder.info);
  jpeg_mem_src(&decoder.info, reinterpret_cast<const unsigned char*>(file.data()), file.size());
  save_jpeg_markers(decoder.info);
  jpeg_read_header(&decoder.info, TRUE);
  return true;
}

bool start(Decoder& decoder) {
  if (setjmp(decoder.errors.jump) != 0) return false;
  jpeg_start_decompress(&decoder.info);
  return true;
}

/// Reads up to `rows` rows.
bool read_rows(Decoder& decoder, JSAMPROW* lines, JDIMENSION rows) {
  if (setjmp(decoder.errors.jump) != 0) return false;
  const JDIMENSION end = decoder.info.output_scanline + rows;
  while (decoder.info.output_scanline < end) {
    const JDIMENSION done = decoder.info.output_scanline + rows - end;
    jpeg_read_scanlines(&decoder.info, lines + done, end - decoder.info.output_scanline);
  }
  return true;
}

bool finish(Decoder& decoder) {
  if (setjmp(decoder.errors.jump) != 0) return false;
  jpeg_finish_decompress(&decoder.info);
  return true;
}

bool is_cmyk(const jpeg_decompress_struct& info) {
  return info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK;
}

unsigned channels_of(const jpeg_decompress_struct& info) {
  return info.jpeg_color_space == JCS_GRAYSCALE ? 1 : 3;
}

/// CMYK as Adobe writes it, inverted, becomes RGB in place of its first three samples.
void rgb_of_inverted_cmyk(const std::byte* cmyk, std::byte* rgb, std::size_t count, bool inverted) {
  constexpr unsigned most = 255;
  for (std::size_t i = 0; i < count; ++i) {
    const auto ink = [&](std::size_t c) {
      const auto value = std::to_integer<unsigned>(cmyk[4 * i + c]);
      return inverted ? value : most - value;
    };
    const unsigned black = ink(3);
    for (std::size_t c = 0; c < 3; ++c)
      rgb[3 * i + c] = static_cast<std::byte>((ink(c) * black + most / 2) / most);
  }
}

bool encode(Encoder& encoder, const Pixels& gray, const std::string& markers,
            const Metadata& metadata, int quality) {
  if (setjmp(encoder.errors.jump) != 0) return false;
  jpeg_create_compress(&encoder.info);
  jpeg_mem_dest(&encoder.info, &encoder.bytes, &encoder.size);
  encoder.info.image_width = gray.width;
  encoder.info.image_height = gray.height;
  encoder.info.input_components = 1;
  encoder.info.in_color_space = JCS_GRAYSCALE;
  jpeg_set_defaults(&encoder.info);
  jpeg_set_quality(&encoder.info, quality, TRUE);
  if (metadata.density) {
    encoder.info.density_unit = 2;
    encoder.info.X_density = static_cast<UINT16>(std::min(metadata.density->x / 100, 65535U));
    encoder.info.Y_density = static_cast<UINT16>(std::min(metadata.density->y / 100, 65535U));
  }
  jpeg_start_compress(&encoder.info, TRUE);
  write_jpeg_markers(encoder.info, markers);
  while (encoder.info.next_scanline < gray.height) {
    auto* row = const_cast<JSAMPLE*>(
        reinterpret_cast<const JSAMPLE*>(gray.row(encoder.info.next_scanline)));
    jpeg_write_scanlines(&encoder.info, &row, 1);
  }
  jpeg_finish_compress(&encoder.info);
  return true;
}

}  // namespace

Head jpeg_head(Bytes file) {
  Decoder decoder;
  if (!read_header(decoder, file)) throw_jpeg_failure(decoder.errors);
  const auto& info = decoder.info;
  const std::uint64_t pixels = std::uint64_t{info.image_width} * info.image_height;
  // A progressive image is kept as coefficients of all its components.
  const bool keeps_coefficients = info.progressive_mode != 0;
  return {.width = info.image_width,
          .height = info.image_height,
          .channels = channels_of(info),
          .bits = 8,
          .extra_bytes =
              keeps_coefficients ? pixels * 2 * static_cast<unsigned>(info.num_components) : 0};
}

Metadata jpeg_metadata_of(Bytes file) {
  Decoder decoder;
  if (!read_header(decoder, file)) throw_jpeg_failure(decoder.errors);
  return jpeg_metadata(decoder.info);
}

Decoded decode_jpeg(Bytes file, const DecodeOptions& options) {
  Decoder decoder;
  if (!read_header(decoder, file)) throw_jpeg_failure(decoder.errors);
  auto& info = decoder.info;
  Decoded decoded;
  decoded.metadata = jpeg_metadata(info);
  const bool cmyk = is_cmyk(info);
  const bool luma = options.luma_is_enough && info.jpeg_color_space == JCS_YCbCr;
  info.out_color_space = cmyk ? JCS_CMYK : luma || channels_of(info) == 1 ? JCS_GRAYSCALE : JCS_RGB;
  if (cmyk) decoded.notes.emplace_back("CMYK became gray without its colour profile");
  if (!start(decoder)) throw_jpeg_failure(decoder.errors);
  Pixels& pixels = decoded.pixels;
  pixels = {.width = info.output_width,
            .height = info.output_height,
            .channels = info.out_color_space == JCS_GRAYSCALE ? 1U : 3U};
  pixels.allocate();
  std::vector<std::byte> inks(cmyk ? std::size_t{4} * pixels.width : 0);
  for (std::uint32_t y = 0; y < pixels.height; ++y) {
    if (y % 64 == 0 && options.stop.stop_requested())
      throw AppError(ErrorKind::interrupted, "stopped");
    auto* line = reinterpret_cast<JSAMPLE*>(cmyk ? inks.data() : pixels.row(y));
    if (!read_rows(decoder, &line, 1)) throw_jpeg_failure(decoder.errors);
    if (cmyk)
      rgb_of_inverted_cmyk(inks.data(), pixels.row(y), pixels.width, info.saw_Adobe_marker != 0);
  }
  if (!finish(decoder) || decoder.errors.manager.num_warnings > 0)
    throw_jpeg_failure(decoder.errors);
  return decoded;
}

std::string encode_jpeg(const Pixels& gray, const Metadata& metadata, int quality) {
  constexpr std::uint32_t longest_side = 65500;
  if (gray.width > longest_side || gray.height > longest_side)
    throw AppError(ErrorKind::bad_data, "a JPEG has at most 65500 pixels on a side");
  const std::string markers = jpeg_markers(metadata);
  Encoder encoder;
  if (!encode(encoder, gray, markers, metadata, quality)) throw_jpeg_failure(encoder.errors);
  return {reinterpret_cast<const char*>(encoder.bytes), encoder.size};
}

}  // namespace nodeops::image
