// SPDX-License-Identifier: MIT
#include <bit>
#include <utility>

#include "image/pnm.hpp"

namespace nodeops::image {
namespace {

bool is_white(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// The next number of a header, and goes behind it; comments are passed over. At most 2^32 - 1.
std::uint64_t next_number(std::string_view file, std::size_t& at) {
  while (at < file.size() && (is_white(file[at]) || file[at] == '#')) {
    if (file[at] == '#') {
      while (at < file.size() && file[at] != '\n') ++at;
    } else {
      ++at;
    }
  }
  std::uint64_t value = 0;
  for (; at < file.size() && file[at] >= '0' && file[at] <= '9' && value < (1ULL << 28U); ++at)
    value = value * 10 + static_cast<unsigned>(file[at] - '0');
  return value;
}

}  // namespace

std::uint64_t pnm_size(std::string_view file) {
  if (!file.starts_with("P5") && !file.starts_with("P6")) return 0;
  const std::uint64_t channels = file[1] == '6' ? 3 : 1;
  std::size_t at = 2;
  const std::uint64_t width = next_number(file, at);
  const std::uint64_t height = next_number(file, at);
  const std::uint64_t most = next_number(file, at);
  constexpr std::uint64_t most_of_a_byte = 255;
  const std::uint64_t sample = most > most_of_a_byte ? 2 : 1;
  return at + 1 + width * height * channels * sample;
}

std::string encode_pgm(const Pixels& gray) {
  std::string file = "P5\n" + std::to_string(gray.width) + " " + std::to_string(gray.height) +
                     (gray.bits == 16 ? "\n65535\n" : "\n255\n");
  const std::size_t start = file.size();
  file.append(reinterpret_cast<const char*>(gray.bytes.data()), gray.bytes.size());
  if (gray.bits == 16 && std::endian::native == std::endian::little) {
    for (std::size_t i = start; i + 1 < file.size(); i += 2) std::swap(file[i], file[i + 1]);
  }
  return file;
}

}  // namespace nodeops::image
