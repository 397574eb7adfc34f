// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace nodeops::image {

/// A TIFF body (EXIF 2.3, 4.6), read and changed where it stands. Whatever is cut or makes no sense
/// is taken for missing.
///
///   "II" or "MM", 42, offset of the first directory; there: count, count times
///   tag (2 bytes), type (2), number of values (4), value or its offset (4)
class Exif {
 public:
  /// `body` must outlive this.
  explicit Exif(std::span<char> body);

  /// How the image is to be shown, 1 to 8; empty where it is not said.
  std::optional<unsigned> orientation() const;

  /// Says so where it is said already.
  void set_orientation(unsigned orientation);

  /// Exchanges what it says of width and height: the sizes and the densities.
  void exchange_axes();

 private:
  std::uint32_t number(std::size_t at, unsigned size) const;
  std::optional<std::size_t> entry(std::size_t directory, std::uint32_t tag) const;
  void exchange(std::size_t directory, std::uint32_t one_tag, std::uint32_t other_tag);

  std::span<char> body_;
  bool little_ = false;
  std::size_t first_directory_ = 0;  ///< 0: none
};

}  // namespace nodeops::image
