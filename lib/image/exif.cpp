// SPDX-License-Identifier: MIT
#include "image/exif.hpp"

#include <algorithm>
#include <string_view>

#include "image/file_numbers.hpp"

namespace nodeops::image {
namespace {

constexpr std::size_t entry_size = 12;
constexpr std::uint32_t two_bytes = 3;

enum Tag : std::uint32_t {
  image_width = 0x100,
  image_length = 0x101,
  orientation_tag = 0x112,
  x_resolution = 0x11a,
  y_resolution = 0x11b,
  exif_directory = 0x8769,
  pixel_x_dimension = 0xa002,
  pixel_y_dimension = 0xa003,
};

}  // namespace

Exif::Exif(std::span<char> body) : body_(body) {
  const std::string_view text(body.data(), body.size());
  little_ = text.starts_with("II");
  if (little_ || text.starts_with("MM")) first_directory_ = number(4, 4);
}

std::uint32_t Exif::number(std::size_t at, unsigned size) const {
  const std::string_view text(body_.data(), body_.size());
  return little_ ? little_endian(text, at, size) : big_endian(text, at, size);
}

/// Where a tag's entry stands, whole.
std::optional<std::size_t> Exif::entry(std::size_t directory, std::uint32_t tag) const {
  if (directory == 0) return std::nullopt;
  const std::size_t count = number(directory, 2);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = directory + 2 + i * entry_size;
    if (at > body_.size() || body_.size() - at < entry_size) return std::nullopt;
    if (number(at, 2) == tag) return at;
  }
  return std::nullopt;
}

std::optional<unsigned> Exif::orientation() const {
  const auto place = entry(first_directory_, orientation_tag);
  if (!place || number(*place + 2, 2) != two_bytes) return std::nullopt;
  const std::uint32_t value = number(*place + 8, 2);
  return value >= 1 && value <= 8 ? std::optional<unsigned>(value) : std::nullopt;
}

void Exif::set_orientation(unsigned orientation) {
  if (!this->orientation()) return;
  const std::size_t value = *entry(first_directory_, orientation_tag) + 8;
  body_[value + (little_ ? 1 : 0)] = 0;
  body_[value + (little_ ? 0 : 1)] = static_cast<char>(orientation);
}

/// The values of two tags, with their types.
void Exif::exchange(std::size_t directory, std::uint32_t one_tag, std::uint32_t other_tag) {
  const auto one = entry(directory, one_tag);
  const auto other = entry(directory, other_tag);
  if (!one || !other) return;
  const auto values = [&](std::size_t at) { return body_.subspan(at + 2, entry_size - 2); };
  std::swap_ranges(values(*one).begin(), values(*one).end(), values(*other).begin());
}

void Exif::exchange_axes() {
  exchange(first_directory_, image_width, image_length);
  exchange(first_directory_, x_resolution, y_resolution);
  const auto details = entry(first_directory_, exif_directory);
  if (details) exchange(number(*details + 8, 4), pixel_x_dimension, pixel_y_dimension);
}

}  // namespace nodeops::image
