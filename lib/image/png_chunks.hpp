// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "image/decoding.hpp"

namespace nodeops::image {

/// A PNG's chunks, gone over once: every checksum is compared, what the picture needs is parted
/// from what it carries besides.
///
///   signature  IHDR  [tRNS PLTE ...]  IDAT...  IEND
///              each: length (4 bytes), kind (4 letters), data, checksum (4)
///
/// Kinds that start with a capital letter are needed; of the others only tRNS is.
struct PngChunks {
  /// The signature and the chunks that are needed before the picture's data, in order.
  std::vector<std::string_view> needed;
  std::vector<std::string_view> data;    ///< what the IDATs hold
  std::vector<std::string_view> behind;  ///< the chunks that are needed behind the data
  Metadata metadata;
  bool transparency = false;  ///< there is a tRNS
  bool animated = false;
  /// A colour profile that could not be unpacked.
  bool bad_profile = false;
};

enum class PngPart {
  header,  ///< up to the first IDAT
  whole,
};

/// Throws AppError bad_data where a chunk is cut off or its checksum is wrong.
PngChunks png_chunks(FileBytes file, PngPart part);

}  // namespace nodeops::image
