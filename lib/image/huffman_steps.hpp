// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "image/jpeg_layout.hpp"

namespace nodeops::image {

/// A Huffman code: its bits and how many they are; no bits where a symbol has no code.
struct HuffmanCode {
  std::uint32_t bits = 0;
  unsigned length = 0;
};

/// The code of every symbol; empty when the counts fit no code.
std::optional<std::array<HuffmanCode, 256>> codes_of(const HuffmanTable& table);

/// How to step over a block's codes without knowing what they say, one look-up for several.
/// A code and the bits behind it are a step.
class HuffmanSteps {
 public:
  static constexpr unsigned window = 12;      ///< bits that a look-up looks at
  static constexpr unsigned block_end = 128;  ///< added to what a step advances: the block ends
  static constexpr unsigned block_size = 64;  ///< coefficients

  struct Step {
    std::uint8_t bits = 0;     ///< of all the steps together; 0: the code is longer than the window
    std::uint8_t advance = 0;  ///< coefficients, and block_end
    std::uint8_t first_bits = 0;  ///< of the first step alone
    std::uint8_t first_advance = 0;
  };

  /// Nothing steps where the table makes no code.
  explicit HuffmanSteps(const HuffmanTable& table, bool of_ac);

  bool usable() const { return usable_; }
  Step fast(std::uint64_t bits) const { return fast_[bits >> (64 - window)]; }

  /// One step, whatever its code's length; no bits: there is no such code.
  Step slow(std::uint64_t bits) const;

  /// The symbol of the code at the top, with the code's length; no length: there is no such code.
  struct Symbol {
    std::uint8_t value = 0;
    std::uint8_t length = 0;
  };
  Symbol symbol(std::uint64_t bits) const {
    const Symbol found = symbols_[bits >> (64 - window)];
    return found.length != 0 ? found : long_symbol(bits);
  }

 private:
  Symbol long_symbol(std::uint64_t bits) const;
  Step step_of(Symbol symbol) const;
  Step steps_of(std::uint32_t window_bits) const;

  bool usable_ = false;
  bool of_ac_;
  std::vector<Step> fast_;
  std::vector<Symbol> symbols_;
  struct Long {
    std::uint32_t first = 0;  ///< the first code of this length
    std::uint32_t end = 0;
    std::size_t at = 0;  ///< its symbol's place
  };
  std::array<Long, 17> by_length_{};
  std::array<std::uint8_t, 256> values_{};
};

}  // namespace nodeops::image
