// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>

#include "image/jpeg_failure.hpp"

namespace nodeops::image {

/// Where libjpeg writes to: memory that grows and is given back however the work ends. What the
/// library has for that, jpeg_mem_dest(), tells where its memory is at the end alone: work that is
/// broken off would free what is no longer there.
class JpegMemory : private jpeg_destination_mgr {
 public:
  JpegMemory();
  JpegMemory(const JpegMemory&) = delete;
  JpegMemory& operator=(const JpegMemory&) = delete;

  /// Has the library write here, from the start. `expected` bytes are there at once; beyond them
  /// the memory doubles. To be called from guarded().
  void attach(jpeg_compress_struct& info, std::size_t expected);

  /// What was written, when the library has finished.
  std::string bytes() const { return {reinterpret_cast<const char*>(room_.get()), size_}; }

 private:
  struct Free {
    void operator()(JOCTET* room) const { std::free(room); }  // NOLINT: goes with realloc()
  };
  static JpegMemory& of(j_compress_ptr info);
  void resize(j_compress_ptr info, std::size_t capacity);

  std::unique_ptr<JOCTET, Free> room_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
};

}  // namespace nodeops::image
