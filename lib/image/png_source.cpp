// SPDX-License-Identifier: MIT
#include "image/png_source.hpp"

#include <algorithm>
#include <cstring>

namespace nodeops::image {
namespace {

constexpr std::size_t largest_block = 65535;
constexpr std::size_t around_block = 4 + 4 + 2 + 5 + 4 + 4;

}  // namespace

PngSource::PngSource(const PngChunks& chunks)
    : chunks_(chunks),
      inflate_(chunks.data),
      block_(largest_block + around_block),
      data_ended_(chunks.data.empty()) {}

PngSource::Outcome PngSource::read(void* to, std::size_t size) noexcept {
  auto* out = static_cast<char*>(to);
  while (size != 0) {
    if (piece_.empty() && !next_piece()) return damaged_ ? Outcome::damaged : Outcome::ended;
    const std::size_t part = std::min(piece_.size(), size);
    std::memcpy(out, piece_.data(), part);
    piece_.remove_prefix(part);
    out += part;
    size -= part;
  }
  return Outcome::read;
}

bool PngSource::next_piece() noexcept {
  if (before_ < chunks_.needed.size()) {
    piece_ = chunks_.needed[before_++];
  } else if (!data_ended_) {
    store_block();
  } else if (behind_ < chunks_.behind.size()) {
    piece_ = chunks_.behind[behind_++];
  } else {
    return false;
  }
  return !damaged_;
}

void PngSource::store_block() noexcept {
  std::uint8_t* at = block_.data() + 8;
  std::memcpy(block_.data() + 4, "IDAT", 4);
  if (!data_started_) {
    *at++ = 0x78;
    *at++ = 0x01;
    data_started_ = true;
  }
  const auto size = inflate_.read(at + 5, largest_block);
  damaged_ = !size.has_value();
  if (damaged_) return;
  data_ended_ = *size == 0;
  at[0] = data_ended_ ? 1 : 0;
  at[1] = static_cast<std::uint8_t>(*size & 0xff);
  at[2] = static_cast<std::uint8_t>(*size >> 8);
  at[3] = static_cast<std::uint8_t>(~at[1]);
  at[4] = static_cast<std::uint8_t>(~at[2]);
  at += 5 + *size;
  constexpr std::size_t checksum = 4;
  if (data_ended_) at = std::fill_n(at, checksum, std::uint8_t{0});
  const auto length = static_cast<std::size_t>(at - block_.data()) - 8;
  for (std::size_t i = 0; i < 4; ++i) {
    block_[i] = static_cast<std::uint8_t>(length >> (24 - 8 * i) & 0xff);
  }
  at = std::fill_n(at, checksum, std::uint8_t{0});
  piece_ = {reinterpret_cast<const char*>(block_.data()),
            static_cast<std::size_t>(at - block_.data())};
}

}  // namespace nodeops::image
