// SPDX-License-Identifier: MIT
#include "image/format.hpp"

#include <array>
#include <limits>

#include "image/jpeg_writer.hpp"
#include "image/stb_codec.hpp"
#include "image/webp_codec.hpp"

namespace nodeops::image {

using namespace std::string_view_literals;

namespace {

/// "P5" and white space or a comment: Netpbm's formats are told by the digit.
bool is_pnm(std::string_view text, std::string_view kinds) {
  return text.size() > 2 && text[0] == 'P' && kinds.find(text[1]) != std::string_view::npos &&
         " \t\r\n#"sv.find(text[2]) != std::string_view::npos;
}

/// What an image that is not read here is called; empty where it looks like none.
std::string_view name_of_foreign(std::string_view text) {
  struct Signature {
    std::size_t at;
    std::string_view mark;
    std::string_view name;
  };
  static constexpr std::array signatures{
      Signature{0, "II*\0"sv, "TIFF"},
      Signature{0, "MM\0*"sv, "TIFF"},
      Signature{0, "\0\0\1\0"sv, "ICO"},
      Signature{4, "ftypavif"sv, "AVIF"},
      Signature{4, "ftyphei"sv, "HEIC"},
      Signature{4, "ftypmif1"sv, "HEIF"},
      Signature{4, "jP  \r\n\x87\n"sv, "JPEG 2000"},
      Signature{4, "JXL \r\n\x87\n"sv, "JPEG XL"},
      Signature{0, "\xff\x0a"sv, "JPEG XL"},
      Signature{0, "\x53\x80\xf6\x34"sv, "PIC"},
  };
  for (const auto& [at, mark, name] : signatures) {
    if (text.size() > at && text.substr(at).starts_with(mark)) return name;
  }
  return is_pnm(text, "12347") ? "PNM of this kind" : "";
}

}  // namespace

Format detect_format(FileBytes file) {
  struct Signature {
    std::string_view start;
    Format format;
  };
  static constexpr std::array signatures{
      Signature{"\xff\xd8\xff", Format::jpeg}, Signature{"\x89PNG\r\n\x1a\n", Format::png},
      Signature{"GIF87a", Format::gif},        Signature{"GIF89a", Format::gif},
      Signature{"8BPS", Format::psd},          Signature{"#?RADIANCE\n", Format::hdr},
      Signature{"#?RGBE\n", Format::hdr},      Signature{"BM", Format::bmp},
  };
  const std::string_view text = text_of(file);
  if (text.empty()) throw bad_image("empty");
  for (const auto& [start, format] : signatures) {
    if (text.starts_with(start)) return format;
  }
  if (text.starts_with("RIFF") && text.find("WEBP") == 8) return Format::webp;
  if (is_pnm(text, "56")) return Format::pnm;
  if (looks_like_tga(file)) return Format::tga;
  if (const auto name = name_of_foreign(text); !name.empty())
    throw bad_image("not supported: " + std::string(name));
  throw bad_image("not an image");
}

std::string_view name_of(Format format) {
  constexpr std::array<std::string_view, 9> names{"JPEG", "PNG", "WebP", "BMP", "TGA",
                                                  "GIF",  "PSD", "HDR",  "PNM"};
  return names.at(static_cast<std::size_t>(format));
}

std::string_view extension_of(Format format) {
  constexpr std::array<std::string_view, 9> extensions{"jpg", "png", "webp", "bmp", "tga",
                                                       "gif", "psd", "hdr",  "pgm"};
  return extensions.at(static_cast<std::size_t>(format));
}

Target target_for(Format format, Target wanted) {
  if (wanted != Target::keep) return wanted;
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
    case Format::png:
    case Format::gif:
    case Format::psd:
    case Format::hdr:
      return Target::png;
  }
  return Target::png;
}

std::string_view extension_of(Target target) {
  constexpr std::array<std::string_view, 7> extensions{"",    "png", "jpg", "bmp",
                                                       "tga", "pgm", "webp"};
  return extensions.at(static_cast<std::size_t>(target));
}

Holds holds(Target target) {
  constexpr std::uint32_t any = std::numeric_limits<std::int32_t>::max();
  switch (target) {
    case Target::jpg:
      return {
          .alpha = false, .sixteen_bits = false, .metadata = true, .longest_side = most_jpeg_side};
    case Target::bmp:
      return {.alpha = false, .sixteen_bits = false, .metadata = false, .longest_side = any};
    case Target::tga:
      return {.alpha = true, .sixteen_bits = false, .metadata = false, .longest_side = 65535};
    case Target::pgm:
      return {.alpha = false, .sixteen_bits = true, .metadata = false, .longest_side = any};
    case Target::webp:
      return {
          .alpha = true, .sixteen_bits = false, .metadata = true, .longest_side = most_webp_side};
    case Target::keep:
    case Target::png:
      break;
  }
  return {.alpha = true, .sixteen_bits = true, .metadata = true, .longest_side = any};
}

}  // namespace nodeops::image
