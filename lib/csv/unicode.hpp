// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "csv/utf8.hpp"

namespace nodeops::csv {

enum class CaseForm { upper, lower, title };

/// What case conversion asks about a code point. The mappings are those of one code point to one;
/// where the Unicode data have a longer one, `special` is set and write_case() knows it.
struct Character {
  static constexpr std::uint8_t cased = 1;  ///< upper, lower or title case
  static constexpr std::uint8_t word = 2;   ///< letter or number: part of a word
  static constexpr std::uint8_t joining =
      4;  ///< mark or format character: belongs to what is before
  static constexpr std::uint8_t ignorable =
      8;  ///< Case_Ignorable: looked through for a final sigma
  static constexpr std::uint8_t apostrophe = 16;
  static constexpr std::uint8_t special = 32;
  static constexpr std::uint8_t number = 64;

  char32_t in(CaseForm form) const {
    return form == CaseForm::upper ? upper : form == CaseForm::lower ? lower : title;
  }
  bool is(std::uint8_t trait) const { return (traits & trait) != 0; }

  char32_t upper = 0;
  char32_t lower = 0;
  char32_t title = 0;
  std::uint8_t traits = 0;
};

/// Unicode's character data. Those below U+0800 (Latin, Greek, Cyrillic, Hebrew, Arabic: all that
/// UTF-8 writes in two bytes) stand in a table made at the first use, in well under 0.3 ms.
class Characters {
 public:
  static const Characters& shared();

  Character operator[](char32_t value) const {
    return value < table_.size() ? table_[value] : look_up(value);
  }

 private:
  Characters();
  static Character look_up(char32_t value);

  std::array<Character, 0x800> table_;
};

/// A mapping to more than one code point; unused places are 0.
using LongMapping = std::array<char32_t, 3>;

/// The mapping of a `special` character, or null when the form has none: İ has one to lower case
/// only.
const LongMapping* special_mapping(char32_t value, CaseForm form);

/// No case mapping makes a text more than this many times as long (ΐ: two bytes become six).
inline constexpr std::size_t case_growth = 3;

/// Writes the mapping of a `special` character, which may have none in this form.
char* write_special(char32_t value, const Character& character, CaseForm form, char* out);

/// Writes `value`, whose data are `character`, in another case; gives the end of what was written.
inline char* write_case(char32_t value, const Character& character, CaseForm form, char* out) {
  if (character.is(Character::special)) return write_special(value, character, form, out);
  return encode_utf8(character.in(form), out);
}

/// Whether the capital sigma that ends before `rest` is followed by a letter: looks through what is
/// ignorable. One that is preceded by a letter and not followed by one becomes ς
/// (SpecialCasing.txt, Final_Sigma).
bool letter_follows(std::string_view rest);

}  // namespace nodeops::csv
