// SPDX-License-Identifier: MIT
#include "image/jpeg_layout.hpp"

#include <utility>

#include "image/file_numbers.hpp"
#include "image/jpeg_metadata.hpp"

namespace nodeops::image {
namespace {

bool take_quantization(std::string_view content, JpegLayout& layout) {
  while (!content.empty()) {
    const unsigned kind = byte_or_zero(content, 0);
    const std::size_t size = (kind >> 4) != 0 ? 128 : 64;
    if (kind >> 4 > 1 || (kind & 15) > 3 || content.size() < 1 + size) return false;
    layout.quantization[kind & 3] = content.substr(1, size);
    content.remove_prefix(1 + size);
  }
  return true;
}

bool take_codes(std::string_view content, JpegLayout& layout) {
  while (!content.empty()) {
    if (content.size() < 17) return false;
    const unsigned kind = byte_or_zero(content, 0);
    if (kind >> 4 > 1 || (kind & 15) > 3) return false;
    HuffmanTable table;
    std::size_t sum = 0;
    for (std::size_t i = 0; i < 16; ++i) {
      table.counts[i] = static_cast<std::uint8_t>(byte_or_zero(content, 1 + i));
      sum += table.counts[i];
    }
    if (sum == 0 || sum > 256 || content.size() < 17 + sum) return false;
    table.symbols = content.substr(17, sum);
    ((kind >> 4) != 0 ? layout.ac : layout.dc)[kind & 3] = table;
    content.remove_prefix(17 + sum);
  }
  return true;
}

bool take_frame(std::string_view content, unsigned marker, JpegLayout& layout) {
  if (layout.frame != 0 || content.size() < 6) return false;
  const std::size_t count = byte_or_zero(content, 5);
  if (count == 0 || count > 4 || content.size() != 6 + 3 * count) return false;
  layout.frame = marker;
  layout.bits = byte_or_zero(content, 0);
  layout.height = big_endian(content, 1, 2);
  layout.width = big_endian(content, 3, 2);
  for (std::size_t i = 0; i < count; ++i) {
    JpegComponent part;
    part.id = byte_or_zero(content, 6 + 3 * i);
    part.across = byte_or_zero(content, 7 + 3 * i) >> 4;
    part.down = byte_or_zero(content, 7 + 3 * i) & 15;
    part.quantization = byte_or_zero(content, 8 + 3 * i);
    if (part.across == 0 || part.across > 4 || part.down == 0 || part.down > 4) return false;
    if (part.quantization > 3) return false;
    layout.components.push_back(part);
  }
  return layout.width != 0 && layout.height != 0;
}

bool take_scan(std::string_view content, JpegLayout& layout) {
  const std::size_t parts = layout.components.size();
  if (layout.frame == 0 || content.size() < 4) return false;
  const std::size_t count = byte_or_zero(content, 0);
  if (content.size() != 4 + 2 * count) return false;
  layout.interleaved = count == parts && byte_or_zero(content, 1 + 2 * count) == 0 &&
                       byte_or_zero(content, 2 + 2 * count) == 63 &&
                       byte_or_zero(content, 3 + 2 * count) == 0;
  for (std::size_t i = 0; layout.interleaved && i < count; ++i) {
    JpegComponent& part = layout.components[i];
    const unsigned tables = byte_or_zero(content, 2 + 2 * i);
    layout.interleaved =
        byte_or_zero(content, 1 + 2 * i) == part.id && tables >> 4 < 4 && (tables & 15) < 4;
    part.dc = tables >> 4 & 3;
    part.ac = tables & 3;
  }
  return true;
}

/// A segment before the scan; false when it makes no sense.
bool take_segment(unsigned marker, std::string_view content, JpegLayout& layout,
                  JpegMetadata& metadata) {
  constexpr std::string_view jfif("JFIF\0", 5);
  if (marker >= 0xe0 && marker <= 0xef) {
    metadata.take(marker - 0xe0, content);
    // As libjpeg tells them: 14 bytes of JFIF, 12 of Adobe.
    if (marker == 0xe0 && content.size() >= 14 && content.starts_with(jfif)) layout.jfif = true;
    if (marker == 0xee && content.size() >= 12 && content.starts_with("Adobe")) {
      layout.adobe_transform = byte_or_zero(content, 11);
    }
    return true;
  }
  if (marker == 0xdb) return take_quantization(content, layout);
  if (marker == 0xc4) return take_codes(content, layout);
  if (marker == 0xdd) {
    if (content.size() != 2) return false;
    layout.restart_interval = big_endian(content, 0, 2);
    return true;
  }
  if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc8 && marker != 0xcc) {
    return take_frame(content, marker, layout);
  }
  return marker == 0xfe;  // a comment
}

}  // namespace

std::optional<JpegLayout> jpeg_layout(std::string_view file) {
  if (!file.starts_with("\xff\xd8")) return std::nullopt;
  JpegLayout layout;
  JpegMetadata metadata;
  for (std::size_t at = 2; file.size() - at >= 4;) {
    if (byte_or_zero(file, at) != 0xff) return std::nullopt;
    const unsigned marker = byte_or_zero(file, at + 1);
    if (marker == 0xff) {  // may fill the way to a marker
      ++at;
      continue;
    }
    const std::size_t size = big_endian(file, at + 2, 2);
    if (size < 2 || file.size() - at - 2 < size) return std::nullopt;
    const std::string_view content = file.substr(at + 4, size - 2);
    at += 2 + size;
    if (marker != 0xda) {
      if (!take_segment(marker, content, layout, metadata)) return std::nullopt;
      continue;
    }
    if (!take_scan(content, layout)) return std::nullopt;
    layout.scan = at;
    layout.metadata = std::move(metadata).finish();
    return layout;
  }
  return std::nullopt;
}

}  // namespace nodeops::image
