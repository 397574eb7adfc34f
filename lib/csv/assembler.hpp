// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "csv/large_array.hpp"

namespace nodeops::csv {

/// Puts a block's output together from spans of the block's own memory, which are not copied when
/// they are long enough to be written from where they are, and from new bytes.
class Assembler {
 public:
  void clear() {
    pieces_.clear();
    if (own_.size() > most_kept) own_.resize(0);
    used_ = before_ = 0;
    from_ = to_ = nullptr;
  }

  /// Appends bytes that stay where they are until the block is written.
  void span(const char* from, const char* to) {
    if (from == to_) {
      to_ = to;
      return;
    }
    settle();
    from_ = from;
    to_ = to;
  }

  /// Room for `size` bytes behind all that was appended, plus `slack`; wrote() says how many came.
  char* room(std::size_t size) {
    if (from_ != to_) settle();
    if (used_ + size + slack > own_.size()) grow(size);
    return own_.data() + used_;
  }
  void wrote(std::size_t size) { append_own(used_, size); }

  /// Appends a copy.
  void copy(std::string_view text);

  /// Bytes that were copied or made: what the output takes of memory.
  std::size_t own_size() const { return used_; }

  /// Bytes appended so far.
  std::size_t size() const { return before_ + static_cast<std::size_t>(to_ - from_); }

  /// The output in order, at most its first `limit` bytes. Valid until clear().
  std::vector<std::string_view> pieces(std::size_t limit = static_cast<std::size_t>(-1));

  /// How far a store may overrun what room() was asked for.
  static constexpr std::size_t slack = 64;

 private:
  /// A span of the block, or (text == nullptr) of own_.
  struct Piece {
    const char* text;
    std::size_t offset;
    std::size_t size;
  };

  /// Ends the open span: a short one is copied, so that many small ones become one write.
  void settle();
  void append_own(std::size_t offset, std::size_t size) {
    used_ += size;
    before_ += size;
    if (!pieces_.empty() && pieces_.back().text == nullptr) {
      pieces_.back().size += size;
    } else {
      pieces_.push_back({nullptr, offset, size});
    }
  }
  void grow(std::size_t size);

  /// Memory beyond this, which only an unusual block asks for, is not kept for the next, in bytes.
  static constexpr std::size_t most_kept = 4 << 20;

  std::vector<Piece> pieces_;
  LargeArray<char> own_;
  std::size_t used_ = 0;        ///< of own_
  std::size_t before_ = 0;      ///< bytes appended before the open span
  const char* from_ = nullptr;  ///< the open span
  const char* to_ = nullptr;
};

}  // namespace nodeops::csv
