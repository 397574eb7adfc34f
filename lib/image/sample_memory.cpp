// SPDX-License-Identifier: MIT
#include "image/sample_memory.hpp"

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <utility>

namespace nodeops::image {
namespace {

struct Kept {
  std::unique_ptr<std::byte[]> bytes;
  std::size_t capacity = 0;
};

Kept& kept() {
  thread_local Kept memory;
  return memory;
}

std::atomic<std::size_t> keeping{SampleMemory::most_kept};

}  // namespace

void SampleMemory::keep_at_most(std::size_t bytes) {
  keeping = std::min(bytes, most_kept);
  if (bytes >= most_kept) return;
  // Otherwise every thread's arena may hold twice the largest block that it ever freed.
  constexpr int to_system_at_once = 256 << 10;
  ::mallopt(M_MMAP_THRESHOLD, to_system_at_once);
  ::mallopt(M_TRIM_THRESHOLD, 2 * to_system_at_once);
}

SampleMemory::SampleMemory(std::size_t size) : size_(size), capacity_(size) {
  Kept& spare = kept();
  if (spare.capacity >= size && spare.bytes != nullptr) {
    bytes_ = std::move(spare.bytes);
    capacity_ = std::exchange(spare.capacity, 0);
    return;
  }
  // The old memory goes before the new is taken: both at once would be more than was admitted.
  spare = {};
  bytes_.reset(new std::byte[size]);
}

SampleMemory::SampleMemory(SampleMemory&& other) noexcept
    : bytes_(std::move(other.bytes_)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

SampleMemory& SampleMemory::operator=(SampleMemory&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  std::swap(size_, other.size_);
  std::swap(capacity_, other.capacity_);
  return *this;
}

SampleMemory::~SampleMemory() {
  Kept& spare = kept();
  if (bytes_ == nullptr || capacity_ > keeping || capacity_ <= spare.capacity) return;
  spare = {std::move(bytes_), capacity_};
}

}  // namespace nodeops::image
