// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "image/metadata.hpp"

namespace nodeops::image {

/// Collects what the segments of a JPEG say besides its pixels. A thumbnail within EXIF is kept as
/// it is, in colour. Extended XMP (the part beyond 64 KiB) is not kept.
class JpegMetadata {
 public:
  /// The content of an APPn segment, `n` from 0 to 15.
  void take(unsigned n, std::string_view content);

  /// What was found. A profile whose pieces are not all there is none.
  Metadata finish() &&;

 private:
  Metadata found_;
  std::vector<std::string_view> pieces_;  // of the profile, by number
  bool whole_ = true;                     // as far as the pieces agree with one another
};

/// The APP segments for this, the first of them JFIF. What does not fit into a segment is left out.
std::string jpeg_segments(const Metadata& metadata);

/// Says what that is, for the user.
void note_what_jpeg_loses(const Metadata& metadata, std::vector<std::string>& notes);

}  // namespace nodeops::image
