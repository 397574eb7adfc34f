// SPDX-License-Identifier: MIT
#include "image/scan_bits.hpp"

#include <algorithm>

namespace nodeops::image {

void ScanBits::start_row() {
  const std::size_t behind = std::min<std::size_t>(at_ >> 3, end_);
  std::memmove(bytes_.data(), bytes_.data() + behind, end_ - behind + most_unit);
  end_ -= behind;
  at_ -= std::uint64_t{behind} * 8;
}

void ScanBits::bring() {
  bytes_.resize(std::max(bytes_.size(), end_ + at_once + most_unit));
  const std::size_t full = end_ + at_once;
  while (end_ < full && marker_ == 0) {
    if (left_.empty()) {
      marker_ = 1;
      break;
    }
    const std::size_t most = std::min(left_.size(), full - end_);
    const void* ones = std::memchr(left_.data(), 0xff, most);
    const std::size_t plain =
        ones == nullptr ? most
                        : static_cast<std::size_t>(static_cast<const char*>(ones) - left_.data());
    std::memcpy(bytes_.data() + end_, left_.data(), plain);
    end_ += plain;
    left_.remove_prefix(plain);
    if (ones == nullptr) continue;
    const std::size_t next = std::min(left_.find_first_not_of('\xff'), left_.size());
    // One byte of ones and a zero are data; more of them fill the way to a marker.
    const unsigned marker = next < left_.size() ? static_cast<unsigned char>(left_[next]) : 1U;
    if (marker == 0 && next == 1) {
      bytes_[end_++] = 0xff;
    } else {
      marker_ = marker == 0 ? 1 : marker;
    }
    left_.remove_prefix(std::min(next + 1, left_.size()));
  }
  std::memset(bytes_.data() + end_, 0, most_unit);
}

bool ScanBits::ends_with(unsigned marker) {
  prepare();
  const std::uint64_t end = std::uint64_t{end_} * 8;
  if (marker_ != marker || at_ > end || end - at_ >= 8) return false;
  at_ = end;
  return true;
}

void ScanWriter::finish() {
  while (count_ % 8 != 0) {
    held_ = held_ << 1 | 1;
    ++count_;
  }
  if (used_ + 16 > buffer_.size()) flush();
  for (; count_ != 0; count_ -= 8) one(static_cast<unsigned char>(held_ >> (count_ - 8) & 0xff));
  flush();
}

void ScanWriter::flush() {
  out_.append(buffer_.data(), used_);
  used_ = 0;
}

}  // namespace nodeops::image
