// SPDX-License-Identifier: MIT
#include "csv/title_case.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "csv/unicode.hpp"
#include "csv/utf8.hpp"

namespace nodeops::csv {
namespace {

bool ascii_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool is_ascii_letter(char c) {
  return static_cast<unsigned char>((c | 0x20) - 'a') < 26;
}

template <std::size_t count>
bool is_one_of(std::string_view word, const std::array<std::string_view, count>& words) {
  const auto same = [](char a, char b) { return (ascii_upper(a) ? a + 32 : a) == b; };
  return std::any_of(words.begin(), words.end(), [&](std::string_view known) {
    return std::equal(word.begin(), word.end(), known.begin(), known.end(), same);
  });
}

// Articles and titles that lose their last vowel before a name.
constexpr std::array<std::string_view, 12> elided = {"dell", "dall", "nell",  "sull", "all", "coll",
                                                     "sant", "degl", "quell", "dagl", "agl", "de"};
// What follows an apostrophe in English without being a word: we're, I've, I'll, y'all.
constexpr std::array<std::string_view, 4> endings = {"re", "ve", "ll", "all"};

/// е ё ю я є ї і: what stands behind the apostrophe within Ukrainian and Belarusian words.
bool is_soft_vowel(char32_t small) {
  constexpr std::array<char32_t, 7> vowels = {0x435, 0x451, 0x44E, 0x44F, 0x454, 0x457, 0x456};
  return std::find(vowels.begin(), vowels.end(), small) != vowels.end();
}

/// Where the word at hand began, in the text and in what was written.
struct Word {
  const char* text = nullptr;
  char* out = nullptr;
  bool first = true;  // of the value
};

enum class State {
  outside,  // no word
  waiting,  // a word that has not had its capital: nothing in it has case so far
  inside,   // what comes is small
};

bool begins_word(std::string_view head, std::string_view tail) {
  const auto& characters = Characters::shared();
  const auto letter = decode_utf8(head.data(), head.data() + head.size());
  const bool single = letter.length == head.size() && characters[letter.value].is(Character::cased);
  if (!single && !is_one_of(head, elided)) return false;
  // The longest ending has three letters: no more is looked at.
  std::size_t letters = 0;
  const char* at = tail.data();
  const char* const end = at + tail.size();
  while (at < end && letters < 4) {
    const auto code = decode_utf8(at, end);
    if (code.length == 0) break;
    const auto character = characters[code.value];
    if (letters == 0 && is_soft_vowel(character.lower)) return false;
    if (character.is(Character::word)) {
      ++letters;
    } else if (!character.is(Character::joining)) {
      break;
    }
    at += code.length;
  }
  if (letters == 1) return false;
  return !is_one_of(tail.substr(0, static_cast<std::size_t>(at - tail.data())), endings);
}

/// A capital and a small letter.
bool in_title_case(std::string_view tail) {
  const auto& characters = Characters::shared();
  const char* const end = tail.data() + tail.size();
  if (tail.empty()) return false;
  const auto first = decode_utf8(tail.data(), end);
  if (first.length == 0 || first.length == tail.size()) return false;
  const auto second = decode_utf8(tail.data() + first.length, end);
  return second.length != 0 && characters[first.value].lower != first.value &&
         characters[second.value].upper != second.value;
}

/// The state behind an apostrophe that stands at `at`, after a part of a word. Makes an elided d'
/// or l' small.
State pass_apostrophe(Word word, State state, const char* at, std::string_view tail) {
  const std::string_view head(word.text, static_cast<std::size_t>(at - word.text));
  if (!begins_word(head, tail)) return state;
  const char small = static_cast<char>(head[0] | 0x20);
  const bool elision = head.size() == 1 && (small == 'd' || small == 'l') && !word.first;
  const bool on_purpose = ascii_upper(head[0]) && in_title_case(tail);
  if (elision && !on_purpose) *word.out = small;
  return State::outside;
}

/// What was read so far. It lives in registers: neither it nor a part of it is handed to anything
/// that is not inlined, and nothing is kept behind a pointer, which every byte written might
/// change.
struct Progress {
  State state = State::outside;
  bool after_letter = false;  // what is before, ignorable characters apart, has case
  Word word = {};

  void begin_word(const char* at, char* out) {
    if (state != State::outside) return;
    word = {at, out, word.text == nullptr};
    state = State::waiting;
  }
};

bool is_plain_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80 && c != '\'';
}

char title_case_of_ascii(char c, const char* at, char* out, Progress& progress) {
  const auto letter = static_cast<unsigned char>((c | 0x20) - 'a');
  if (letter < 26) {
    progress.begin_word(at, out);
    const bool capital = progress.state == State::waiting;
    progress.state = State::inside;
    progress.after_letter = true;
    return static_cast<char>(letter + (capital ? 'A' : 'a'));
  }
  const bool digit = c >= '0' && c <= '9';
  if (digit) progress.begin_word(at, out);
  progress.state = digit ? State::inside : State::outside;
  const bool ignorable = c == '.' || c == ':' || c == '^' || c == '`';
  progress.after_letter = progress.after_letter && ignorable;
  return c;
}

/// The letter or number at `at`; gives the end of what was written.
char* write_word_character(const char* at, CodePoint code, const Character& character,
                           std::string_view tail, char* out, Progress& progress) {
  constexpr char32_t capital_sigma = 0x3A3;
  constexpr char32_t final_sigma = 0x3C2;
  progress.begin_word(at, out);
  const bool capital = progress.state == State::waiting;
  // A letter without case leaves the capital to the next one, a number does not.
  if (character.is(Character::cased | Character::number)) progress.state = State::inside;
  if (code.value == capital_sigma && !capital && progress.after_letter && !letter_follows(tail)) {
    return encode_utf8(final_sigma, out);
  }
  return write_case(code.value, character, capital ? CaseForm::title : CaseForm::lower, out);
}

}  // namespace

char* write_title_case(std::string_view text, char* out) {
  const auto& characters = Characters::shared();
  const char* const end = text.data() + text.size();
  Progress progress;
  for (const char* at = text.data(); at < end;) {
    if (progress.state == State::inside && is_ascii_letter(*at)) {
      // Most of most texts: the small letters of a word that has begun.
      do {
        *out++ = static_cast<char>(*at++ | 0x20);
      } while (at < end && is_ascii_letter(*at));
      progress.after_letter = true;
      continue;
    }
    if (is_plain_ascii(*at)) {
      *out = title_case_of_ascii(*at, at, out, progress);
      ++at;
      ++out;
      continue;
    }
    const auto code = decode_utf8(at, end);
    if (code.length == 0) {
      // A byte that is not UTF-8 is most often a Latin-1 letter: it takes part in its word.
      progress.begin_word(at, out);
      progress.state = State::inside;
      progress.after_letter = true;
      *out++ = *at++;
      continue;
    }
    const auto character = characters[code.value];
    const std::string_view tail(at + code.length, end);
    if (character.is(Character::apostrophe)) {
      if (progress.state != State::outside) {
        progress.state = pass_apostrophe(progress.word, progress.state, at, tail);
      }
      out = encode_utf8(code.value, out);
    } else if (character.is(Character::word)) {
      out = write_word_character(at, code, character, tail, out, progress);
    } else {
      if (!character.is(Character::joining)) progress.state = State::outside;
      out = encode_utf8(code.value, out);
    }
    if (!character.is(Character::ignorable)) {
      progress.after_letter = character.is(Character::cased);
    }
    at += code.length;
  }
  return out;
}

}  // namespace nodeops::csv
