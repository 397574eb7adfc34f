// SPDX-License-Identifier: MIT
#include "image/stb_header.hpp"

#include <string_view>

#include "image/file_numbers.hpp"

namespace nodeops::image {
namespace {

[[noreturn]] void refuse(const std::string& what) {
  throw bad_image("not supported: " + what);
}

void check_bmp(std::string_view file) {
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

void check_psd(FileBytes psd) {
  const std::string_view file = text_of(psd);
  constexpr std::uint64_t rgb = 3;
  if (big_endian(file, 4, 2) != 1) refuse("a PSD of another version than 1");
  if (big_endian(file, 24, 2) != rgb) refuse("a PSD whose colours are not RGB");
  const PsdHeader header = psd_header(psd);
  if (header.bits != 8 && header.bits != 16)
    refuse("a PSD of " + std::to_string(header.bits) + " bits");
  if (header.packing > PsdHeader::in_runs) refuse("a PSD with ZIP compression");
  if (header.packing == PsdHeader::in_runs && header.bits == 16)
    refuse("a PSD of 16 bits with run lengths");
}

}  // namespace

void check_supported(FileBytes file, Format format) {
  if (format == Format::bmp) check_bmp(text_of(file));
  if (format == Format::psd) check_psd(file);
}

PsdHeader psd_header(FileBytes psd) {
  const std::string_view text = text_of(psd);
  std::uint64_t at = 26;
  for (int block = 0; block < 3; ++block) at += 4 + std::uint64_t{big_endian(text, at, 4)};
  return {.channels = big_endian(text, 12, 2),
          .bits = big_endian(text, 22, 2),
          .packing = big_endian(text, at, 2),
          .pixels = at + 2};
}

}  // namespace nodeops::image
