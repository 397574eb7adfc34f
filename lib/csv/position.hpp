// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace nodeops::csv {

/// A place between two records at which a run can be taken up again, and what the run had counted
/// up to there. Everything before it has been handed to the sinks, nothing behind it.
struct Position {
  std::size_t input = 0;     ///< which of the inputs; as many as there are: all have been read
  std::uint64_t offset = 0;  ///< bytes into its (decompressed) file; 0: it has not been opened yet
  std::uint64_t line = 1;    ///< physical line there
  std::uint64_t bytes = 0;   ///< (decompressed) bytes worked on so far, over all inputs

  std::uint64_t records = 0;   ///< data records seen, good and bad
  std::uint64_t written = 0;   ///< of these, written
  std::uint64_t refused = 0;   ///< of these, refused
  std::uint64_t filtered = 0;  ///< of these, left out by a filter

  /// The place follows from the input alone, whatever the block size: it is the last one before a
  /// multiple of TransformOptions::grid, or the end of an input.
  bool on_grid = false;

  bool operator==(const Position&) const = default;
};

}  // namespace nodeops::csv
