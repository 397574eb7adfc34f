// SPDX-License-Identifier: MIT
#include "image/pnm_codec.hpp"

#include <bit>
#include <cstring>

#include "image/row_luma.hpp"

namespace nodeops::image {
namespace {

struct Head {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  unsigned channels = 1;
  unsigned largest = 255;
  std::size_t size = 0;
};

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// The next number, behind white space and comments.
std::uint32_t next_number(std::string_view text, std::size_t& at) {
  while (at < text.size() && (is_space(text[at]) || text[at] == '#')) {
    if (text[at] != '#') {
      ++at;
      continue;
    }
    while (at < text.size() && text[at] != '\n' && text[at] != '\r') ++at;
  }
  if (at == text.size()) throw bad_image("truncated");
  std::uint64_t number = 0;
  const std::size_t start = at;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
    number = number * 10 + static_cast<unsigned>(text[at] - '0');
    if (number > 0x7fffffff) throw bad_image("damaged PNM: a number is too large");
  }
  if (at == start) throw bad_image("damaged PNM: a number is missing");
  return static_cast<std::uint32_t>(number);
}

Head head_of(FileBytes file) {
  const std::string_view text = text_of(file);
  Head head;
  head.channels = text[1] == '6' ? 3 : 1;
  std::size_t at = 2;
  head.width = next_number(text, at);
  head.height = next_number(text, at);
  head.largest = next_number(text, at);
  if (at == text.size()) throw bad_image("truncated");
  if (!is_space(text[at])) throw bad_image("damaged PNM: the header does not end");
  if (head.largest == 0 || head.largest > 65535) {
    throw bad_image("damaged PNM: the largest value is not 1 to 65535");
  }
  if (head.width == 0 || head.height == 0) throw bad_image("damaged PNM: there are no pixels");
  head.size = at + 1;
  return head;
}

/// Samples of a row, 0 to `largest`, to all of 8 or 16 bits in native order.
void scale_row(const unsigned char* in, std::byte* out, std::size_t samples, unsigned largest) {
  if (largest == 255) {
    std::memcpy(out, in, samples);
    return;
  }
  if (largest < 255) {
    for (std::size_t i = 0; i < samples; ++i) {
      const unsigned value = in[i] < largest ? in[i] : largest;
      out[i] = static_cast<std::byte>((value * 255 + largest / 2) / largest);
    }
    return;
  }
  for (std::size_t i = 0; i < samples; ++i) {
    const std::uint32_t read = static_cast<std::uint32_t>(in[2 * i]) << 8 | in[2 * i + 1];
    const std::uint32_t value = read < largest ? read : largest;
    const auto scaled = static_cast<std::uint16_t>((value * 65535U + largest / 2) / largest);
    std::memcpy(out + 2 * i, &scaled, sizeof scaled);
  }
}

}  // namespace

Shape pnm_shape(FileBytes file) {
  const Head head = head_of(file);
  const Shape shape{head.width, head.height, head.channels, head.largest > 255 ? 16U : 8U, false,
                    0};
  const std::uint64_t row = std::uint64_t{head.width} * head.channels * (shape.bits / 8);
  if ((file.size() - head.size) / row < head.height) throw bad_image("truncated");
  return shape;
}

Decoded decode_pnm(FileBytes file, const Decoding& decoding) {
  const Head head = head_of(file);
  const Shape& shape = decoding.shape;
  Decoded decoded{decoding.blank(), {}};
  const RowLuma luma(decoding.options.luma,
                     {.channels = head.channels, .bits = shape.bits, .keep_alpha = false});
  std::vector<std::byte> row(luma.row_bytes(head.width));
  const auto* from = reinterpret_cast<const unsigned char*>(file.data()) + head.size;
  for (std::uint32_t y = 0; y < head.height; ++y, from += row.size()) {
    go_on(decoding.stop);
    scale_row(from, row.data(), std::size_t{head.width} * head.channels, head.largest);
    luma(row.data(), decoded.image.row(y), head.width);
  }
  return decoded;
}

std::string encode_pgm(const GrayImage& image) {
  std::string out = "P5\n" + std::to_string(image.width) + " " + std::to_string(image.height) +
                    (image.bits == 16 ? "\n65535\n" : "\n255\n");
  const std::size_t start = out.size();
  const std::size_t size = image.row_bytes() * image.height;
  out.append(reinterpret_cast<const char*>(image.samples.data()), size);
  if (image.bits == 8 || std::endian::native == std::endian::big) return out;
  for (std::size_t i = start; i < out.size(); i += 2) std::swap(out[i], out[i + 1]);
  return out;
}

}  // namespace nodeops::image
