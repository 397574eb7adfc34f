// SPDX-License-Identifier: MIT
#include "image/metadata.hpp"

#include <utility>
#include <vector>

#include "image/exif.hpp"
#include "image/file_numbers.hpp"

namespace nodeops::image {
namespace {

/// The one digit that XMP gives as the orientation, as an attribute or as an element; null where
/// there is none.
char* xmp_orientation(std::string& xmp) {
  constexpr std::string_view name = "tiff:Orientation";
  for (std::size_t at = xmp.find(name); at != std::string::npos; at = xmp.find(name, at)) {
    at += name.size();
    const std::size_t digit = xmp.find_first_not_of(" \t\r\n=\"'>", at);
    if (digit == std::string::npos || digit == at || digit + 1 == xmp.size()) continue;
    const bool alone = xmp[digit + 1] < '0' || xmp[digit + 1] > '9';
    if (alone && xmp[digit] >= '1' && xmp[digit] <= '8') return &xmp[digit];
  }
  return nullptr;
}

void append_number(std::string& out, std::size_t number) {
  for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(number >> shift & 0xff);
}

constexpr std::size_t icc_header = 128;

/// What a tag of a profile holds; empty when it is missing.
std::string_view icc_tag(std::string_view icc, std::string_view name) {
  const std::size_t count = big_endian(icc, icc_header, 4);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t entry = icc_header + 4 + i * 12;
    if (entry > icc.size() || icc.size() - entry < 12) return {};
    if (icc.substr(entry, 4) != name) continue;
    const std::size_t at = big_endian(icc, entry + 4, 4);
    const std::size_t size = big_endian(icc, entry + 8, 4);
    if (at > icc.size() || icc.size() - at < size) return {};
    return icc.substr(at, size);
  }
  return {};
}

}  // namespace

unsigned orientation(const Metadata& metadata) {
  std::string exif = metadata.exif;
  return Exif(exif).orientation().value_or(1);
}

void set_upright(Metadata& metadata) {
  Exif exif(metadata.exif);
  const unsigned before = exif.orientation().value_or(1);
  if (before == 1) return;
  exif.set_orientation(1);
  if (char* const in_xmp = xmp_orientation(metadata.xmp)) *in_xmp = '1';
  constexpr unsigned first_on_its_side = 5;
  if (before < first_on_its_side) return;
  exif.exchange_axes();
  if (metadata.density) std::swap(metadata.density->x, metadata.density->y);
}

Metadata without_details(const Metadata& metadata) {
  return {.density = metadata.density, .gamma = metadata.gamma};
}

bool make_profile_gray(Metadata& metadata) {
  if (metadata.icc.empty() || is_gray_profile(metadata.icc)) return true;
  metadata.icc = gray_profile(metadata.icc);
  return !metadata.icc.empty();
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
