// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "image/deflate.hpp"
#include "image/png_chunks.hpp"

namespace nodeops::image {

/// A PNG as its decoder is to see it: the chunks that are needed, with the picture's data unpacked
/// by ISA-L, three times as fast as zlib, and put back as stored blocks of a zlib stream.
///
///   IDAT: [78 01] 00 length ~length data   ...   IDAT: 01 0 ~0 checksum (zero: not compared)
class PngSource {
 public:
  enum class Outcome { read, ended, damaged };

  /// `chunks` must outlive this.
  explicit PngSource(const PngChunks& chunks);

  /// Fills `to`. Throws nothing: a C library stands between this and its caller.
  Outcome read(void* to, std::size_t size) noexcept;

  /// No more of the picture's data is wanted, however much it would unpack to.
  void end_data() { data_ended_ = true; }

 private:
  bool next_piece() noexcept;
  void store_block() noexcept;

  const PngChunks& chunks_;
  Inflate inflate_;
  std::vector<std::uint8_t> block_;
  std::string_view piece_;
  std::size_t before_ = 0;
  std::size_t behind_ = 0;
  bool data_started_ = false;
  bool data_ended_ = false;
  bool damaged_ = false;
};

}  // namespace nodeops::image
