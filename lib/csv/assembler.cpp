// SPDX-License-Identifier: MIT
#include "csv/assembler.hpp"

#include <algorithm>
#include <cstring>

namespace nodeops::csv {

void Assembler::copy(std::string_view text) {
  if (text.empty()) return;
  std::memcpy(room(text.size()), text.data(), text.size());
  wrote(text.size());
}

void Assembler::settle() {
  const auto size = static_cast<std::size_t>(to_ - from_);
  const char* from = from_;
  from_ = to_ = nullptr;
  if (size == 0) return;
  // Below this a copy costs less than one more piece for the system call to look at.
  constexpr std::size_t worth_a_piece = 2048;
  if (size < worth_a_piece) {
    if (used_ + size + slack > own_.size()) grow(size);
    std::memcpy(own_.data() + used_, from, size);
    append_own(used_, size);
  } else {
    pieces_.push_back({from, 0, size});
    before_ += size;
  }
}

void Assembler::grow(std::size_t size) {
  constexpr std::size_t smallest = 64 << 10;
  own_.resize(std::max({smallest, 2 * own_.size(), used_ + size + slack}));
}

std::vector<std::string_view> Assembler::pieces(std::size_t limit) {
  settle();
  std::vector<std::string_view> views;
  views.reserve(pieces_.size());
  for (const Piece& piece : pieces_) {
    const char* const start = piece.text != nullptr ? piece.text : own_.data() + piece.offset;
    const auto size = std::min(piece.size, limit);
    if (size == 0) break;
    views.emplace_back(start, size);
    limit -= size;
  }
  return views;
}

}  // namespace nodeops::csv
