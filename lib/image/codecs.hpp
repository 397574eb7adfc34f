// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "image/convert.hpp"
#include "image/pixels.hpp"

// The seam between the conversion and the libraries: each library is known to one file behind it.
// All functions throw AppError bad_data for what the file is wrong in, without the file's name.

namespace nodeops::image {

using Bytes = std::span<const std::byte>;

/// The format by the first bytes, never by a name; TGA, which has no mark, last of all. Empty: none
/// of ours.
std::optional<Format> format_of(Bytes file);

/// What a header tells, before anything is decoded.
struct Head {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  unsigned channels = 1;  ///< that decoding will give
  unsigned bits = 8;
  std::uint64_t extra_bytes = 0;  ///< that the decoder takes beside the pixels
};

/// What decoding may take for granted or leave out.
struct DecodeOptions {
  bool luma_is_enough = false;  ///< a decoder that has bt601 luma at hand may give only that
  std::stop_token stop = {};
};

Head jpeg_head(Bytes file);
Metadata jpeg_metadata_of(Bytes file);
Decoded decode_jpeg(Bytes file, const DecodeOptions& options);
/// One channel of 8 bits. `quality` 1 to 100.
std::string encode_jpeg(const Pixels& gray, const Metadata& metadata, int quality);
/// The luma coefficients of a JPEG in a gray JPEG, without decoding them: nothing is lost (as
/// `jpegtran -grayscale` does). Empty when its colours are no YCbCr with 8 bits: the pixels have to
/// be taken.
std::optional<std::string> carry_luma(Bytes jpeg, bool strip_metadata, const std::stop_token& stop);

Head png_head(Bytes file);
Decoded decode_png(Bytes file, const DecodeOptions& options);
/// One or two channels of 8 or 16 bits. `effort` 0 to 9.
std::string encode_png(const Pixels& gray, const Metadata& metadata, int effort,
                       const std::stop_token& stop);

Head webp_head(Bytes file);
Decoded decode_webp(Bytes file, const DecodeOptions& options);
/// One or two channels of 8 bits; without a quality lossless.
std::string encode_webp(const Pixels& gray, const Metadata& metadata, std::optional<int> quality);

/// BMP, TGA, GIF, PSD, HDR and PNM.
Head other_head(Bytes file, Format format);
Decoded decode_other(Bytes file, Format format, const DecodeOptions& options);
/// One channel of 8 bits.
std::string encode_bmp(const Pixels& gray);
/// One or two channels of 8 bits.
std::string encode_tga(const Pixels& gray);

}  // namespace nodeops::image
