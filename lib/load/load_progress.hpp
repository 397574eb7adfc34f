// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "csv/position.hpp"

namespace nodeops::load {

/// How long the files of what was refused are: the records, and the reasons.
using RejectLengths = std::array<std::uint64_t, 2>;

/// How far a load is, in terms that another run can go on from whatever its blocks and batches are.
struct LoadPosition {
  /// A border between blocks. Its counts are those of all that is done, behind it too; of what is
  /// filtered, of all before it.
  csv::Position at;
  std::uint64_t passed = 0;  ///< records behind it that are loaded or refused already
  std::uint64_t bytes = 0;   ///< of the rows that were loaded
  RejectLengths lengths = {};
  bool done = false;  ///< everything is loaded, and a table that replaces another in its place
};

/// Keeps how far a load is. Records are handed in, and some time later loaded or refused, in their
/// order; between them the borders of blocks pass by.
///
///     border ▸ record record ▸ border ▸ record record record
///              └──── done ───────────────────┘
///                                 ▲ position: this border, and one record behind it
///
/// A refused record that nothing follows may still have bytes to come, or have ended the run: it is
/// done only with the next one.
class LoadProgress {
 public:
  /// Goes on where an earlier run was.
  void go_on(const LoadPosition& from);

  /// A record is handed in. False: an earlier run is done with it.
  bool handed() { return ++handed_ > done_; }

  /// Everything before the border has been handed in, and nothing behind it.
  void reached(const csv::Position& border);

  void loaded(std::uint64_t records);
  /// A record is refused; `lengths` are those of the files before it stands in them.
  void refused(const RejectLengths& lengths);
  void took(std::uint64_t bytes) { bytes_ += bytes; }

  /// All that was handed in is done with, and nothing more comes.
  void end();

  /// `lengths` are those of the files now.
  LoadPosition position(const RejectLengths& lengths);

 private:
  struct Border {
    std::uint64_t handed;  ///< records before it
    csv::Position at;
  };

  void close();

  std::vector<Border> borders_ = {{.handed = 0, .at = {}}};
  std::uint64_t handed_ = 0;
  std::uint64_t done_ = 0;
  std::uint64_t loaded_ = 0;   ///< of all that is done, by earlier runs too
  std::uint64_t refused_ = 0;  ///< likewise
  std::uint64_t bytes_ = 0;
  bool open_ = false;  ///< a refused record is not done yet
  RejectLengths before_open_ = {};
};

}  // namespace nodeops::load
