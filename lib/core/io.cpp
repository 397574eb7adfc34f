// SPDX-License-Identifier: MIT
#include "core/io.hpp"

#include <algorithm>
#include <cstring>

namespace nodeops {

std::size_t MemorySource::read(std::span<char> into) {
  const auto count = std::min({into.size(), left_.size(), piece_});
  std::memcpy(into.data(), left_.data(), count);
  left_.remove_prefix(count);
  return count;
}

void MemorySink::write(std::span<const std::string_view> pieces) {
  for (const auto piece : pieces) text_ += piece;
}

}  // namespace nodeops
