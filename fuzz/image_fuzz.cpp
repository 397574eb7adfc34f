// SPDX-License-Identifier: MIT
// Whatever the bytes: an image or a plain refusal, within the memory that was promised, and what is
// written is an image that nodeops itself reads.
#include <cstring>
#include <string>

#include "core/error.hpp"
#include "fuzz_input.hpp"
#include "image/convert.hpp"
#include "image/deflate.hpp"

using namespace nodeops;
using nodeops::fuzz::FuzzInput;
using nodeops::fuzz::require;

namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// Makes the checksums of a PNG right, so that what is behind them is reached.
std::string with_checksums(std::string file) {
  const auto number = [&](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = at; i < at + 4; ++i) {
      value = value << 8 | static_cast<unsigned char>(file[i]);
    }
    return std::size_t{value};
  };
  for (std::size_t at = 8; at + 12 <= file.size();) {
    const std::size_t size = number(at);
    if (size > file.size() - at - 12) break;
    const std::uint32_t checksum = image::crc32(std::string_view(file).substr(at + 4, size + 4));
    for (std::size_t i = 0; i < 4; ++i) {
      file[at + 8 + size + i] = static_cast<char>(checksum >> (24 - 8 * i) & 0xff);
    }
    at += size + 12;
  }
  return file;
}

image::ConvertOptions choose_options(FuzzInput& input) {
  image::ConvertOptions options;
  options.most_pixels = 1U << 16;
  const std::size_t bits = input.choose(256);
  const std::size_t rest = input.choose(256);
  options.to = static_cast<image::Target>(bits % 7);
  options.luma = static_cast<image::Luma>(bits / 7 % 3);
  options.compression = static_cast<int>(rest % 10);
  options.drop_alpha = (rest & 16) != 0;
  options.eight_bits = (rest & 32) != 0;
  options.apply_orientation = (rest & 64) != 0;
  options.strip_metadata = (rest & 128) != 0;
  if (bits / 21 % 2 == 1) options.quality = 80;
  return options;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzInput input(data, size);
  const image::ConvertOptions options = choose_options(input);
  std::string file(input.rest());
  if (file.starts_with("\x89PNG")) file = with_checksums(std::move(file));
  try {
    const image::ImageHeader header = image::inspect(bytes_of(file), options);
    require(std::uint64_t{header.width} * header.height <= options.most_pixels,
            "an image has at most as many pixels as are allowed");
    const image::Converted converted = image::convert(bytes_of(file), options, {});
    require(converted.bytes.size() <= header.working_bytes + file.size(),
            "a result is at most as large as was promised");
    const image::ImageHeader written = image::inspect(bytes_of(converted.bytes), {});
    require(std::uint64_t{written.width} * written.height ==
                std::uint64_t{header.width} * header.height,
            "an image keeps its pixels");
    image::convert(bytes_of(converted.bytes), {.to = image::Target::pgm}, {});
  } catch (const AppError& error) {
    require(error.kind() == ErrorKind::bad_data || error.kind() == ErrorKind::over_limit,
            "a refusal is about the data, or its size");
  }
  return 0;
}
