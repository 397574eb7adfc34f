// SPDX-License-Identifier: MIT
#pragma once

#include "image/decoding.hpp"

namespace nodeops::image {

/// Throws "not supported: …" for what stb_image cannot read, or reads wrongly, in BMP and PSD: it
/// would call such a file damaged, or give noise.
void check_supported(FileBytes file, Format format);

/// What a PSD's header says, where stb_image does not tell it.
struct PsdHeader {
  unsigned channels = 0;  ///< with all that are not colour
  unsigned bits = 0;      ///< of a sample
};

PsdHeader psd_header(FileBytes psd);

/// Throws "truncated" where a PSD ends before its pixels do; its colours, and the alpha behind
/// them, are looked at.
void check_psd_length(FileBytes psd, const Shape& shape);

}  // namespace nodeops::image
