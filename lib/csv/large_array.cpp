// SPDX-License-Identifier: MIT
#include "csv/large_array.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

namespace nodeops::csv {
namespace {

/// From here on memory has pages of its own.
constexpr std::size_t large = 256 << 10;

void* allocate(std::size_t bytes) {
  if (bytes == 0) return nullptr;
  if (bytes < large) {
    void* const memory = std::malloc(bytes);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
  }
  void* const memory =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return memory;
}

void release(void* memory, std::size_t bytes) {
  if (bytes < large) {
    std::free(memory);
  } else {
    munmap(memory, bytes);
  }
}

}  // namespace

void* resize_memory(void* old, std::size_t old_bytes, std::size_t bytes) {
  void* const memory = allocate(bytes);
  if (old_bytes >= large && bytes >= old_bytes) {
    // The pages go over as they are. They go to a place that mmap has given: the thread sanitizer
    // does not see where mremap itself would put them, and takes who was there before for a racer.
    if (mremap(old, old_bytes, old_bytes, MREMAP_MAYMOVE | MREMAP_FIXED, memory) == MAP_FAILED) {
      release(memory, bytes);
      throw std::bad_alloc();
    }
    return memory;
  }
  if (old != nullptr) {
    if (memory != nullptr) std::memcpy(memory, old, std::min(old_bytes, bytes));
    release(old, old_bytes);
  }
  return memory;
}

}  // namespace nodeops::csv
