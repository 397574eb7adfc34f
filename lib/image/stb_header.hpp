// SPDX-License-Identifier: MIT
#pragma once

#include "image/decoding.hpp"

namespace nodeops::image {

/// Throws "not supported: …" for what stb_image cannot read, or reads wrongly, in BMP and PSD: it
/// would call such a file damaged, or give noise.
void check_supported(FileBytes file, Format format);

/// What a PSD says before its pixels, where stb_image does not tell it.
///
///   26 bytes header; 4 bytes length and colour table; the same: resources; the same: layers;
///   2 bytes: how the pixels are packed; the pixels
struct PsdHeader {
  static constexpr unsigned in_runs = 1;

  unsigned channels = 0;     ///< with all that are not colour
  unsigned bits = 0;         ///< of a sample
  unsigned packing = 0;      ///< 0, in_runs, or a kind of ZIP
  std::uint64_t pixels = 0;  ///< where they begin
};

PsdHeader psd_header(FileBytes psd);

}  // namespace nodeops::image
