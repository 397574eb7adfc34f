// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstdio>  // jpeglib.h needs it first

#include <jpeglib.h>

#include <jerror.h>

#include <csetjmp>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace nodeops::test {

/// How a sample is made.
struct JpegSample {
  unsigned width = 16, height = 16;
  int across = 2, down = 2;  ///< luma's sampling
  unsigned restart_interval = 0;
  bool optimized = false, progressive = false, arithmetic = false;
  J_COLOR_SPACE space = JCS_YCbCr;
  int quality = 75;
  std::uint32_t seed = 1;
};

namespace jpeg_samples {

struct Failure {
  jpeg_error_mgr manager{};  // first
  std::jmp_buf way_out{};
  bool doubtful = false;
};

[[noreturn]] inline void leave(j_common_ptr info) {
  std::longjmp(reinterpret_cast<Failure*>(info->err)->way_out, 1);
}

inline void be_silent(j_common_ptr) {}

/// A warning; that of an unknown version of JFIF says nothing about the picture.
inline void note_warning(j_common_ptr info, int level) {
  if (level < 0 && info->err->msg_code != JWRN_JFIF_MAJOR) {
    reinterpret_cast<Failure*>(info->err)->doubtful = true;
  }
}

inline jpeg_error_mgr* install(Failure& failure) {
  jpeg_std_error(&failure.manager);
  failure.manager.error_exit = leave;
  failure.manager.output_message = be_silent;
  failure.manager.emit_message = note_warning;
  return &failure.manager;
}

}  // namespace jpeg_samples

/// A picture of gentle slopes and some noise.
inline std::string make_jpeg(const JpegSample& sample) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;  // NOLINT(google-runtime-int): the library's type
  jpeg_mem_dest(&info, &bytes, &size);
  info.image_width = sample.width;
  info.image_height = sample.height;
  const bool gray = sample.space == JCS_GRAYSCALE;
  info.input_components = gray ? 1 : 3;
  info.in_color_space = gray ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_colorspace(&info, sample.space);
  jpeg_set_quality(&info, sample.quality, TRUE);
  info.comp_info[0].h_samp_factor = sample.across;
  info.comp_info[0].v_samp_factor = sample.down;
  info.restart_interval = sample.restart_interval;
  info.optimize_coding = sample.optimized ? TRUE : FALSE;
  info.arith_code = sample.arithmetic ? TRUE : FALSE;
  if (sample.progressive) jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  std::vector<JSAMPLE> row(std::size_t{sample.width} * 3);
  std::uint32_t random = sample.seed * 2654435761U + 1;
  for (unsigned y = 0; y < sample.height; ++y) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      random = random * 1664525 + 1013904223;
      const auto slope = static_cast<std::uint32_t>(i * 3 + y * 5 + (i % 3) * 70);
      row[i] = static_cast<JSAMPLE>((slope + (random >> 27) + ((i / 24 + y / 9) % 2) * 90) & 0xff);
    }
    JSAMPROW pointer = row.data();
    jpeg_write_scanlines(&info, &pointer, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  std::string made(reinterpret_cast<const char*>(bytes), size);
  std::free(bytes);  // NOLINT(cppcoreguidelines-no-malloc): the library took it so
  return made;
}

/// What libjpeg finds of the first component.
struct LumaCoefficients {
  unsigned width = 0, height = 0;
  int components = 0;
  std::vector<std::uint16_t> quantization;
  std::vector<JCOEF> values;  ///< of all blocks that the image needs, row by row

  bool operator==(const LumaCoefficients& other) const {
    return width == other.width && height == other.height && quantization == other.quantization &&
           values == other.values;
  }
};

/// Empty: libjpeg fails, or warns.
inline std::optional<LumaCoefficients> luma_coefficients(const std::string& file) {
  jpeg_decompress_struct info{};
  jpeg_samples::Failure failure;
  info.err = jpeg_samples::install(failure);
  LumaCoefficients found;
  volatile bool whole = false;
  if (setjmp(failure.way_out) == 0) {  // NOLINT(cert-err52-cpp): the library knows no other way
    jpeg_create_decompress(&info);
    jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(file.data()), file.size());
    jpeg_read_header(&info, TRUE);
    jvirt_barray_ptr* arrays = jpeg_read_coefficients(&info);
    const jpeg_component_info& luma = info.comp_info[0];
    found.width = info.image_width;
    found.height = info.image_height;
    found.components = info.num_components;
    found.quantization.assign(luma.quant_table->quantval, luma.quant_table->quantval + 64);
    const unsigned across = (info.image_width + 7) / 8;
    const unsigned down = (info.image_height + 7) / 8;
    for (unsigned y = 0; y < down; ++y) {
      JBLOCKARRAY rows = info.mem->access_virt_barray(reinterpret_cast<j_common_ptr>(&info),
                                                      arrays[0], y, 1, FALSE);
      for (unsigned x = 0; x < across; ++x)
        found.values.insert(found.values.end(), std::begin(rows[0][x]), std::end(rows[0][x]));
    }
    jpeg_finish_decompress(&info);
    whole = !failure.doubtful;
  }
  jpeg_destroy_decompress(&info);
  if (!whole) return std::nullopt;
  return found;
}

}  // namespace nodeops::test
