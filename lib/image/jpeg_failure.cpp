// SPDX-License-Identifier: MIT
#include "image/jpeg_failure.hpp"

#include <jerror.h>

#include <cctype>
#include <string>

namespace nodeops::image {
namespace {

JpegFailure& failure_of(j_common_ptr info) {
  return *reinterpret_cast<JpegFailure*>(info->err);
}

[[noreturn]] void leave(j_common_ptr info) {
  JpegFailure& failure = failure_of(info);
  info->err->format_message(info, failure.text.data());
  failure.truncated = info->err->msg_code == JWRN_JPEG_EOF || info->err->msg_code == JERR_INPUT_EOF;
  std::longjmp(failure.way_out, 1);  // NOLINT(cert-err52-cpp)
}

/// Whether the picture is whole although libjpeg warns.
bool harmless(int code) {
  return code == JWRN_EXTRANEOUS_DATA || code == JWRN_ADOBE_XFORM || code == JWRN_JFIF_MAJOR ||
         code == JWRN_TOO_MUCH_DATA || code == JWRN_BOGUS_ICC || code == JWRN_BOGUS_PROGRESSION;
}

void on_message(j_common_ptr info, int level) {
  if (level < 0 && !harmless(info->err->msg_code)) leave(info);
}

void on_output(j_common_ptr) {}

void on_progress(j_common_ptr info) {
  constexpr int most_scans = 200;
  JpegFailure& failure = failure_of(info);
  failure.stopped = failure.stop->stop_requested();
  const int scans = info->is_decompressor != FALSE
                        ? reinterpret_cast<j_decompress_ptr>(info)->input_scan_number
                        : 0;
  if (!failure.stopped && scans <= most_scans) return;
  std::snprintf(failure.text.data(), failure.text.size(), "more than %d scans", most_scans);
  std::longjmp(failure.way_out, 1);  // NOLINT(cert-err52-cpp)
}

}  // namespace

jpeg_error_mgr* JpegFailure::install() {
  jpeg_std_error(&manager);
  manager.error_exit = leave;
  manager.emit_message = on_message;
  manager.output_message = on_output;
  return &manager;
}

jpeg_progress_mgr* JpegFailure::watch(const std::stop_token& token) {
  stop = &token;
  progress.progress_monitor = on_progress;
  return &progress;
}

void JpegFailure::raise() const {
  if (stopped) throw AppError(ErrorKind::interrupted, "stopped");
  if (manager.msg_code == JERR_OUT_OF_MEMORY) throw std::bad_alloc();
  if (truncated) throw AppError(ErrorKind::bad_data, "truncated");
  throw AppError(ErrorKind::bad_data, std::string("damaged JPEG: ") + text.data());
}

}  // namespace nodeops::image
