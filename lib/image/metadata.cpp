// SPDX-License-Identifier: MIT
#include "image/metadata.hpp"

#include <array>
#include <cmath>

namespace nodeops::image {
namespace {

/// Reads numbers of a TIFF file in its byte order; what lies outside is 0.
class TiffReader {
 public:
  explicit TiffReader(std::string_view bytes) : bytes_(bytes), little_(bytes.starts_with("II")) {}

  bool is_tiff() const {
    return bytes_.size() >= 8 && (little_ || bytes_.starts_with("MM")) && number(2, 2) == 42;
  }
  std::uint32_t number(std::size_t at, std::size_t size) const {
    if (at > bytes_.size() || bytes_.size() - at < size) return 0;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t from = little_ ? size - 1 - i : i;
      value = value << 8U | static_cast<unsigned char>(bytes_[at + from]);
    }
    return value;
  }
  bool little() const { return little_; }

 private:
  std::string_view bytes_;
  bool little_;
};

/// Where the value of the orientation stands; 0: nowhere.
std::size_t place_of_orientation(std::string_view exif) {
  constexpr std::uint32_t tag = 274;
  constexpr std::uint32_t type_short = 3;
  constexpr std::size_t entry_bytes = 12;
  const TiffReader tiff(exif);
  if (!tiff.is_tiff()) return 0;
  const std::size_t directory = tiff.number(4, 4);
  const std::size_t count = tiff.number(directory, 2);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t entry = directory + 2 + i * entry_bytes;
    if (entry + entry_bytes > exif.size()) return 0;
    if (tiff.number(entry, 2) != tag) continue;
    return tiff.number(entry + 2, 2) == type_short && tiff.number(entry + 4, 4) == 1 ? entry + 8
                                                                                     : 0;
  }
  return 0;
}

// ------------------------------------------------------- a profile, piece by piece (ICC.1:2001-04)

void put(std::string& to, std::uint32_t value, std::size_t size) {
  for (std::size_t i = size; i-- > 0;) to += static_cast<char>(value >> (8 * i));
}

/// A number with 16 bits behind the point.
void put_fixed(std::string& to, double value) {
  put(to, static_cast<std::uint32_t>(static_cast<std::int32_t>(std::lround(value * 65536))), 4);
}

void put_xyz(std::string& to) {
  // The white of the connection space, D50.
  put_fixed(to, 0.9642);
  put_fixed(to, 1.0);
  put_fixed(to, 0.8249);
}

std::string description(std::string_view text) {
  std::string tag = "desc";
  put(tag, 0, 4);
  put(tag, static_cast<std::uint32_t>(text.size() + 1), 4);
  tag.append(text).append(1, '\0');
  put(tag, 0, 4);               // no Unicode: language code
  put(tag, 0, 4);               // and count
  return tag.append(70, '\0');  // no Macintosh script: code, count, 67 bytes
}

std::string copyright(std::string_view text) {
  std::string tag = "text";
  put(tag, 0, 4);
  return tag.append(text).append(1, '\0');
}

std::string white_point() {
  std::string tag = "XYZ ";
  put(tag, 0, 4);
  put_xyz(tag);
  return tag;
}

/// The light of an sRGB value, both from 0 to 1 (IEC 61966-2-1).
double light_of(double value) {
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

std::string tone_curve() {
  constexpr std::uint32_t points = 1024;
  std::string tag = "curv";
  put(tag, 0, 4);
  put(tag, points, 4);
  for (std::uint32_t i = 0; i < points; ++i)
    put(tag, static_cast<std::uint32_t>(std::lround(65535 * light_of(i / double{points - 1}))), 2);
  return tag;
}

}  // namespace

unsigned orientation(const Metadata& metadata) {
  const std::size_t place = place_of_orientation(metadata.exif);
  const std::uint32_t value = place == 0 ? 1 : TiffReader(metadata.exif).number(place, 2);
  constexpr std::uint32_t last = 8;
  return value >= 1 && value <= last ? value : 1;
}

void set_orientation(Metadata& metadata, unsigned value) {
  const std::size_t place = place_of_orientation(metadata.exif);
  if (place == 0) return;
  const bool little = TiffReader(metadata.exif).little();
  metadata.exif[place] = static_cast<char>(little ? value : 0);
  metadata.exif[place + 1] = static_cast<char>(little ? 0 : value);
}

bool is_gray_profile(std::string_view icc) {
  constexpr std::size_t place_of_space = 16;
  return icc.size() >= 128 && icc.substr(place_of_space, 4) == "GRAY";
}

std::string gray_profile() {
  struct Tag {
    const char* name;
    std::string bytes;
  };
  const std::array<Tag, 4> tags = {Tag{"desc", description("Gray with the tone curve of sRGB")},
                                   Tag{"cprt", copyright("No copyright, use freely")},
                                   Tag{"wtpt", white_point()}, Tag{"kTRC", tone_curve()}};
  constexpr std::size_t header_bytes = 128;
  std::string table;
  std::string data;
  put(table, tags.size(), 4);
  const std::size_t data_start = header_bytes + 4 + 12 * tags.size();
  for (const Tag& tag : tags) {
    table += tag.name;
    put(table, static_cast<std::uint32_t>(data_start + data.size()), 4);
    put(table, static_cast<std::uint32_t>(tag.bytes.size()), 4);
    data += tag.bytes;
    data.append((4 - data.size() % 4) % 4, '\0');
  }
  std::string header;
  put(header, static_cast<std::uint32_t>(data_start + data.size()), 4);
  put(header, 0, 4);           // no preferred engine
  put(header, 0x02400000, 4);  // version 2.4
  header += "mntrGRAYXYZ ";
  for (const std::uint32_t part : {2026U, 1U, 1U, 0U, 0U, 0U}) put(header, part, 2);
  header += "acsp";
  header.append(24, '\0');  // platform, flags, maker, model, attributes
  put(header, 0, 4);        // perceptual
  put_xyz(header);
  header.append(header_bytes - header.size(), '\0');
  return header + table + data;
}

}  // namespace nodeops::image
