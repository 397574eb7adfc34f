// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "csv/block.hpp"
#include "csv/field.hpp"
#include "csv/program.hpp"

namespace nodeops::csv {

/// Where one record stands in its chunk.
struct Record {
  char* begin;
  char* content_end;  ///< before the CR and LF
  char* end;          ///< behind them
  std::uint32_t fields;

  std::size_t size() const { return static_cast<std::size_t>(content_end - begin); }
};

/// The record behind position `begin` of a chunk, which ends as `end` says.
[[gnu::always_inline]] inline Record record_at(const Chunk& chunk, std::size_t begin,
                                               const RecordEnd& end, bool lf_ends) {
  char* const to = chunk.text + end.end;
  Record record{chunk.text + begin, to, to + 1, end.fields};
  if (end.end == chunk.size) [[unlikely]] {
    --record.end;  // the input's last record, which nothing ends
  } else if (lf_ends && to > record.begin && to[-1] == '\r') {
    --record.content_end;
  }
  return record;
}

/// The fields of one record and the values that the steps have made. All inline: this is the
/// innermost loop.
class RecordFields {
 public:
  /// Makes room for records of this program. Before load().
  void prepare(const Program& program) {
    bounds_.resize(program.columns + 1);
    made_.assign(program.width, {});
    changed_.reserve(program.width);
    changed_.clear();
  }

  /// Finds the first `count` fields of a record that has at least so many.
  void load(const Chunk& chunk, const Record& record, std::size_t count) {
    const char** bound = bounds_.data();
    *bound = record.begin - 1;
    const auto start = static_cast<std::size_t>(record.begin - chunk.text);
    const std::uint64_t* word = chunk.index.field_ends.data() + start / 64;
    std::uint64_t ends = *word & ~std::uint64_t{0} << start % 64;
    const char* base = chunk.text + (start - start % 64);
    const char** const last = bound + count;
    while (bound != last) {
      while (ends == 0) {
        ends = *++word;
        base += 64;
      }
      *++bound = base + std::countr_zero(ends);
      ends &= ends - 1;
    }
    // The CR of a record's end is no part of its last field.
    if (*bound > record.content_end) *bound = record.content_end;
  }

  /// The bytes of a column's field as they stand in the record. Only for loaded fields; an added
  /// column has none.
  std::string_view raw(std::size_t column) const {
    const char* const begin = bounds_[column] + 1;
    return {begin, static_cast<std::size_t>(bounds_[column + 1] - begin)};
  }

  /// A value that a step has made.
  struct Made {
    std::string_view value;
    char* place =
        nullptr;  ///< where in the record it can be written over the old one; null: nowhere
    bool present = false;
    bool letters_only = false;  ///< it differs from the field's in letters alone
  };

  /// Forgets the values made of the last record.
  void forget() {
    for (const std::size_t column : changed_) made_[column].present = false;
    changed_.clear();
  }

  /// Keeps a new value of a column. `place` is where in the record it can be written over the old
  /// one.
  void make(std::size_t column, std::string_view value, char* place, bool letters_only) {
    Made& made = made_[column];
    if (!made.present) changed_.push_back(column);
    letters_only = letters_only && (!made.present || made.letters_only);
    made = {.value = value, .place = place, .present = true, .letters_only = letters_only};
  }

  /// The columns that have new values, in the order in which they got them.
  const std::vector<std::size_t>& changed() const { return changed_; }
  const Made& made(std::size_t column) const { return made_[column]; }

  /// The value of a column: what a step has made, or the field's.
  std::string_view value(std::size_t column, const Dialect& dialect, Scratch& scratch) const {
    if (made_[column].present) return made_[column].value;
    const std::string_view bytes = raw(column);
    return is_quoted(bytes, dialect) ? field_value(bytes, dialect, scratch) : bytes;
  }

 private:
  std::vector<const char*> bounds_;  ///< of field i: behind bounds_[i], before bounds_[i + 1]
  std::vector<Made> made_;
  std::vector<std::size_t> changed_;
};

}  // namespace nodeops::csv
