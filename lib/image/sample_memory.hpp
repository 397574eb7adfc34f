// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>

namespace nodeops::image {

/// Memory for samples, not cleared. What is given up is kept for the thread's next image unless it
/// is large: the page faults of fresh memory cost as much as two passes over it.
class SampleMemory {
 public:
  /// What a thread keeps at most.
  static constexpr std::size_t most_kept = std::size_t{32} << 20;

  /// Says, for all threads, that they keep no more than this, and that freed memory goes back to
  /// the system at once where that is less than usual: so that many threads that do nothing hold
  /// little.
  static void keep_at_most(std::size_t bytes);

  SampleMemory() = default;
  explicit SampleMemory(std::size_t size);
  SampleMemory(SampleMemory&& other) noexcept;
  SampleMemory& operator=(SampleMemory&& other) noexcept;
  ~SampleMemory();

  std::byte* data() { return bytes_.get(); }
  const std::byte* data() const { return bytes_.get(); }
  std::size_t size() const { return size_; }

 private:
  std::unique_ptr<std::byte[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace nodeops::image
