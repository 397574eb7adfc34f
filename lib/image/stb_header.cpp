// SPDX-License-Identifier: MIT
#include "image/stb_header.hpp"

#include <algorithm>

namespace nodeops::image {
namespace {

/// A number of up to four bytes, in the order of bytes of the format; missing ones are zeros.
std::uint64_t big_endian(FileBytes file, std::uint64_t at, unsigned size) {
  std::uint64_t number = 0;
  for (std::uint64_t i = at; i < at + size; ++i)
    number = number << 8 | (i < file.size() ? std::to_integer<unsigned>(file[i]) : 0);
  return number;
}

std::uint64_t little_endian(FileBytes file, std::uint64_t at, unsigned size) {
  std::uint64_t number = 0;
  for (std::uint64_t i = at + size; i-- > at;)
    number = number << 8 | (i < file.size() ? std::to_integer<unsigned>(file[i]) : 0);
  return number;
}

[[noreturn]] void refuse(const std::string& what) {
  throw bad_image("not supported: " + what);
}

void check_bmp(FileBytes file) {
  constexpr std::uint64_t oldest_header = 12;
  if (little_endian(file, 14, 4) == oldest_header) return;
  switch (little_endian(file, 30, 4)) {
    case 1:
    case 2:
      refuse("a BMP with run lengths");
    case 4:
    case 5:
      refuse("a BMP around a JPEG or PNG");
    default:
      break;
  }
}

/// Where a PSD's pixels begin: behind three blocks that say how long they are.
///
///   26 bytes header; 4 bytes length and colour table; the same: resources; the same: layers;
///   2 bytes: how the pixels are packed
std::uint64_t psd_packing_place(FileBytes file) {
  std::uint64_t at = 26;
  for (int block = 0; block < 3; ++block) at += 4 + big_endian(file, at, 4);
  return at;
}

constexpr std::uint64_t packed_in_runs = 1;

void check_psd(FileBytes file) {
  constexpr std::uint64_t rgb = 3;
  if (big_endian(file, 4, 2) != 1) refuse("a PSD of another version than 1");
  if (big_endian(file, 24, 2) != rgb) refuse("a PSD whose colours are not RGB");
  const auto [channels, bits] = psd_header(file);
  if (bits != 8 && bits != 16) refuse("a PSD of " + std::to_string(bits) + " bits");
  const std::uint64_t packing = big_endian(file, psd_packing_place(file), 2);
  if (packing > packed_in_runs) refuse("a PSD with ZIP compression");
  if (packing == packed_in_runs && bits == 16) refuse("a PSD of 16 bits with run lengths");
}

}  // namespace

void check_supported(FileBytes file, Format format) {
  if (format == Format::bmp) check_bmp(file);
  if (format == Format::psd) check_psd(file);
}

PsdHeader psd_header(FileBytes psd) {
  return {.channels = static_cast<unsigned>(big_endian(psd, 12, 2)),
          .bits = static_cast<unsigned>(big_endian(psd, 22, 2))};
}

void check_psd_length(FileBytes psd, const Shape& shape) {
  const auto [channels, bits] = psd_header(psd);
  const std::uint64_t packing = psd_packing_place(psd);
  const std::uint64_t looked_at = std::min(channels, 4U);
  std::uint64_t end = packing + 2;
  if (big_endian(psd, packing, 2) != packed_in_runs) {
    end += looked_at * shape.pixels() * (bits / 8);
  } else {
    // The length of every row of every channel stands before them all.
    const std::uint64_t lengths = end;
    end += std::uint64_t{2} * channels * shape.height;
    if (end > psd.size()) throw bad_image("truncated");
    for (std::uint64_t row = 0; row < looked_at * shape.height; ++row)
      end += big_endian(psd, lengths + 2 * row, 2);
  }
  if (end > psd.size()) throw bad_image("truncated");
}

}  // namespace nodeops::image
