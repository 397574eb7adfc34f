// SPDX-License-Identifier: MIT
#include "csv/scratch.hpp"

#include <algorithm>
#include <cstring>

namespace nodeops::csv {

std::string_view Scratch::copy(std::string_view text) {
  if (!text.empty()) std::memcpy(reserve(text.size()), text.data(), text.size());
  return keep(text.size());
}

void Scratch::grow(std::size_t size) {
  const auto room = std::max(chunk_size, size + slack);
  chunks_.push_back(std::make_unique_for_overwrite<char[]>(room));
  unusual_ = chunks_.size() > 1 || room > chunk_size;
  next_ = chunks_.back().get();
  end_ = next_ + room;
  if (chunks_.size() == 1) begin_ = next_;
}

void Scratch::shrink() {
  chunks_.resize(1);
  // The first one too: an enormous value may have asked for it.
  chunks_[0].reset();
  chunks_[0] = std::make_unique_for_overwrite<char[]>(chunk_size);
  begin_ = next_ = chunks_[0].get();
  end_ = begin_ + chunk_size;
  unusual_ = false;
}

}  // namespace nodeops::csv
