// SPDX-License-Identifier: MIT
#pragma once

#include <cstdio>  // jpeglib.h needs it first

#include <jpeglib.h>

#include <array>
#include <csetjmp>
#include <stop_token>

#include "core/error.hpp"

namespace nodeops::image {

/// libjpeg's way out of a failure: a jump to where guarded() was called. Only libjpeg's own frames
/// are jumped over, so that no destructor is missed.
struct JpegFailure {
  jpeg_error_mgr manager{};  // first: libjpeg hands out a pointer to it
  std::jmp_buf way_out{};
  std::array<char, JMSG_LENGTH_MAX> text{};
  bool truncated = false;
  bool stopped = false;
  jpeg_progress_mgr progress{};
  const std::stop_token* stop = nullptr;

  /// Makes ready what libjpeg's struct refers to.
  jpeg_error_mgr* install();

  /// What ends the work when a stop is asked for, or when there are more scans than any encoder
  /// makes: each costs a pass over the whole image. For a struct whose `err` is from install().
  jpeg_progress_mgr* watch(const std::stop_token& stop);

  [[noreturn]] void raise() const;

  /// Calls `work`, which may call libjpeg and may have no locals with destructors.
  template <class Work>
  void guarded(Work work) {
    if (setjmp(way_out) != 0) raise();  // NOLINT(cert-err52-cpp): the library knows no other way
    work();
  }
};

}  // namespace nodeops::image
