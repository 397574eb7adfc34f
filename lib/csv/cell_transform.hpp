// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include "csv/scratch.hpp"

namespace nodeops::csv {

/// What a transform made of one value.
struct CellOutcome {
  enum class Kind { unchanged, changed, failed };
  Kind kind = Kind::unchanged;
  std::string_view text =
      {};  ///< changed: the new value; failed: why, for people. Lives in the scratch or is constant

  static CellOutcome unchanged() { return {}; }
  static CellOutcome changed(std::string_view value) { return {Kind::changed, value}; }
  static CellOutcome failed(std::string_view why) { return {Kind::failed, why}; }
};

/// One transform of one field's value: what `--upper`, `--date` and the like do to a cell. Used by
/// several threads at once, so apply() changes nothing in it.
class CellTransform {
 public:
  virtual ~CellTransform() = default;

  /// `value` is the field's value without its quotes and with doubled quotes undone; any bytes,
  /// UTF-8 or not. A new value is made in `scratch`. "unchanged" leaves the field's own bytes,
  /// quotes included, alone.
  virtual CellOutcome apply(std::string_view value, Scratch& scratch) const = 0;

  /// Does the same where the value stands, if that is a matter of changing some of its bytes; false
  /// when it is not, and then nothing was changed. Only for values of up to longest_in_place bytes,
  /// with in_place_room bytes from `value` on that are the caller's: those behind the value are
  /// written too, as they were.
  virtual bool apply_in_place(char* /*value*/, std::size_t /*size*/) const { return false; }
  static constexpr std::size_t longest_in_place = 31;
  static constexpr std::size_t in_place_room = 32;

  /// True when a new value differs from the old in letters and marks alone, so that it holds no
  /// delimiter, quote or line end that the old one did not hold: it needs no look for them.
  virtual bool only_changes_letters() const { return false; }
};

}  // namespace nodeops::csv
