// SPDX-License-Identifier: MIT
#include "image/jpeg_metadata.hpp"

#include <algorithm>
#include <utility>

#include "image/file_numbers.hpp"

namespace nodeops::image {
namespace {

constexpr std::string_view jfif_mark("JFIF\0", 5);
constexpr std::string_view exif_mark("Exif\0\0", 6);
constexpr std::string_view xmp_mark("http://ns.adobe.com/xap/1.0/\0", 29);
constexpr std::string_view icc_mark("ICC_PROFILE\0", 12);
constexpr std::size_t largest_content = 65533;

std::optional<Density> density_of(std::string_view jfif) {
  if (jfif.size() < 12) return std::nullopt;
  const std::uint32_t x = big_endian(jfif, 8, 2);
  const std::uint32_t y = big_endian(jfif, 10, 2);
  if (x == 0 || y == 0) return std::nullopt;
  const unsigned unit = byte_or_zero(jfif, 7);
  return Density{x, y,
                 unit == 1   ? Density::Unit::inch
                 : unit == 2 ? Density::Unit::centimetre
                             : Density::Unit::none};
}

void append_two(std::string& out, std::uint32_t number) {
  out += static_cast<char>(number >> 8 & 0xff);
  out += static_cast<char>(number & 0xff);
}

bool fits(std::string_view mark, const std::string& content) {
  return mark.size() + content.size() <= largest_content;
}

void append_segment(std::string& out, unsigned n, const std::string& content) {
  out += '\xff';
  out += static_cast<char>(0xe0 + n);
  append_two(out, static_cast<std::uint32_t>(content.size() + 2));
  out += content;
}

std::string jfif_content(const Metadata& metadata) {
  auto [x, y, unit] = metadata.density.value_or(Density{1, 1, Density::Unit::none});
  if (unit == Density::Unit::metre) {
    x = (x + 50) / 100;
    y = (y + 50) / 100;
    unit = Density::Unit::centimetre;
  }
  if (x == 0 || y == 0 || x > 0xffff || y > 0xffff) {
    x = y = 1;
    unit = Density::Unit::none;
  }
  std::string content(jfif_mark);
  content += "\x01\x01";
  content += static_cast<char>(unit == Density::Unit::inch   ? 1
                               : unit == Density::Unit::none ? 0
                                                             : 2);
  append_two(content, x);
  append_two(content, y);
  return content.append(2, '\0');  // no thumbnail
}

constexpr std::size_t profile_room = largest_content - icc_mark.size() - 2;

bool profile_fits(const std::string& icc) {
  return icc.size() <= 255 * profile_room;
}

void append_profile(std::string& out, const std::string& icc) {
  const std::size_t count = (icc.size() + profile_room - 1) / profile_room;
  for (std::size_t i = 0; i < count; ++i) {
    std::string content(icc_mark);
    content += static_cast<char>(i + 1);
    content += static_cast<char>(count);
    append_segment(out, 2, content.append(icc, i * profile_room, profile_room));
  }
}

}  // namespace

void JpegMetadata::take(unsigned n, std::string_view content) {
  if (n == 0 && content.starts_with(jfif_mark)) {
    if (!found_.density) found_.density = density_of(content);
  } else if (n == 1 && content.starts_with(exif_mark) && found_.exif.empty()) {
    found_.exif = content.substr(exif_mark.size());
  } else if (n == 1 && content.starts_with(xmp_mark) && found_.xmp.empty()) {
    found_.xmp = content.substr(xmp_mark.size());
  } else if (n == 2 && content.starts_with(icc_mark) && content.size() > icc_mark.size() + 2) {
    const std::size_t number = byte_or_zero(content, icc_mark.size());
    const std::size_t count = byte_or_zero(content, icc_mark.size() + 1);
    if (pieces_.empty()) pieces_.resize(count);
    if (number == 0 || number > pieces_.size() || count != pieces_.size() ||
        !pieces_[number - 1].empty()) {
      whole_ = false;
      return;
    }
    pieces_[number - 1] = content.substr(icc_mark.size() + 2);
  }
}

Metadata JpegMetadata::finish() && {
  whole_ = whole_ && std::none_of(pieces_.begin(), pieces_.end(),
                                  [](std::string_view piece) { return piece.empty(); });
  if (whole_) {
    for (const std::string_view piece : pieces_) found_.icc += piece;
  }
  return std::move(found_);
}

std::string jpeg_segments(const Metadata& metadata) {
  std::string out;
  append_segment(out, 0, jfif_content(metadata));
  if (!metadata.exif.empty() && fits(exif_mark, metadata.exif))
    append_segment(out, 1, std::string(exif_mark) + metadata.exif);
  if (!metadata.xmp.empty() && fits(xmp_mark, metadata.xmp))
    append_segment(out, 1, std::string(xmp_mark) + metadata.xmp);
  if (profile_fits(metadata.icc)) append_profile(out, metadata.icc);
  return out;
}

void note_what_jpeg_loses(const Metadata& metadata, std::vector<std::string>& notes) {
  const auto note = [&](const char* what) {
    notes.push_back(std::string("its ") + what + " is too long for a JPEG and was dropped");
  };
  if (!fits(exif_mark, metadata.exif)) note("EXIF");
  if (!fits(xmp_mark, metadata.xmp)) note("XMP");
  if (!profile_fits(metadata.icc)) note("profile");
}

}  // namespace nodeops::image
