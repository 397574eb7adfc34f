// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "image/convert.hpp"

namespace nodeops::image {

/// Turns rows as decoders give them into gray ones.
class RowLuma {
 public:
  struct Layout {
    unsigned channels;  ///< 1 gray, 2 gray and alpha, 3 colour, 4 colour and alpha
    unsigned bits;      ///< 8, or 16 in native order
    bool keep_alpha;    ///< of two or four channels
  };

  RowLuma(Luma luma, Layout layout) : luma_(luma), layout_(layout) {}

  void operator()(const std::byte* in, std::byte* out, std::size_t pixels) const;

  /// Bytes of a row that comes in.
  std::size_t row_bytes(std::size_t pixels) const {
    return pixels * layout_.channels * (layout_.bits / 8);
  }

 private:
  template <class Sample>
  void convert(const Sample* in, Sample* out, std::size_t pixels) const;

  Luma luma_;
  Layout layout_;
};

}  // namespace nodeops::image
