// SPDX-License-Identifier: MIT
#include "core/io.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

namespace nodeops {

std::uint64_t ByteSource::skip(std::uint64_t size) {
  constexpr std::uint64_t step = 256 << 10;
  std::vector<char> passed(static_cast<std::size_t>(std::min(size, step)));
  std::uint64_t left = size;
  while (left > 0) {
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(left, passed.size()));
    const std::size_t count = read({passed.data(), most});
    if (count == 0) break;
    left -= count;
  }
  return size - left;
}

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
