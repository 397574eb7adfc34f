// SPDX-License-Identifier: MIT
#include "image/png_chunks.hpp"

#include "image/deflate.hpp"
#include "image/file_numbers.hpp"

namespace nodeops::image {
namespace {

constexpr std::size_t largest_profile = std::size_t{8} << 20;
constexpr std::size_t largest_text = std::size_t{8} << 20;
constexpr std::string_view xmp_keyword("XML:com.adobe.xmp\0", 18);

/// keyword, NUL, method, packed
void take_profile(std::string_view data, PngChunks& chunks) {
  const std::size_t name = data.find('\0');
  if (name == std::string_view::npos || name + 2 > data.size()) {
    chunks.bad_profile = true;
    return;
  }
  auto profile = inflated(data.substr(name + 2), largest_profile);
  chunks.bad_profile = !profile;
  if (profile) chunks.metadata.icc = std::move(*profile);
}

/// keyword, NUL, packed or not, method, language, NUL, translated keyword, NUL, text
void take_text(std::string_view data, PngChunks& chunks) {
  if (!data.starts_with(xmp_keyword) || data.size() < xmp_keyword.size() + 2) return;
  const bool packed = data[xmp_keyword.size()] == 1;
  const std::size_t language = data.find('\0', xmp_keyword.size() + 2);
  if (language == std::string_view::npos) return;
  const std::size_t keyword = data.find('\0', language + 1);
  if (keyword == std::string_view::npos) return;
  const std::string_view text = data.substr(keyword + 1);
  if (!packed) {
    chunks.metadata.xmp = text;
  } else if (auto unpacked = inflated(text, largest_text)) {
    chunks.metadata.xmp = std::move(*unpacked);
  }
}

void take_density(std::string_view data, PngChunks& chunks) {
  if (data.size() != 9) return;
  chunks.metadata.density = Density{big_endian(data, 0, 4), big_endian(data, 4, 4),
                                    data[8] == 1 ? Density::Unit::metre : Density::Unit::none};
}

void take_metadata(std::string_view kind, std::string_view data, PngChunks& chunks) {
  if (kind == "acTL") chunks.animated = true;
  if (kind == "eXIf") chunks.metadata.exif = data;
  if (kind == "iCCP") take_profile(data, chunks);
  if (kind == "iTXt") take_text(data, chunks);
  if (kind == "gAMA" && data.size() == 4) chunks.metadata.gamma = big_endian(data, 0, 4);
  if (kind == "pHYs") take_density(data, chunks);
}

bool needed(std::string_view kind) {
  return (kind[0] & 0x20) == 0 || kind == "tRNS";
}

}  // namespace

PngChunks png_chunks(FileBytes file, PngPart part) {
  constexpr std::size_t around = 12;
  const std::string_view text = text_of(file);
  PngChunks chunks;
  chunks.needed.push_back(text.substr(0, 8));
  bool in_data = false;
  bool data_ended = false;
  for (std::size_t at = 8;;) {
    if (text.size() - at < around) throw bad_image("truncated");
    const std::size_t size = big_endian(text, at, 4);
    const std::string_view kind = text.substr(at + 4, 4);
    if (part == PngPart::header && kind == "IDAT") break;
    if (size > 0x7fffffff) throw bad_image("damaged PNG: a chunk is too long");
    if (text.size() - at - around < size) throw bad_image("truncated");
    const std::string_view data = text.substr(at + 8, size);
    if (crc32(text.substr(at + 4, size + 4)) != big_endian(text, at + 8 + size, 4)) {
      throw bad_image("damaged PNG: a chunk's checksum is wrong");
    }
    const std::string_view whole = text.substr(at, size + around);
    at += whole.size();
    data_ended = data_ended || (in_data && kind != "IDAT");
    if (!needed(kind)) {
      if (part == PngPart::whole) take_metadata(kind, data, chunks);
      continue;
    }
    if (kind == "tRNS") chunks.transparency = true;
    if (kind == "IDAT" && data_ended) throw bad_image("damaged PNG: its data is parted");
    in_data = kind == "IDAT";
    if (in_data) {
      chunks.data.push_back(data);
    } else {
      (data_ended ? chunks.behind : chunks.needed).push_back(whole);
    }
    if (kind == "IEND") break;
  }
  return chunks;
}

}  // namespace nodeops::image
