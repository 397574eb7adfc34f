// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "csv/scan.hpp"

namespace nodeops::csv {

/// Where the three special bytes stand among 64 bytes of text: bit i for byte i.
struct WordMasks {
  std::uint64_t delimiters;
  std::uint64_t quotes;
  std::uint64_t newlines;
};

/// How many words' masks are made before they are looked at: with vectors and with numbers at the
/// same time the compiler runs out of registers.
constexpr std::size_t portion_words = 16;
constexpr std::size_t portion_records = 64 * portion_words;

/// Bit i of the result is the XOR of bits 0 to i: "an odd number of quotes up to here".
[[gnu::always_inline]] inline std::uint64_t prefix_xor(std::uint64_t bits) {
  for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

/// The quotes that open or close a field, without those that are characters of an unquoted one.
/// The slow way, taken only for the words that have such quotes.
std::uint64_t quotes_that_count(std::uint64_t separators, std::uint64_t quotes, bool inside,
                                bool may_open);

/// What goes from word to word within one scan.
struct ScanCursor {
  std::uint64_t inside;            ///< as in ScanState
  std::uint64_t last_special;      ///< separators and quotes of the word before: bit 63 is the byte
                                   ///< before this one
  std::uint32_t ends = 0;          ///< ends of fields seen, counted on from the state's fields
  std::uint64_t lines_inside = 0;  ///< record-end bytes inside quotes
  RecordEnd* next_record;
  RecordEnd* last_room;  ///< up to here next_record has room for the records of one more portion

  ScanCursor(const ScanState& state, ScanIndex& index)
      : inside(state.inside),
        last_special(state.may_open ? std::uint64_t{1} << 63 : 0),
        ends(state.fields),
        next_record(index.records.data()),
        last_room(next_record + index.records.size() - portion_records) {}

  /// The word just resolved held only `count` bytes of text: its last byte was not bit 63.
  void ended_after(std::size_t count) { last_special <<= 64 - count; }
};

/// Writes down the first of the records that end in the word, if any does; room for it there is in
/// any case. All fields up to its end are counted: finish_scan() makes them the record's own.
[[gnu::always_inline]] inline void take_record(std::uint64_t records, std::uint64_t ends,
                                               std::uint32_t offset, ScanCursor& cursor) {
  const std::uint64_t up_to_here = records ^ (records - 1);
  *cursor.next_record = {
      offset + static_cast<std::uint32_t>(std::countr_zero(records)),
      cursor.ends + static_cast<std::uint32_t>(std::popcount(ends & up_to_here))};
  cursor.next_record += records != 0 ? 1 : 0;
}

/// Turns the masks of one word into ends of fields and records, and moves the cursor behind it.
/// Kept free of processor-specific code; inlined into each kernel, it is compiled for that kernel's
/// processor.
[[gnu::always_inline]] inline void resolve_word(WordMasks masks, ScanCursor& cursor,
                                                std::uint32_t offset, std::uint64_t& field_ends) {
  const std::uint64_t separators = masks.delimiters | masks.newlines;
  std::uint64_t ends = separators;
  std::uint64_t records = masks.newlines;
  std::uint64_t quotes = masks.quotes;
  if ((quotes | cursor.inside) != 0) {
    std::uint64_t inside = prefix_xor(quotes) ^ cursor.inside;
    const std::uint64_t before = (separators | quotes) << 1 | cursor.last_special >> 63;
    // A quote that leaves us inside is an opening one: it must follow a separator, or the quote
    // that it doubles. Any other is a character, and the parity that it upset is counted again
    // without it.
    if ((quotes & inside & ~before) != 0) {
      quotes =
          quotes_that_count(separators, quotes, cursor.inside != 0, cursor.last_special >> 63 != 0);
      inside = prefix_xor(quotes) ^ cursor.inside;
    }
    cursor.inside = static_cast<std::uint64_t>(static_cast<std::int64_t>(inside) >> 63);
    cursor.lines_inside += static_cast<std::uint64_t>(std::popcount(records & inside));
    ends &= ~inside;
    records &= ~inside;
  }
  cursor.last_special = separators | quotes;
  field_ends = ends;
  // The first record without a branch: whether 64 bytes hold the end of one nobody foretells.
  do {
    take_record(records, ends, offset, cursor);
    records &= records - 1;
  } while (records != 0);
  cursor.ends += static_cast<std::uint32_t>(std::popcount(ends));
}

/// The masks of a text's last word, without what lies behind the text.
[[gnu::always_inline]] inline WordMasks first_bits(const WordMasks& masks, std::size_t count) {
  const std::uint64_t valid = (std::uint64_t{1} << count) - 1;
  return {masks.delimiters & valid, masks.quotes & valid, masks.newlines & valid};
}

/// Doubles the room for records; gives where `next_record` is now. The cursor itself stays out of
/// calls, so that the compiler keeps it in registers.
RecordEnd* grow_records(ScanIndex& index, const RecordEnd* next_record);

/// Makes sure that one more portion's records find room.
[[gnu::always_inline]] inline void make_room(ScanIndex& index, ScanCursor& cursor) {
  if (cursor.next_record <= cursor.last_room) [[likely]]
    return;
  cursor.next_record = grow_records(index, cursor.next_record);
  cursor.last_room = index.records.data() + index.records.size() - portion_records;
}

/// Writes down what the cursor has counted.
inline void finish_scan(const ScanCursor& cursor, ScanState& state, ScanIndex& index) {
  RecordEnd* const records = index.records.data();
  index.record_count = static_cast<std::size_t>(cursor.next_record - records);
  index.lines = cursor.lines_inside + index.record_count;
  const std::uint32_t of_records = index.record_count == 0 ? 0 : cursor.next_record[-1].fields;
  state = {.inside = cursor.inside,
           .may_open = cursor.last_special >> 63 != 0,
           .fields = cursor.ends - of_records};
  for (std::size_t i = index.record_count; i-- > 1;) records[i].fields -= records[i - 1].fields;
}

using PortionMasks = std::array<WordMasks, portion_words>;

/// How many words there are of a portion when so many bytes are left.
[[gnu::always_inline]] inline std::size_t words_in_portion(std::size_t left) {
  return std::min(portion_words, (left + 63) / 64);
}

/// Resolves a portion of so many words that starts `at` in the text; only the last word may be a
/// part of one. Where the next portion starts.
[[gnu::always_inline]] inline std::size_t resolve_portion(PortionMasks& masks, std::size_t words,
                                                          std::size_t at, std::size_t size,
                                                          ScanCursor& cursor, ScanIndex& index) {
  make_room(index, cursor);
  std::uint64_t* const field_ends = index.field_ends.data() + at / 64;
  const std::size_t end = std::min(size, at + words * 64);
  const std::size_t rest = end % 64;
  if (rest != 0) masks[words - 1] = first_bits(masks[words - 1], rest);
  for (std::size_t i = 0; i < words; ++i)
    resolve_word(masks[i], cursor, static_cast<std::uint32_t>(at + i * 64), field_ends[i]);
  if (rest != 0) cursor.ended_after(rest);
  return end;
}

}  // namespace nodeops::csv
