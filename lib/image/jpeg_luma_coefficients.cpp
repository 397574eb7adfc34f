// SPDX-License-Identifier: MIT
#include "image/jpeg_luma.hpp"
#include "image/jpeg_memory.hpp"

namespace nodeops::image {
namespace {

/// Both sides of libjpeg, which share the way out of a failure.
class Transcoder {
 public:
  explicit Transcoder(const std::stop_token& stop) : stop_(stop) {
    from_.err = to_.err = failure_.install();
    failure_.guarded([&] {
      jpeg_create_decompress(&from_);
      jpeg_create_compress(&to_);
    });
  }
  Transcoder(const Transcoder&) = delete;
  Transcoder& operator=(const Transcoder&) = delete;
  ~Transcoder() {
    jpeg_destroy_compress(&to_);
    jpeg_destroy_decompress(&from_);
  }

  /// Not by the constructor: what a refused header took is given back by the destructor.
  void read_header(std::string_view file) {
    failure_.guarded([&] {
      jpeg_mem_src(&from_, reinterpret_cast<const unsigned char*>(file.data()), file.size());
      jpeg_read_header(&from_, TRUE);
      from_.progress = to_.progress = failure_.watch(stop_);
    });
  }

  bool has_luma() const {
    return from_.data_precision == 8 &&
           ((from_.jpeg_color_space == JCS_YCbCr && from_.num_components == 3) ||
            (from_.jpeg_color_space == JCS_GRAYSCALE && from_.num_components == 1));
  }

  /// Whether luma has its full size. If it has not, its blocks are not those of a gray image.
  bool luma_is_full() const {
    return from_.comp_info[0].h_samp_factor == from_.max_h_samp_factor &&
           from_.comp_info[0].v_samp_factor == from_.max_v_samp_factor;
  }

  std::uint64_t coefficient_bytes() const {
    std::uint64_t blocks = 0;
    for (int i = 0; i < from_.num_components; ++i) {
      const jpeg_component_info& part = from_.comp_info[i];
      blocks += (std::uint64_t{part.width_in_blocks} + 4) * (part.height_in_blocks + 4);
    }
    return blocks * sizeof(JBLOCK);
  }

  /// `expected`: bytes of the output, about.
  std::string run(std::size_t expected) {
    failure_.guarded([&] {
      jvirt_barray_ptr* coefficients = jpeg_read_coefficients(&from_);
      jpeg_copy_critical_parameters(&from_, &to_);
      const int quantization = from_.comp_info[0].quant_tbl_no;
      jpeg_set_colorspace(&to_, JCS_GRAYSCALE);
      to_.comp_info[0].quant_tbl_no = quantization;
      to_.optimize_coding = TRUE;
      to_.write_JFIF_header = FALSE;
      to_.write_Adobe_marker = FALSE;
      memory_.attach(to_, expected);
      jpeg_write_coefficients(&to_, coefficients);
      jpeg_finish_compress(&to_);
      jpeg_finish_decompress(&from_);
    });
    return memory_.bytes();
  }

 private:
  JpegFailure failure_;
  const std::stop_token& stop_;
  jpeg_decompress_struct from_{};
  JpegMemory memory_;
  jpeg_compress_struct to_{};
};

}  // namespace

std::optional<std::string> copy_luma_coefficients(std::string_view file,
                                                  const std::string& segments,
                                                  std::uint64_t most_bytes,
                                                  const std::stop_token& stop) {
  Transcoder transcoder(stop);
  transcoder.read_header(file);
  if (!transcoder.has_luma() || !transcoder.luma_is_full() ||
      transcoder.coefficient_bytes() > most_bytes) {
    return std::nullopt;
  }
  std::string bytes = transcoder.run(file.size());
  bytes.insert(2, segments);  // behind the mark of the start
  return bytes;
}

}  // namespace nodeops::image
