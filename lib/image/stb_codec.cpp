// SPDX-License-Identifier: MIT
#include <stb/stb_image.h>
#include <stb/stb_image_write.h>

#include <climits>
#include <cstring>
#include <memory>

#include "core/error.hpp"
#include "image/codecs.hpp"
#include "image/pnm.hpp"

namespace nodeops::image {
namespace {

const stbi_uc* data_of(Bytes file) {
  return reinterpret_cast<const stbi_uc*>(file.data());
}

int size_of(Bytes file) {
  if (file.size() > INT_MAX) throw AppError(ErrorKind::bad_data, "the file is longer than 2 GiB");
  return static_cast<int>(file.size());
}

[[noreturn]] void fail() {
  const char* const reason = stbi_failure_reason();
  throw AppError(ErrorKind::bad_data,
                 std::string("damaged image: ") + (reason == nullptr ? "unknown" : reason));
}

std::uint32_t number(Bytes file, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = size; i-- > 0;)
    value = value << 8U | (at + i < file.size() ? std::to_integer<std::uint32_t>(file[at + i]) : 0);
  return value;
}

/// stb fills what is missing with zeros: a file must have the bytes that its header promises.
void check_length(Bytes file, Format format, const Head& head) {
  std::uint64_t needed = 0;
  if (format == Format::bmp) {
    constexpr std::size_t at_start = 10;
    constexpr std::size_t at_info_size = 14;
    const bool old = number(file, at_info_size, 4) == 12;
    const std::uint32_t bits = number(file, old ? 24 : 28, 2);
    const std::uint32_t compression = old ? 0 : number(file, 30, 4);
    if (compression == 1 || compression == 2) return;  // runs: no length is promised
    const std::uint64_t row = (std::uint64_t{head.width} * bits + 31) / 32 * 4;
    needed = number(file, at_start, 4) + row * head.height;
  } else if (format == Format::tga) {
    constexpr std::uint32_t runs = 8;
    if ((number(file, 2, 1) & runs) != 0) return;
    const std::uint64_t pixel = (number(file, 16, 1) + 7) / 8;
    const std::uint64_t map = number(file, 1, 1) == 0 ? 0
                                                      : std::uint64_t{number(file, 5, 2)} *
                                                            ((number(file, 7, 1) + 7) / 8);
    needed = 18 + number(file, 0, 1) + map + pixel * head.width * head.height;
  } else if (format == Format::pnm) {
    needed = pnm_size({reinterpret_cast<const char*>(file.data()), file.size()});
  }
  if (needed > file.size()) throw AppError(ErrorKind::bad_data, "truncated");
}

/// GIF and PSD and HDR end where they end: what stb takes beside the pixels is bounded by this.
std::uint64_t extra_bytes(const Head& head, Format format) {
  const std::uint64_t pixels = std::uint64_t{head.width} * head.height;
  if (format == Format::gif) return pixels * 10;
  if (format == Format::hdr) return pixels * 16;
  return pixels * 4;
}

void append(void* to, void* bytes, int size) {
  static_cast<std::string*>(to)->append(static_cast<const char*>(bytes),
                                        static_cast<std::size_t>(size));
}

}  // namespace

Head other_head(Bytes file, Format format) {
  int width = 0;
  int height = 0;
  int channels = 0;
  if (stbi_info_from_memory(data_of(file), size_of(file), &width, &height, &channels) == 0) fail();
  if (width <= 0 || height <= 0) throw AppError(ErrorKind::bad_data, "an image without pixels");
  const bool deep =
      format != Format::hdr && stbi_is_16_bit_from_memory(data_of(file), size_of(file)) != 0;
  Head head{.width = static_cast<std::uint32_t>(width),
            .height = static_cast<std::uint32_t>(height),
            .channels = static_cast<unsigned>(channels),
            .bits = deep ? 16U : 8U};
  head.extra_bytes = extra_bytes(head, format);
  return head;
}

Decoded decode_other(Bytes file, Format format, const DecodeOptions& options) {
  if (options.stop.stop_requested()) throw AppError(ErrorKind::interrupted, "stopped");
  const Head head = other_head(file, format);
  check_length(file, format, head);
  Decoded decoded;
  Pixels& pixels = decoded.pixels;
  pixels = {
      .width = head.width, .height = head.height, .channels = head.channels, .bits = head.bits};
  int width = 0;
  int height = 0;
  int channels = 0;
  const auto wanted = static_cast<int>(head.channels);
  struct Free {
    void operator()(void* bytes) const { stbi_image_free(bytes); }
  };
  const std::unique_ptr<void, Free> bytes(
      head.bits == 16 ? static_cast<void*>(stbi_load_16_from_memory(
                            data_of(file), size_of(file), &width, &height, &channels, wanted))
                      : static_cast<void*>(stbi_load_from_memory(
                            data_of(file), size_of(file), &width, &height, &channels, wanted)));
  if (!bytes) fail();
  if (width != static_cast<int>(head.width) || height != static_cast<int>(head.height))
    throw AppError(ErrorKind::bad_data, "damaged image: its size changes");
  pixels.allocate();
  std::memcpy(pixels.bytes.data(), bytes.get(), pixels.bytes.size());
  if (format == Format::hdr) decoded.notes.emplace_back("floating-point light became 8 bits");
  if (format == Format::psd) decoded.notes.emplace_back("layers became one image");
  if (format == Format::gif) decoded.notes.emplace_back("only the first frame was taken");
  return decoded;
}

std::string encode_bmp(const Pixels& gray) {
  std::string file;
  stbi_write_bmp_to_func(append, &file, static_cast<int>(gray.width), static_cast<int>(gray.height),
                         1, gray.bytes.data());
  return file;
}

std::string encode_tga(const Pixels& gray) {
  constexpr std::uint32_t longest_side = 65535;
  if (gray.width > longest_side || gray.height > longest_side)
    throw AppError(ErrorKind::bad_data, "a TGA has at most 65535 pixels on a side");
  std::string file;
  stbi_write_tga_to_func(append, &file, static_cast<int>(gray.width), static_cast<int>(gray.height),
                         static_cast<int>(gray.channels), gray.bytes.data());
  return file;
}

}  // namespace nodeops::image
