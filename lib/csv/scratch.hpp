// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace nodeops::csv {

/// Where the values that transforms make live until their record is written: memory handed out from
/// a few chunks that are kept, so that a record costs no allocation. What is kept stays where it is
/// until clear().
class Scratch {
 public:
  /// Room for at least `size` bytes, not yet kept; the next reserve() may give the same again.
  /// There are 64 writable bytes of slack behind it, so that vector stores may overrun.
  char* reserve(std::size_t size) {
    if (static_cast<std::size_t>(end_ - next_) < size + slack) grow(size);
    return next_;
  }

  /// Keeps the first `size` bytes of what reserve() gave.
  std::string_view keep(std::size_t size) {
    const std::string_view kept(next_, size);
    next_ += size;
    return kept;
  }

  /// Copies `text` and keeps it.
  std::string_view copy(std::string_view text);

  /// The longest value that a transform should make, in bytes; each sees to that which can make
  /// much of little.
  std::size_t longest_value() const { return longest_value_; }
  void set_longest_value(std::size_t size) { longest_value_ = size; }

  /// Forgets everything that was kept. Gives memory back only after an unusually large record.
  void clear() {
    if (unusual_) shrink();
    next_ = begin_;
  }

 private:
  static constexpr std::size_t slack = 64;
  static constexpr std::size_t chunk_size = 64 << 10;

  void grow(std::size_t size);
  void shrink();

  std::vector<std::unique_ptr<char[]>> chunks_;
  std::size_t longest_value_ = static_cast<std::size_t>(-1);
  bool unusual_ = false;  ///< there is more than one chunk of the usual size
  char* begin_ = nullptr;
  char* next_ = nullptr;
  char* end_ = nullptr;
};

}  // namespace nodeops::csv
