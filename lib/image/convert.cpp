// SPDX-License-Identifier: MIT
#include "image/convert.hpp"

#include <algorithm>

#include "image/decoding.hpp"
#include "image/deflate.hpp"
#include "image/format.hpp"
#include "image/gray_change.hpp"
#include "image/jpeg_luma.hpp"
#include "image/jpeg_metadata.hpp"
#include "image/jpeg_reader.hpp"
#include "image/jpeg_writer.hpp"
#include "image/png_reader.hpp"
#include "image/png_writer.hpp"
#include "image/pnm_codec.hpp"
#include "image/stb_codec.hpp"
#include "image/webp_codec.hpp"

namespace nodeops::image {
namespace {

constexpr int usual_quality = 90;

/// All that is decided before memory is taken.
struct Plan {
  Format format;
  Target target;
  Shape shape;
  bool keep_alpha;
  bool sixteen_bits;
};

Shape shape_of(FileBytes file, Format format) {
  switch (format) {
    case Format::jpeg:
      return jpeg_shape(file);
    case Format::png:
      return png_shape(file);
    case Format::webp:
      return webp_shape(file);
    case Format::pnm:
      return pnm_shape(file);
    default:
      return stb_shape(file, format);
  }
}

std::string size_text(const Shape& shape) {
  return std::to_string(shape.width) + " x " + std::to_string(shape.height) + " pixels";
}

/// No picture is packed to a 200th but by intention: what is this dense and also large is refused.
void check_density(FileBytes file, Format format, const Shape& shape) {
  constexpr std::uint64_t large = std::uint64_t{256} << 20;
  constexpr std::uint64_t densest = 200;
  const std::uint64_t samples = shape.pixels() * shape.channels * (shape.bits / 8);
  if (format == Format::jpeg || samples <= large || samples / densest <= file.size()) return;
  throw bad_image(size_text(shape) + " in " + std::to_string(file.size()) +
                  " bytes are a decompression bomb");
}

Plan plan_for(FileBytes file, const ConvertOptions& options) {
  const Format format = detect_format(file);
  const Target target = target_for(format, options.to);
  const Shape shape = shape_of(file, format);
  if (shape.pixels() > options.most_pixels) {
    throw AppError(ErrorKind::over_limit, size_text(shape) + " are more than --max-pixels");
  }
  check_density(file, format, shape);
  const Holds room = holds(target);
  if (std::max(shape.width, shape.height) > room.longest_side) {
    throw bad_image(size_text(shape) + " are more than a " + std::string(extension_of(target)) +
                    " can hold");
  }
  return {format, target, shape, shape.alpha && room.alpha && !options.drop_alpha,
          shape.bits == 16 && room.sixteen_bits && !options.eight_bits};
}

/// What encoding takes at most besides the gray image, its result with it.
std::uint64_t encoding_bytes(const Plan& plan, const ConvertOptions& options, std::uint64_t gray) {
  const std::uint64_t pixels = plan.shape.pixels();
  const std::uint64_t rows = plan.shape.height;
  switch (plan.target) {
    case Target::png:
    case Target::keep: {
      const std::uint64_t filtered = gray + rows;
      // A string that grows holds the old bytes and twice as many new ones.
      return filtered * 3 + filtered / 100 + Deflate::working_bytes(options.compression, filtered);
    }
    case Target::jpg:
      return pixels * 3 + (std::uint64_t{1} << 20);
    case Target::bmp:
      return pixels * 3 * 3 + rows * 12;
    case Target::tga:
      return gray * 4 + rows * 4;
    case Target::pgm:
      return gray + 64;
    case Target::webp:
      return pixels * 32 + (std::uint64_t{4} << 20);
  }
  return gray;
}

std::uint64_t working_bytes(const Plan& plan, const ConvertOptions& options) {
  const Shape& shape = plan.shape;
  const std::uint64_t sample = shape.bits / 8;
  const std::uint64_t gray = shape.pixels() * sample * (plan.keep_alpha ? 2 : 1);
  const std::uint64_t row = std::uint64_t{shape.width} * shape.channels * sample * 4;
  const std::uint64_t turning = options.apply_orientation ? gray : 0;
  return (std::uint64_t{1} << 20) + row + gray + shape.decoding_bytes +
         std::max(encoding_bytes(plan, options, gray), turning);
}

Decoded decode(FileBytes file, Format format, const Decoding& decoding) {
  switch (format) {
    case Format::jpeg:
      return decode_jpeg(file, decoding);
    case Format::png:
      return decode_png(file, decoding);
    case Format::webp:
      return decode_webp(file, decoding);
    case Format::pnm:
      return decode_pnm(file, decoding);
    default:
      return decode_stb(file, format, decoding);
  }
}

std::string encode(const Plan& plan, const Decoded& decoded, const ConvertOptions& options,
                   const std::stop_token& stop) {
  const auto& [image, metadata] = decoded;
  switch (plan.target) {
    case Target::jpg:
      return encode_jpeg(image, metadata, options.quality.value_or(usual_quality), stop);
    case Target::webp: {
      // A lossless copy of what was lossy before would be several times as large.
      const bool lossless = plan.format != Format::jpeg;
      const auto quality = lossless ? options.quality : options.quality.value_or(usual_quality);
      return encode_webp(image, metadata, quality, options.compression, stop);
    }
    case Target::bmp:
      return encode_bmp(image);
    case Target::tga:
      return encode_tga(image);
    case Target::pgm:
      return encode_pgm(image);
    case Target::png:
    case Target::keep:
      break;
  }
  return encode_png(image, metadata, options.compression, stop);
}

void note_losses(const Plan& plan, const ConvertOptions& options, std::vector<std::string>& notes) {
  if (options.to == Target::keep && extension_of(plan.target) == "png" &&
      plan.format != Format::png) {
    notes.push_back(std::string(name_of(plan.format)) + " cannot be written and became PNG");
  }
  if (plan.format == Format::gif) notes.emplace_back("only the first frame was taken");
  if (plan.shape.alpha && !plan.keep_alpha && !options.drop_alpha) {
    notes.emplace_back("transparency was dropped");
  }
  if (plan.shape.bits == 16 && !plan.sixteen_bits && !options.eight_bits) {
    notes.emplace_back("16 bits became 8");
  }
}

/// Turns the image if that is wanted, and makes what it carries fit what it has become.
void settle_metadata(const Plan& plan, const ConvertOptions& options, Decoded& decoded,
                     std::vector<std::string>& notes) {
  auto& [image, metadata] = decoded;
  if (options.apply_orientation) {
    image = turned(std::move(image), orientation(metadata));
    set_upright(metadata);
  }
  if (options.strip_metadata) metadata = without_details(metadata);
  if (!make_profile_gray(metadata)) notes.emplace_back(profile_was_dropped);
  const bool carries = !metadata.exif.empty() || !metadata.icc.empty() || !metadata.xmp.empty();
  if (carries && !holds(plan.target).metadata) {
    notes.push_back("a " + std::string(extension_of(plan.target)) + " holds no metadata");
  }
  if (plan.target == Target::jpg) note_what_jpeg_loses(metadata, notes);
}

/// A JPEG that keeps the coefficients of its luma, where nothing else is asked for.
std::optional<std::string> carried(FileBytes file, const Plan& plan, const ConvertOptions& options,
                                   const std::stop_token& stop, std::vector<std::string>& notes) {
  if (plan.format != Format::jpeg || plan.target != Target::jpg || options.quality ||
      options.luma != Luma::bt601) {
    return std::nullopt;
  }
  auto bytes = carry_luma(file,
                          {.apply_orientation = options.apply_orientation,
                           .strip_metadata = options.strip_metadata,
                           .most_bytes = working_bytes(plan, options),
                           .notes = &notes},
                          stop);
  // To be turned, a picture is encoded again, as the manual says.
  if (!bytes && !options.apply_orientation) {
    notes.push_back(
        "its brightness could not be kept as it is and was encoded again, with quality " +
        std::to_string(usual_quality));
  }
  return bytes;
}

}  // namespace

ImageHeader inspect(std::span<const std::byte> file, const ConvertOptions& options) {
  const Plan plan = plan_for(file, options);
  const Shape& shape = plan.shape;
  return {plan.format,
          shape.width,
          shape.height,
          shape.channels,
          shape.bits,
          working_bytes(plan, options),
          std::string(extension_of(plan.target))};
}

Converted convert(std::span<const std::byte> file, const ConvertOptions& options,
                  const std::stop_token& stop) {
  const Plan plan = plan_for(file, options);
  Converted converted;
  if (auto bytes = carried(file, plan, options, stop, converted.notes)) {
    converted.bytes = std::move(*bytes);
    return converted;
  }
  note_losses(plan, options, converted.notes);
  Decoded decoded = decode(file, plan.format,
                           {.options = options,
                            .shape = plan.shape,
                            .keep_alpha = plan.keep_alpha,
                            .stop = stop,
                            .notes = converted.notes});
  settle_metadata(plan, options, decoded, converted.notes);
  if (!plan.sixteen_bits) reduce_to_eight_bits(decoded.image);
  converted.bytes = encode(plan, decoded, options, stop);
  return converted;
}

}  // namespace nodeops::image
