// SPDX-License-Identifier: MIT
#include "image/huffman_steps.hpp"

namespace nodeops::image {

std::optional<std::array<HuffmanCode, 256>> codes_of(const HuffmanTable& table) {
  std::array<HuffmanCode, 256> codes{};
  std::uint32_t code = 0;
  std::size_t at = 0;
  for (unsigned length = 1; length <= 16; ++length) {
    for (unsigned i = 0; i < table.counts[length - 1]; ++i, ++at, ++code) {
      if (at >= table.symbols.size() || code >= 1U << length) return std::nullopt;
      HuffmanCode& place = codes[static_cast<unsigned char>(table.symbols[at])];
      if (place.length != 0) return std::nullopt;
      place = {code, length};
    }
    code <<= 1;
  }
  if (at == 0) return std::nullopt;
  return codes;
}

HuffmanSteps::HuffmanSteps(const HuffmanTable& table, bool of_ac) : of_ac_(of_ac) {
  const auto codes = codes_of(table);
  if (!codes) return;
  symbols_.resize(1U << window);
  for (unsigned value = 0; value < 256; ++value) {
    const auto [bits, length] = (*codes)[value];
    if (length == 0) continue;
    // Differences of pictures of 8 bits have up to 11.
    if (!of_ac && value > 11) return;
    if (length > window) continue;
    const std::uint32_t from = bits << (window - length);
    for (std::uint32_t i = 0; i < 1U << (window - length); ++i) {
      symbols_[from + i] = {static_cast<std::uint8_t>(value), static_cast<std::uint8_t>(length)};
    }
  }
  std::uint32_t code = 0;
  std::size_t at = 0;
  for (unsigned length = 1; length <= 16; ++length) {
    const std::uint32_t count = table.counts[length - 1];
    by_length_[length] = {code, code + count, at};
    at += count;
    code = (code + count) << 1;
  }
  for (std::size_t i = 0; i < at; ++i) values_[i] = static_cast<std::uint8_t>(table.symbols[i]);
  fast_.resize(1U << window);
  for (std::uint32_t i = 0; i < 1U << window; ++i) fast_[i] = steps_of(i);
  usable_ = true;
}

HuffmanSteps::Symbol HuffmanSteps::long_symbol(std::uint64_t bits) const {
  for (unsigned length = window + 1; length <= 16; ++length) {
    const auto code = static_cast<std::uint32_t>(bits >> (64 - length));
    const Long& codes = by_length_[length];
    if (code < codes.first || code >= codes.end) continue;
    return {values_[codes.at + (code - codes.first)], static_cast<std::uint8_t>(length)};
  }
  return {};
}

HuffmanSteps::Step HuffmanSteps::step_of(Symbol symbol) const {
  // A size that no picture of 8 bits comes to is damage.
  if (symbol.length == 0 || (of_ac_ && (symbol.value & 15) > 10)) return {};
  const unsigned size = symbol.value & 15;
  const unsigned run = symbol.value >> 4;
  const auto bits = static_cast<std::uint8_t>(symbol.length + size);
  unsigned advance = run + 1;
  // Without a coefficient: 16 zeros, or the end of the block, which all other runs mean as well.
  if (of_ac_ && size == 0 && run != 15) advance = block_end;
  return {bits, static_cast<std::uint8_t>(advance), bits, static_cast<std::uint8_t>(advance)};
}

HuffmanSteps::Step HuffmanSteps::slow(std::uint64_t bits) const {
  return step_of(symbol(bits));
}

HuffmanSteps::Step HuffmanSteps::steps_of(std::uint32_t window_bits) const {
  std::uint64_t left = std::uint64_t{window_bits} << (64 - window);
  Step all = step_of(symbols_[window_bits]);
  while (of_ac_ && all.bits != 0 && all.bits < window && all.advance < block_size) {
    left = std::uint64_t{window_bits} << (64 - window + all.bits);
    const Step next = step_of(symbols_[left >> (64 - window)]);
    // What is beyond the window was taken for zeros: such a code is not known yet.
    if (next.bits == 0 || all.bits + next.bits > window) break;
    if (all.advance + (next.advance & (block_end - 1)) > block_size) break;
    all.bits = static_cast<std::uint8_t>(all.bits + next.bits);
    all.advance = static_cast<std::uint8_t>(all.advance + next.advance);
  }
  return all;
}

}  // namespace nodeops::image
