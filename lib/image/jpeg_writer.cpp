// SPDX-License-Identifier: MIT
#include "image/jpeg_writer.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "image/decoding.hpp"
#include "image/jpeg_memory.hpp"

namespace nodeops::image {
namespace {

constexpr std::size_t largest_marker = 65533;

class Writer {
 public:
  Writer() {
    info_.err = failure_.install();
    failure_.guarded([&] { jpeg_create_compress(&info_); });
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() { jpeg_destroy_compress(&info_); }

  void start(const GrayImage& image, const Metadata& metadata, int quality) {
    // Grown, it would be copied.
    const std::size_t room_for_most = (std::size_t{64} << 10) + image.samples.size() / 4;
    failure_.guarded([&] {
      memory_.attach(info_, room_for_most);
      info_.image_width = image.width;
      info_.image_height = image.height;
      info_.input_components = 1;
      info_.in_color_space = JCS_GRAYSCALE;
      jpeg_set_defaults(&info_);
      info_.raw_data_in = TRUE;  // else it would go through them sample by sample
      jpeg_set_quality(&info_, quality, TRUE);
      set_density(metadata);
      jpeg_start_compress(&info_, TRUE);
    });
  }

  void marker(int code, const std::string& data) {
    if (data.size() > largest_marker) return;
    failure_.guarded([&] {
      jpeg_write_marker(&info_, code, reinterpret_cast<const JOCTET*>(data.data()),
                        static_cast<unsigned>(data.size()));
    });
  }

  void profile(const std::string& icc) {
    failure_.guarded([&] {
      jpeg_write_icc_profile(&info_, reinterpret_cast<const JOCTET*>(icc.data()),
                             static_cast<unsigned>(icc.size()));
    });
  }

  /// The next DCTSIZE rows, which end at the end of a block.
  void write(JSAMPARRAY rows) {
    failure_.guarded([&] { jpeg_write_raw_data(&info_, &rows, DCTSIZE); });
  }

  std::string finish() {
    failure_.guarded([&] { jpeg_finish_compress(&info_); });
    return memory_.bytes();
  }

 private:
  void set_density(const Metadata& metadata) {
    if (!metadata.density) return;
    auto [x, y, unit] = *metadata.density;
    if (unit == Density::Unit::metre) {
      x = (x + 50) / 100;
      y = (y + 50) / 100;
      unit = Density::Unit::centimetre;
    }
    if (x == 0 || y == 0 || x > 0xffff || y > 0xffff) return;
    info_.density_unit = unit == Density::Unit::inch ? 1 : unit == Density::Unit::none ? 0 : 2;
    info_.X_density = static_cast<UINT16>(x);
    info_.Y_density = static_cast<UINT16>(y);
  }

  JpegFailure failure_;
  JpegMemory memory_;
  jpeg_compress_struct info_{};
};

/// The rows of an image, a row of blocks at a time. Beyond its edges its last samples are repeated:
/// any other would cost bytes, and show.
class BlockRows {
 public:
  explicit BlockRows(const GrayImage& image)
      : image_(image), width_((std::size_t{image.width} + DCTSIZE - 1) / DCTSIZE * DCTSIZE) {
    if (width_ != image.width) padded_.resize(width_ * DCTSIZE);
  }

  /// Live until the next call.
  JSAMPARRAY from(std::uint32_t y) {
    for (std::uint32_t i = 0; i < DCTSIZE; ++i) {
      const std::byte* const row = image_.row(std::min(y + i, image_.height - 1));
      // The library reads only, though its type does not say so.
      const auto samples = reinterpret_cast<JSAMPROW>(const_cast<std::byte*>(row));
      rows_.at(i) = padded_.empty() ? samples : padded(samples, i);
    }
    return rows_.data();
  }

 private:
  JSAMPROW padded(const JSAMPLE* samples, std::uint32_t place) {
    JSAMPROW const row = &padded_[place * width_];
    std::copy_n(samples, image_.width, row);
    std::fill(row + image_.width, row + width_, samples[image_.width - 1]);
    return row;
  }

  const GrayImage& image_;
  std::size_t width_;
  std::vector<JSAMPLE> padded_;
  std::array<JSAMPROW, DCTSIZE> rows_{};
};

}  // namespace

std::string encode_jpeg(const GrayImage& image, const Metadata& metadata, int quality,
                        const std::stop_token& stop) {
  Writer writer;
  writer.start(image, metadata, quality);
  if (!metadata.exif.empty()) {
    writer.marker(JPEG_APP0 + 1, std::string("Exif\0\0", 6) + metadata.exif);
  }
  if (!metadata.xmp.empty()) {
    writer.marker(JPEG_APP0 + 1, std::string("http://ns.adobe.com/xap/1.0/\0", 29) + metadata.xmp);
  }
  if (!metadata.icc.empty()) writer.profile(metadata.icc);
  BlockRows blocks(image);
  for (std::uint32_t y = 0; y < image.height; y += DCTSIZE) {
    go_on(stop);
    writer.write(blocks.from(y));
  }
  return writer.finish();
}

}  // namespace nodeops::image
