// SPDX-License-Identifier: MIT
#include "image/jpeg_memory.hpp"

#include <jerror.h>

#include <algorithm>

namespace nodeops::image {

JpegMemory::JpegMemory() : jpeg_destination_mgr{} {
  init_destination = [](j_compress_ptr) {};
  empty_output_buffer = [](j_compress_ptr info) -> boolean {
    JpegMemory& memory = of(info);
    memory.resize(info, 2 * memory.capacity_);
    return TRUE;
  };
  term_destination = [](j_compress_ptr info) {
    JpegMemory& memory = of(info);
    memory.size_ = memory.capacity_ - memory.free_in_buffer;
  };
}

JpegMemory& JpegMemory::of(j_compress_ptr info) {
  return *static_cast<JpegMemory*>(info->dest);
}

void JpegMemory::attach(jpeg_compress_struct& info, std::size_t expected) {
  constexpr std::size_t least = 4096;
  info.dest = this;
  size_ = 0;
  resize(&info, std::max(expected, least));
}

/// All that there is has been written to: the library goes on behind it.
void JpegMemory::resize(j_compress_ptr info, std::size_t capacity) {
  void* const grown = std::realloc(room_.get(), capacity);  // NOLINT: grows where it stands
  if (grown == nullptr) ERREXIT1(info, JERR_OUT_OF_MEMORY, 0);
  static_cast<void>(room_.release());
  room_.reset(static_cast<JOCTET*>(grown));
  next_output_byte = room_.get() + capacity_;
  free_in_buffer = capacity - capacity_;
  capacity_ = capacity;
}

}  // namespace nodeops::image
