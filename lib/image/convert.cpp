// SPDX-License-Identifier: MIT
#include "image/convert.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/error.hpp"
#include "image/codecs.hpp"
#include "image/luma.hpp"
#include "image/orient.hpp"
#include "image/pnm.hpp"

namespace nodeops::image {
namespace {

constexpr int usual_quality = 90;

Format known_format(Bytes file) {
  if (file.empty()) throw AppError(ErrorKind::bad_data, "an empty file");
  const auto format = format_of(file);
  if (!format) throw AppError(ErrorKind::bad_data, "not an image of a known format");
  return *format;
}

Head head_of(Bytes file, Format format) {
  switch (format) {
    case Format::jpeg:
      return jpeg_head(file);
    case Format::png:
      return png_head(file);
    case Format::webp:
      return webp_head(file);
    default:
      return other_head(file, format);
  }
}

Decoded decode(Bytes file, Format format, const DecodeOptions& options) {
  switch (format) {
    case Format::jpeg:
      return decode_jpeg(file, options);
    case Format::png:
      return decode_png(file, options);
    case Format::webp:
      return decode_webp(file, options);
    default:
      return decode_other(file, format, options);
  }
}

/// What is written when the target is to be the source's format: PNG for what nobody here writes.
Target target_for(Format format, Target asked_for) {
  if (asked_for != Target::keep) return asked_for;
  switch (format) {
    case Format::jpeg:
      return Target::jpg;
    case Format::webp:
      return Target::webp;
    case Format::bmp:
      return Target::bmp;
    case Format::tga:
      return Target::tga;
    case Format::pnm:
      return Target::pgm;
    default:
      return Target::png;
  }
}

const char* extension_of(Target target) {
  switch (target) {
    case Target::jpg:
      return "jpg";
    case Target::webp:
      return "webp";
    case Target::bmp:
      return "bmp";
    case Target::tga:
      return "tga";
    case Target::pgm:
      return "pgm";
    default:
      return "png";
  }
}

bool keeps_alpha(Target target) {
  return target == Target::png || target == Target::webp || target == Target::tga;
}

bool keeps_sixteen_bits(Target target) {
  return target == Target::png || target == Target::pgm;
}

bool keeps_metadata(Target target) {
  return target == Target::png || target == Target::webp || target == Target::jpg;
}

/// Lays the image on white: what transparent pixels look like on paper.
void drop_alpha(Pixels& gray) {
  const std::size_t size = gray.bits / 8;
  const std::size_t count = std::size_t{gray.width} * gray.height;
  const std::uint32_t most = gray.bits == 16 ? 65535 : 255;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t value = 0;
    std::uint32_t alpha = 0;
    if (size == 1) {
      value = std::to_integer<std::uint32_t>(gray.bytes[2 * i]);
      alpha = std::to_integer<std::uint32_t>(gray.bytes[2 * i + 1]);
    } else {
      std::uint16_t pair[2];
      std::memcpy(pair, gray.bytes.data() + 4 * i, sizeof pair);
      value = pair[0];
      alpha = pair[1];
    }
    const auto laid = static_cast<std::uint32_t>(
        (std::uint64_t{value} * alpha + std::uint64_t{most} * (most - alpha) + most / 2) / most);
    const auto narrow = static_cast<std::uint16_t>(laid);
    if (size == 1)
      gray.bytes[i] = static_cast<std::byte>(laid);
    else
      std::memcpy(gray.bytes.data() + 2 * i, &narrow, sizeof narrow);
  }
  gray.channels = 1;
  gray.bytes.resize(count * size);
}

/// 16 bits become the nearest 8: value * 255 / 65535, rounded.
void drop_depth(Pixels& gray) {
  const std::size_t samples = gray.bytes.size() / 2;
  for (std::size_t i = 0; i < samples; ++i) {
    std::uint16_t value = 0;
    std::memcpy(&value, gray.bytes.data() + 2 * i, sizeof value);
    gray.bytes[i] = static_cast<std::byte>((value + 128U) / 257U);
  }
  gray.bits = 8;
  gray.bytes.resize(samples);
}

/// Makes the image what the target can hold, and says what that has cost.
void fit(Decoded& image, Target target, const ConvertOptions& options) {
  Pixels& pixels = image.pixels;
  if (pixels.has_alpha() && (options.drop_alpha || !keeps_alpha(target))) {
    if (!options.drop_alpha) image.notes.emplace_back("transparency became white");
    drop_alpha(pixels);
  }
  if (pixels.bits == 16 && (options.eight_bits || !keeps_sixteen_bits(target))) {
    if (!options.eight_bits) image.notes.emplace_back("16 bits became 8");
    drop_depth(pixels);
  }
  if (options.strip_metadata) {
    image.metadata = {};
  } else if (!image.metadata.empty() && !keeps_metadata(target)) {
    image.notes.emplace_back("metadata has no place in this format");
    image.metadata = {};
  }
  if (!image.metadata.icc.empty() && !is_gray_profile(image.metadata.icc))
    image.metadata.icc = target == Target::webp ? std::string() : gray_profile();
}

std::string encode(const Decoded& image, Target target, const ConvertOptions& options,
                   const std::stop_token& stop) {
  switch (target) {
    case Target::jpg:
      return encode_jpeg(image.pixels, image.metadata, options.quality.value_or(usual_quality));
    case Target::webp:
      return encode_webp(image.pixels, image.metadata, options.quality);
    case Target::bmp:
      return encode_bmp(image.pixels);
    case Target::tga:
      return encode_tga(image.pixels);
    case Target::pgm:
      return encode_pgm(image.pixels);
    default:
      return encode_png(image.pixels, image.metadata, options.compression, stop);
  }
}

/// No photograph or scan is packed a thousand times over and large at that.
bool is_bomb(const Head& head, std::size_t file_bytes) {
  constexpr std::uint64_t harmless = std::uint64_t{256} << 20U;
  constexpr std::uint64_t most_packed = 1000;
  const std::uint64_t samples =
      std::uint64_t{head.width} * head.height * head.channels * (head.bits / 8);
  return samples > harmless && samples / most_packed > file_bytes;
}

void check_size(const Head& head, std::size_t file_bytes, const ConvertOptions& options) {
  if (head.width == 0 || head.height == 0)
    throw AppError(ErrorKind::bad_data, "an image without pixels");
  if (std::uint64_t{head.width} * head.height > options.most_pixels) {
    throw AppError(ErrorKind::bad_data, std::to_string(head.width) + " x " +
                                            std::to_string(head.height) +
                                            " pixels are more than --max-pixels");
  }
  if (is_bomb(head, file_bytes)) {
    throw AppError(ErrorKind::bad_data,
                   "a decompression bomb: more than 256 MiB, packed over 1000 times");
  }
}

bool upright_already(const Metadata& metadata, const ConvertOptions& options) {
  return !options.apply_orientation || orientation(metadata) == 1;
}

/// The lossless way, if it is open: JPEG to JPEG with its own luma.
std::optional<std::string> carried(Bytes file, Format format, Target target,
                                   const ConvertOptions& options, const std::stop_token& stop) {
  if (format != Format::jpeg || target != Target::jpg || options.quality ||
      options.luma != Luma::bt601) {
    return std::nullopt;
  }
  if (options.apply_orientation && !upright_already(jpeg_metadata_of(file), options))
    return std::nullopt;
  return carry_luma(file, options.strip_metadata, stop);
}

}  // namespace

ImageHeader inspect(std::span<const std::byte> file, const ConvertOptions& options) {
  const Format format = known_format(file);
  const Head head = head_of(file, format);
  check_size(head, file.size(), options);
  const std::uint64_t pixels = std::uint64_t{head.width} * head.height;
  const std::uint64_t sample = head.bits / 8;
  const Target target = target_for(format, options.to);
  // What is decoded, the rows of a PNG or the pixels of a WebP beside it, what is written.
  const std::uint64_t decoded = pixels * head.channels * sample;
  const std::uint64_t gray = pixels * (head.channels % 2 == 0 ? 2 : 1) * sample;
  const std::uint64_t encoder = target == Target::webp ? pixels * 16 : gray * 2;
  const std::uint64_t turned = options.apply_orientation ? gray : 0;
  return {.format = format,
          .width = head.width,
          .height = head.height,
          .channels = head.channels,
          .bits = head.bits,
          .working_bytes = decoded + head.extra_bytes + encoder + turned + (1U << 20U),
          .extension = extension_of(target)};
}

Converted convert(std::span<const std::byte> file, const ConvertOptions& options,
                  const std::stop_token& stop) {
  const Format format = known_format(file);
  check_size(head_of(file, format), file.size(), options);
  const Target target = target_for(format, options.to);
  if (auto lossless = carried(file, format, target, options, stop))
    return {.bytes = std::move(*lossless), .notes = {}};
  Decoded image =
      decode(file, format, {.luma_is_enough = options.luma == Luma::bt601, .stop = stop});
  image.pixels = to_gray(std::move(image.pixels), options.luma, stop);
  if (!upright_already(image.metadata, options)) {
    image.pixels = upright(std::move(image.pixels), orientation(image.metadata));
    set_orientation(image.metadata, 1);
  }
  fit(image, target, options);
  if (options.to == Target::keep && target == Target::png && format != Format::png)
    image.notes.emplace_back("written as PNG: its own format is only read");
  return {.bytes = encode(image, target, options, stop), .notes = std::move(image.notes)};
}

}  // namespace nodeops::image
