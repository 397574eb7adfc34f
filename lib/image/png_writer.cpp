// SPDX-License-Identifier: MIT
#include "image/png_writer.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "image/decoding.hpp"
#include "image/deflate.hpp"
#include "image/png_filter.hpp"

namespace nodeops::image {
namespace {

void append_number(std::string& out, std::uint32_t number) {
  for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(number >> shift & 0xff);
}

void append_chunk(std::string& out, std::string_view kind, std::string_view data) {
  append_number(out, static_cast<std::uint32_t>(data.size()));
  out += kind;
  out += data;
  append_number(out, crc32(data, crc32(kind)));
}

std::string header(const GrayImage& image) {
  std::string data;
  append_number(data, image.width);
  append_number(data, image.height);
  data += static_cast<char>(image.bits);
  data += image.alpha ? '\4' : '\0';
  return data + std::string(3, '\0');
}

std::uint32_t per_metre(std::uint32_t density, Density::Unit unit) {
  const double factor = unit == Density::Unit::inch         ? 1 / 0.0254
                        : unit == Density::Unit::centimetre ? 100.0
                                                            : 1.0;
  return static_cast<std::uint32_t>(std::min(density * factor + 0.5, 2147483647.0));
}

void append_metadata(std::string& out, const Metadata& metadata) {
  using namespace std::string_literals;
  if (metadata.gamma) {
    std::string data;
    append_number(data, *metadata.gamma);
    append_chunk(out, "gAMA", data);
  }
  if (!metadata.icc.empty()) append_chunk(out, "iCCP", "icc\0\0"s + deflated(metadata.icc));
  if (metadata.density) {
    const auto& density = *metadata.density;
    std::string data;
    append_number(data, per_metre(density.x, density.unit));
    append_number(data, per_metre(density.y, density.unit));
    data += density.unit == Density::Unit::none ? '\0' : '\1';
    append_chunk(out, "pHYs", data);
  }
  if (!metadata.exif.empty()) append_chunk(out, "eXIf", metadata.exif);
  if (!metadata.xmp.empty()) {
    append_chunk(out, "iTXt", "XML:com.adobe.xmp\0\0\0\0\0"s + metadata.xmp);
  }
}

/// The image's rows, one after another, with zeros to their left.
class Rows {
 public:
  explicit Rows(const GrayImage& image)
      : image_(image),
        here_(margin + image.row_bytes()),
        above_(margin + image.row_bytes()),
        swap_(image.bits == 16 && std::endian::native == std::endian::little) {}

  FilterRow next(std::uint32_t y) {
    std::swap(here_, above_);
    const auto* from = reinterpret_cast<const std::uint8_t*>(image_.row(y));
    std::uint8_t* to = here_.data() + margin;
    const std::size_t size = image_.row_bytes();
    std::memcpy(to, from, size);
    if (swap_) {
      for (std::size_t i = 0; i < size; i += 2) std::swap(to[i], to[i + 1]);
    }
    return {to, above_.data() + margin, size, image_.pixel_bytes()};
  }

 private:
  static constexpr std::size_t margin = 16;
  const GrayImage& image_;
  std::vector<std::uint8_t> here_;
  std::vector<std::uint8_t> above_;
  bool swap_;
};

}  // namespace

std::string encode_png(const GrayImage& image, const Metadata& metadata, int effort,
                       const std::stop_token& stop) {
  static const FilterKernel kernel = filter_kernels().front();
  std::string out("\x89PNG\r\n\x1a\n");
  append_chunk(out, "IHDR", header(image));
  append_metadata(out, metadata);
  const std::size_t line = image.row_bytes() + 1;
  Deflate deflate(effort, line * image.height,
                  [&](std::string_view piece) { append_chunk(out, "IDAT", piece); });
  Rows rows(image);
  std::vector<std::uint8_t> filtered(line);
  for (std::uint32_t y = 0; y < image.height; ++y) {
    go_on(stop);
    const FilterRow row = rows.next(y);
    const auto costs = kernel.costs(row);
    const auto filter =
        static_cast<std::size_t>(std::min_element(costs.begin(), costs.end()) - costs.begin());
    filtered[0] = static_cast<std::uint8_t>(filter);
    kernel.apply(filter, row, filtered.data() + 1);
    deflate.write(filtered.data(), line);
  }
  deflate.finish();
  append_chunk(out, "IEND", {});
  return out;
}

}  // namespace nodeops::image
