// SPDX-License-Identifier: MIT
#include <cstdlib>

#include "core/error.hpp"
#include "image/jpeg_library.hpp"

namespace nodeops::image {
namespace {

/// Reading and writing at once, put away at the end.
struct Transcoder {
  JpegErrors errors;
  jpeg_decompress_struct from{};
  jpeg_compress_struct to{};
  jvirt_barray_ptr* coefficients = nullptr;
  unsigned char* bytes = nullptr;
  unsigned long size = 0;

  Transcoder() {
    from.err = &errors.manager;
    to.err = &errors.manager;
  }
  ~Transcoder() {
    jpeg_destroy_compress(&to);
    jpeg_destroy_decompress(&from);
    std::free(bytes);
  }
  Transcoder(const Transcoder&) = delete;
  Transcoder& operator=(const Transcoder&) = delete;
};

bool read_header(Transcoder& transcoder, Bytes file) {
  if (setjmp(transcoder.errors.jump) != 0) return false;
  jpeg_create_decompress(&transcoder.from);
  jpeg_mem_src(&transcoder.from, reinterpret_cast<const unsigned char*>(file.data()), file.size());
  save_jpeg_markers(transcoder.from);
  jpeg_read_header(&transcoder.from, TRUE);
  return true;
}

/// The luma is the first component, and has as many blocks each way as any other.
bool has_luma(const jpeg_decompress_struct& info) {
  if (info.data_precision != 8 || info.arith_code != 0) return false;
  if (info.jpeg_color_space == JCS_GRAYSCALE) return info.num_components == 1;
  if (info.jpeg_color_space != JCS_YCbCr || info.num_components != 3) return false;
  return info.comp_info[0].h_samp_factor == info.max_h_samp_factor &&
         info.comp_info[0].v_samp_factor == info.max_v_samp_factor;
}

bool read_coefficients(Transcoder& transcoder) {
  if (setjmp(transcoder.errors.jump) != 0) return false;
  transcoder.coefficients = jpeg_read_coefficients(&transcoder.from);
  return true;
}

bool write(Transcoder& transcoder, const std::string& markers) {
  if (setjmp(transcoder.errors.jump) != 0) return false;
  jpeg_compress_struct& to = transcoder.to;
  jpeg_create_compress(&to);
  jpeg_mem_dest(&to, &transcoder.bytes, &transcoder.size);
  jpeg_copy_critical_parameters(&transcoder.from, &to);
  if (to.num_components == 3) {
    // The quantisation table of the luma is to stay what it was, which a new colour space resets.
    const int table = to.comp_info[0].quant_tbl_no;
    jpeg_set_colorspace(&to, JCS_GRAYSCALE);
    to.comp_info[0].quant_tbl_no = table;
  }
  to.comp_info[0].h_samp_factor = 1;
  to.comp_info[0].v_samp_factor = 1;
  to.write_JFIF_header = TRUE;
  if (transcoder.from.saw_JFIF_marker != 0) {
    to.density_unit = transcoder.from.density_unit;
    to.X_density = transcoder.from.X_density;
    to.Y_density = transcoder.from.Y_density;
  }
  jpeg_write_coefficients(&to, transcoder.coefficients);
  write_jpeg_markers(to, markers);
  jpeg_finish_compress(&to);
  jpeg_finish_decompress(&transcoder.from);
  return true;
}

}  // namespace

std::optional<std::string> carry_luma(Bytes jpeg, bool strip_metadata,
                                      const std::stop_token& stop) {
  Transcoder transcoder;
  if (!read_header(transcoder, jpeg)) throw_jpeg_failure(transcoder.errors);
  if (!has_luma(transcoder.from)) return std::nullopt;
  Metadata metadata;
  if (!strip_metadata) {
    metadata = jpeg_metadata(transcoder.from);
    if (!metadata.icc.empty() && !is_gray_profile(metadata.icc)) metadata.icc = gray_profile();
  }
  const std::string markers = jpeg_markers(metadata);
  if (!read_coefficients(transcoder)) throw_jpeg_failure(transcoder.errors);
  if (stop.stop_requested()) throw AppError(ErrorKind::interrupted, "stopped");
  if (transcoder.errors.manager.num_warnings > 0) throw_jpeg_failure(transcoder.errors);
  if (!write(transcoder, markers) || transcoder.errors.manager.num_warnings > 0)
    throw_jpeg_failure(transcoder.errors);
  return std::string(reinterpret_cast<const char*>(transcoder.bytes), transcoder.size);
}

}  // namespace nodeops::image
