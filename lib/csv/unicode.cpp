// SPDX-License-Identifier: MIT
#include "csv/unicode.hpp"

// utf8proc and not ICU: the mappings of single code points and the categories are all that is
// asked, and utf8proc gives them from one 300 KiB library without locale data; ICU brings 30 MiB
// and several milliseconds of loading to a command that should start in five. The few mappings to
// more than one code point, which utf8proc has not, stand in special_casing.cpp.
#include <utf8proc.h>

#include <algorithm>

namespace nodeops::csv {
namespace {

// What Word_Break calls MidLetter, MidNumLet and Single_Quote is Case_Ignorable too; the categories
// do not say so.
bool is_ignorable_punctuation(char32_t value) {
  constexpr std::array<char32_t, 17> all = {0x27,   0x2E,   0x3A,   0xB7,   0x387,  0x55F,
                                            0x5F4,  0x2018, 0x2019, 0x2024, 0x2027, 0xFE13,
                                            0xFE52, 0xFE55, 0xFF07, 0xFF0E, 0xFF1A};
  return std::find(all.begin(), all.end(), value) != all.end();
}

bool is_apostrophe(char32_t value) {
  return value == 0x27 || value == 0x2019 || value == 0x2018 || value == 0x2BC || value == 0xFF07;
}

std::uint8_t traits_of_category(utf8proc_category_t category) {
  switch (category) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
      return Character::word | Character::cased;
    case UTF8PROC_CATEGORY_LM:
      return Character::word | Character::ignorable;
    case UTF8PROC_CATEGORY_LO:
      return Character::word;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return Character::word | Character::number;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
      return Character::joining | Character::ignorable;
    case UTF8PROC_CATEGORY_MC:
      return Character::joining;
    case UTF8PROC_CATEGORY_SK:
      return Character::ignorable;
    default:
      return 0;
  }
}

Character describe(char32_t value) {
  const auto code = static_cast<utf8proc_int32_t>(value);
  Character made;
  made.upper = static_cast<char32_t>(utf8proc_toupper(code));
  made.lower = static_cast<char32_t>(utf8proc_tolower(code));
  made.title = static_cast<char32_t>(utf8proc_totitle(code));
  auto traits = traits_of_category(utf8proc_category(code));
  const bool maps = made.upper != value || made.lower != value || made.title != value;
  // Circled letters and Roman numerals have case without being letters.
  if (maps && (traits & Character::joining) == 0) traits |= Character::word | Character::cased;
  if (value == 0xAA || value == 0xBA) traits |= Character::cased;
  if (is_ignorable_punctuation(value)) traits |= Character::ignorable;
  // The Catalan middle dot stands within a word: col·lega.
  if (value == 0xB7 || value == 0x387 || value == 0x2027) traits |= Character::joining;
  if (is_apostrophe(value)) traits |= Character::apostrophe;
  if (special_mapping(value, CaseForm::upper) || special_mapping(value, CaseForm::lower)) {
    traits |= Character::special | Character::cased;
  }
  made.traits = traits;
  return made;
}

}  // namespace

Characters::Characters() {
  for (char32_t value = 0; value < table_.size(); ++value) table_[value] = describe(value);
}

const Characters& Characters::shared() {
  static const Characters characters;
  return characters;
}

Character Characters::look_up(char32_t value) {
  return describe(value);
}

char* write_special(char32_t value, const Character& character, CaseForm form, char* out) {
  const auto* mapping = special_mapping(value, form);
  if (mapping == nullptr) return encode_utf8(character.in(form), out);
  for (const char32_t part : *mapping) {
    if (part != 0) out = encode_utf8(part, out);
  }
  return out;
}

bool letter_follows(std::string_view rest) {
  const auto& characters = Characters::shared();
  const char* at = rest.data();
  const char* const end = at + rest.size();
  while (at < end) {
    const auto code = decode_utf8(at, end);
    if (code.length == 0) return false;
    const auto character = characters[code.value];
    if (!character.is(Character::ignorable)) return character.is(Character::cased);
    at += code.length;
  }
  return false;
}

}  // namespace nodeops::csv
