// SPDX-License-Identifier: MIT
#include "image/metadata.hpp"

#include <array>
#include <limits>
#include <utility>
#include <vector>

namespace nodeops::image {
namespace {

/// A number of `size` bytes; 0 where the text is too short.
std::uint32_t number_at(std::string_view text, std::size_t at, std::size_t size, bool little) {
  if (at > text.size() || text.size() - at < size) return 0;
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < size; ++i) {
    number = number << 8 | static_cast<unsigned char>(text[at + (little ? size - 1 - i : i)]);
  }
  return number;
}

/// Where the value of the orientation stands, and in which order its two bytes are.
///
///   "II" or "MM", 42, offset of the first directory; there: count, count times
///   tag (2 bytes), type (2), number of values (4), value (4)
struct Place {
  std::size_t at = 0;
  bool little = false;
};

std::optional<Place> orientation_place(std::string_view exif) {
  constexpr std::uint32_t tag = 0x112;
  constexpr std::uint32_t two_bytes = 3;
  const bool little = exif.starts_with("II");
  if (!little && !exif.starts_with("MM")) return std::nullopt;
  const std::size_t directory = number_at(exif, 4, 4, little);
  const std::size_t count = number_at(exif, directory, 2, little);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t entry = directory + 2 + i * 12;
    if (entry > exif.size() || exif.size() - entry < 12) return std::nullopt;
    if (number_at(exif, entry, 2, little) != tag) continue;
    if (number_at(exif, entry + 2, 2, little) != two_bytes) return std::nullopt;
    return Place{entry + 8, little};
  }
  return std::nullopt;
}

void append_number(std::string& out, std::size_t number) {
  for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(number >> shift & 0xff);
}

constexpr std::size_t icc_header = 128;

/// What a tag of a profile holds; empty when it is missing.
std::string_view icc_tag(std::string_view icc, std::string_view name) {
  const std::size_t count = number_at(icc, icc_header, 4, false);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t entry = icc_header + 4 + i * 12;
    if (entry > icc.size() || icc.size() - entry < 12) return {};
    if (icc.substr(entry, 4) != name) continue;
    const std::size_t at = number_at(icc, entry + 4, 4, false);
    const std::size_t size = number_at(icc, entry + 8, 4, false);
    if (at > icc.size() || icc.size() - at < size) return {};
    return icc.substr(at, size);
  }
  return {};
}

}  // namespace

unsigned orientation(const Metadata& metadata) {
  const auto place = orientation_place(metadata.exif);
  if (!place) return 1;
  const std::uint32_t value = number_at(metadata.exif, place->at, 2, place->little);
  return value >= 1 && value <= 8 ? value : 1;
}

void set_orientation(Metadata& metadata, unsigned orientation) {
  const auto place = orientation_place(metadata.exif);
  if (!place) return;
  metadata.exif[place->at + (place->little ? 1 : 0)] = 0;
  metadata.exif[place->at + (place->little ? 0 : 1)] = static_cast<char>(orientation);
}

bool is_gray_profile(std::string_view icc) {
  return icc.size() > icc_header && icc.substr(16, 4) == "GRAY";
}

std::string gray_profile(std::string_view colour_icc) {
  if (colour_icc.size() <= icc_header || colour_icc.substr(20, 4) != "XYZ ") return {};
  std::vector<std::pair<std::string_view, std::string_view>> tags;
  for (const std::string_view name : {"desc", "cprt", "wtpt", "rTRC"}) {
    const std::string_view data = icc_tag(colour_icc, name);
    if (data.empty()) return {};
    tags.emplace_back(name == "rTRC" ? "kTRC" : name, data);
  }
  if (tags.back().second != icc_tag(colour_icc, "gTRC")) return {};
  std::string table;
  std::string bodies;
  append_number(table, tags.size());
  const std::size_t start = icc_header + 4 + tags.size() * 12;
  for (const auto& [name, data] : tags) {
    table += name;
    append_number(table, start + bodies.size());
    append_number(table, data.size());
    bodies += data;
    bodies.append((4 - data.size() % 4) % 4, '\0');
  }
  std::string head;
  append_number(head, start + bodies.size());
  head += colour_icc.substr(4, icc_header - 4);
  head.replace(16, 4, "GRAY");
  head.replace(84, 16, 16, '\0');  // the checksum of the other profile
  return head + table + bodies;
}

}  // namespace nodeops::image
