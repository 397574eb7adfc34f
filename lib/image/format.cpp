// SPDX-License-Identifier: MIT
#include <string_view>

#include "image/codecs.hpp"

namespace nodeops::image {
namespace {

using namespace std::string_view_literals;

/// TGA has no mark: its header must hold together in every field.
bool looks_like_tga(std::string_view file) {
  constexpr std::size_t header = 18;
  if (file.size() < header) return false;
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(file[at]); };
  const unsigned map = byte(1);
  const unsigned kind = byte(2) & ~8U;  // 8: run-length
  const unsigned bits = byte(16);
  if (map > 1 || kind < 1 || kind > 3 || byte(2) > 11) return false;
  if ((kind == 1) != (map == 1)) return false;
  const bool known_bits = bits == 8 || bits == 15 || bits == 16 || bits == 24 || bits == 32;
  const unsigned width = byte(12) + byte(13) * 256U;
  const unsigned height = byte(14) + byte(15) * 256U;
  return known_bits && width > 0 && height > 0 && (byte(17) & 0xC0U) == 0;
}

}  // namespace

std::optional<Format> format_of(Bytes file) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  if (text.starts_with("\xFF\xD8\xFF"sv)) return Format::jpeg;
  if (text.starts_with("\x89PNG\r\n\x1a\n"sv)) return Format::png;
  if (text.starts_with("RIFF"sv) && text.size() >= 12 && text.substr(8, 4) == "WEBP"sv)
    return Format::webp;
  if (text.starts_with("BM"sv)) return Format::bmp;
  if (text.starts_with("GIF87a"sv) || text.starts_with("GIF89a"sv)) return Format::gif;
  if (text.starts_with("8BPS"sv)) return Format::psd;
  if (text.starts_with("#?RADIANCE"sv) || text.starts_with("#?RGBE"sv)) return Format::hdr;
  if (text.starts_with("P5"sv) || text.starts_with("P6"sv)) return Format::pnm;
  if (looks_like_tga(text)) return Format::tga;
  return std::nullopt;
}

}  // namespace nodeops::image
