// SPDX-License-Identifier: MIT
#pragma once

// jpeglib.h needs these in front.
#include <csetjmp>
#include <cstddef>
#include <cstdio>

#include <jpeglib.h>

#include <array>
#include <string>

#include "image/codecs.hpp"

namespace nodeops::image {

/// How libjpeg tells of errors: by a jump back to whoever has called setjmp(jump). No object with a
/// destructor may be made between the two; whatever a decoder fills belongs to its caller.
struct JpegErrors {
  jpeg_error_mgr manager{};
  std::jmp_buf jump{};
  std::array<char, JMSG_LENGTH_MAX> text{};  ///< the error, or the first warning

  JpegErrors();
};

/// What the errors say, as one of ours: "truncated", or libjpeg's own words.
[[noreturn]] void throw_jpeg_failure(const JpegErrors& errors);

/// Metadata of the markers that have been saved.
Metadata jpeg_metadata(const jpeg_decompress_struct& decoder);

/// Asks for the markers that jpeg_metadata() wants to be saved.
void save_jpeg_markers(jpeg_decompress_struct& decoder);

/// The markers of an image, whole segments one behind the other. Whatever is too long for its kind
/// is left out.
std::string jpeg_markers(const Metadata& metadata);

/// Writes them, right behind the start of compression.
void write_jpeg_markers(jpeg_compress_struct& encoder, const std::string& markers);

}  // namespace nodeops::image
