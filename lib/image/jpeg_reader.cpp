// SPDX-License-Identifier: MIT
#include "image/jpeg_reader.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "image/jpeg_failure.hpp"
#include "image/jpeg_luma.hpp"
#include "image/jpeg_metadata.hpp"
#include "image/row_luma.hpp"

namespace nodeops::image {
namespace {

class Reader {
 public:
  Reader() {
    info_.err = failure_.install();
    failure_.guarded([&] { jpeg_create_decompress(&info_); });
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { jpeg_destroy_decompress(&info_); }

  /// Apart from the construction, so that what it takes is given back when it fails.
  void open(FileBytes file) {
    failure_.guarded([&] {
      jpeg_save_markers(&info_, JPEG_APP0 + 1, 0xffff);
      jpeg_save_markers(&info_, JPEG_APP0 + 2, 0xffff);
      jpeg_mem_src(&info_, reinterpret_cast<const unsigned char*>(file.data()), file.size());
      jpeg_read_header(&info_, TRUE);
    });
  }

  void start(J_COLOR_SPACE form, const std::stop_token& stop) {
    failure_.guarded([&] {
      info_.progress = failure_.watch(stop);
      info_.out_color_space = form;
      info_.dct_method = JDCT_ISLOW;
      jpeg_start_decompress(&info_);
    });
  }

  /// Reads rows into `to`, which point to a few rows from the next on; returns how many.
  unsigned read(JSAMPARRAY to, unsigned most) {
    unsigned count = 0;
    failure_.guarded([&] { count = jpeg_read_scanlines(&info_, to, most); });
    return count;
  }

  void finish() {
    failure_.guarded([&] { jpeg_finish_decompress(&info_); });
  }

  const jpeg_decompress_struct& info() const { return info_; }
  bool several_scans() { return jpeg_has_multiple_scans(&info_) != FALSE; }

 private:
  JpegFailure failure_;
  jpeg_decompress_struct info_{};
};

bool four_inks(const jpeg_decompress_struct& info) {
  return info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK;
}

/// The samples' coefficients, which an image of several scans keeps until the last.
std::uint64_t coefficient_bytes(const jpeg_decompress_struct& info) {
  std::uint64_t widest = 1;
  std::uint64_t tallest = 1;
  std::uint64_t blocks = 0;
  for (int i = 0; i < info.num_components; ++i) {
    const auto across = static_cast<std::uint64_t>(info.comp_info[i].h_samp_factor);
    const auto down = static_cast<std::uint64_t>(info.comp_info[i].v_samp_factor);
    widest = std::max(widest, across);
    tallest = std::max(tallest, down);
    blocks += across * down;
  }
  const std::uint64_t columns = (info.image_width + 8 * widest - 1) / (8 * widest);
  const std::uint64_t rows = (info.image_height + 8 * tallest - 1) / (8 * tallest);
  return columns * rows * blocks * sizeof(JBLOCK);
}

/// Cyan, magenta, yellow and black to red, green and blue, in place. Adobe stores how much of each
/// ink is missing, others how much there is.
void colours_of_inks(std::uint8_t* row, std::size_t pixels, bool inverted) {
  const unsigned flip = inverted ? 0 : 255;
  for (std::size_t i = 0; i < pixels; ++i) {
    const unsigned black = row[4 * i + 3] ^ flip;
    for (std::size_t c = 0; c < 3; ++c) {
      const unsigned ink = row[4 * i + c] ^ flip;
      row[3 * i + c] = static_cast<std::uint8_t>((ink * black + 127) / 255);
    }
  }
}

Metadata metadata_of(const jpeg_decompress_struct& info) {
  JpegMetadata found;
  for (auto* marker = info.marker_list; marker != nullptr; marker = marker->next) {
    found.take(marker->marker - JPEG_APP0,
               {reinterpret_cast<const char*>(marker->data), marker->data_length});
  }
  Metadata metadata = std::move(found).finish();
  if (info.saw_JFIF_marker != FALSE && info.X_density != 0 && info.Y_density != 0) {
    metadata.density = Density{info.X_density, info.Y_density,
                               info.density_unit == 1   ? Density::Unit::inch
                               : info.density_unit == 2 ? Density::Unit::centimetre
                                                        : Density::Unit::none};
  }
  return metadata;
}

void read_gray(Reader& reader, const Decoding& decoding, GrayImage& image) {
  reader.start(JCS_GRAYSCALE, decoding.stop);
  for (std::uint32_t y = 0; y < image.height;) {
    go_on(decoding.stop);
    constexpr unsigned at_once = 16;
    std::array<JSAMPROW, at_once> rows{};
    const unsigned most = std::min(at_once, image.height - y);
    for (unsigned i = 0; i < most; ++i) rows.at(i) = reinterpret_cast<JSAMPROW>(image.row(y + i));
    y += reader.read(rows.data(), most);
  }
}

void read_colours(Reader& reader, const Decoding& decoding, GrayImage& image) {
  const bool inks = four_inks(reader.info());
  const bool inverted = reader.info().saw_Adobe_marker != FALSE;
  reader.start(inks ? JCS_CMYK : JCS_RGB, decoding.stop);
  const RowLuma luma(decoding.options.luma, {.channels = 3, .bits = 8, .keep_alpha = false});
  std::vector<std::uint8_t> colours(std::size_t{image.width} * 4);
  for (std::uint32_t y = 0; y < image.height;) {
    go_on(decoding.stop);
    JSAMPROW row = colours.data();
    if (reader.read(&row, 1) == 0) continue;
    if (inks) colours_of_inks(colours.data(), image.width, inverted);
    luma(reinterpret_cast<const std::byte*>(colours.data()), image.row(y), image.width);
    ++y;
  }
}

}  // namespace

Shape jpeg_shape(FileBytes file) {
  Reader reader;
  reader.open(file);
  const auto& info = reader.info();
  Shape shape{
      info.image_width,      info.image_height, info.num_components == 1 ? 1U : 3U, 8, false,
      std::uint64_t{1} << 20};
  // A few rows of blocks of every component, with their upsampled neighbours.
  shape.decoding_bytes += std::uint64_t{info.image_width} * 64 *
                          static_cast<std::uint64_t>(std::max(info.num_components, 1));
  // What is not carried over from scan to scan is so by all of its coefficients.
  const auto layout = jpeg_layout(text_of(file));
  if (reader.several_scans() || !layout || !has_known_scan(*layout)) {
    shape.decoding_bytes += coefficient_bytes(info);
  }
  return shape;
}

Metadata jpeg_metadata(FileBytes file) {
  Reader reader;
  reader.open(file);
  return metadata_of(reader.info());
}

Decoded decode_jpeg(FileBytes file, const Decoding& decoding) {
  Reader reader;
  reader.open(file);
  Decoded decoded{decoding.blank(), metadata_of(reader.info())};
  const auto space = reader.info().jpeg_color_space;
  const bool by_library =
      decoding.options.luma == Luma::bt601 && (space == JCS_YCbCr || space == JCS_RGB);
  if (space == JCS_GRAYSCALE || by_library) {
    read_gray(reader, decoding, decoded.image);
  } else {
    if (four_inks(reader.info())) {
      decoding.notes.emplace_back("CMYK was converted without its colour profile");
      decoded.metadata.icc.clear();
    }
    read_colours(reader, decoding, decoded.image);
  }
  reader.finish();
  return decoded;
}

}  // namespace nodeops::image
