// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "image/metadata.hpp"

namespace nodeops::image {

/// A Huffman table as a file says it: how many codes of 1 to 16 bits, and what they mean, the
/// shortest first.
struct HuffmanTable {
  std::array<std::uint8_t, 16> counts{};
  std::string_view symbols;
};

struct JpegComponent {
  unsigned id = 0;
  unsigned across = 1;  ///< blocks of a unit beside one another
  unsigned down = 1;
  unsigned quantization = 0;
  unsigned dc = 0;
  unsigned ac = 0;
};

/// What stands before the first scan of a JPEG. It refers to the file's bytes.
struct JpegLayout {
  unsigned frame = 0;  ///< the marker: 0xc0 baseline, 0xc1 extended, 0xc2 progressive ...
  unsigned bits = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::vector<JpegComponent> components;
  std::array<std::string_view, 4> quantization;  ///< of one or two bytes a number
  std::array<HuffmanTable, 4> dc;
  std::array<HuffmanTable, 4> ac;
  std::uint32_t restart_interval = 0;
  bool interleaved = false;  ///< the scan has all components, whole, in the frame's order
  std::size_t scan = 0;      ///< where its codes start
  bool jfif = false;
  std::optional<unsigned> adobe_transform;
  Metadata metadata;
};

/// Empty: damaged, or nothing that is known; whoever wants to know why asks libjpeg.
std::optional<JpegLayout> jpeg_layout(std::string_view file);

}  // namespace nodeops::image
