// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

namespace nodeops::csv {

/// Memory for `bytes` bytes in place of `old`, which had `old_bytes` and is taken over with what it
/// held; null for none, in and out. Large memory comes in pages of its own: it grows without a
/// second copy, costs nothing until it is written to, and goes back when it is let go. Throws
/// std::bad_alloc.
void* resize_memory(void* old, std::size_t old_bytes, std::size_t bytes);

/// An array whose elements are not set when it grows: for what is filled anew block by block. Only
/// for types that may be copied byte by byte.
template <class T>
class LargeArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  LargeArray() = default;
  explicit LargeArray(std::size_t size) { resize(size); }
  LargeArray(LargeArray&& other) noexcept
      : elements_(std::exchange(other.elements_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  LargeArray& operator=(LargeArray&& other) noexcept {
    std::swap(elements_, other.elements_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~LargeArray() { resize_memory(elements_, size_ * sizeof(T), 0); }

  /// Keeps the elements that there are; new ones hold anything.
  void resize(std::size_t size) {
    elements_ = static_cast<T*>(resize_memory(elements_, size_ * sizeof(T), size * sizeof(T)));
    size_ = size;
  }

  std::size_t size() const { return size_; }
  T* data() { return elements_; }
  const T* data() const { return elements_; }
  T& operator[](std::size_t at) { return elements_[at]; }
  const T& operator[](std::size_t at) const { return elements_[at]; }

 private:
  T* elements_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace nodeops::csv
