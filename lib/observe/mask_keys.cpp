// SPDX-License-Identifier: MIT
#include "observe/mask_keys.hpp"

#include <iterator>

#include "observe/ascii.hpp"
#include "observe/mask.hpp"
#include "observe/mask_key_words.hpp"
#include "observe/mask_patterns.hpp"

namespace nodeops::mask {
namespace {

using ascii::at;
using ascii::is_alnum;
using ascii::is_digit;
using ascii::is_letter;
using ascii::is_lower;
using ascii::is_upper;
using ascii::to_lower;

template <class List>
bool contains(const List& list, std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

/// The key in lower case with one space between its words; of a path the last part alone.
std::string normalized(std::string_view key) {
  constexpr std::size_t longest = 128;
  if (const auto slash = key.find_last_of("./[");
      slash != std::string_view::npos && slash + 1 < key.size()) {
    key.remove_prefix(slash + 1);
  }
  if (key.size() > longest) key.remove_prefix(key.size() - longest);
  std::string words;
  for (std::size_t place = 0; place < key.size(); ++place) {
    const char c = key[place];
    if (!is_alnum(c)) {
      if (!words.empty() && words.back() != ' ') words += ' ';
      continue;
    }
    const bool hump = is_upper(c) && place != 0 &&
                      (is_lower(key[place - 1]) || is_digit(key[place - 1]) ||
                       (is_upper(key[place - 1]) && is_lower(at(key, place + 1))));
    if (hump && !words.empty() && words.back() != ' ') words += ' ';
    words += to_lower(c);
  }
  while (!words.empty() && words.back() == ' ') words.pop_back();
  return words;
}

bool ends_with_words(std::string_view text, std::string_view words) {
  if (text.size() < words.size() || text.substr(text.size() - words.size()) != words) return false;
  return text.size() == words.size() || text[text.size() - words.size() - 1] == ' ';
}

bool is_persons_name(std::string_view words) {
  const std::size_t space = words.rfind(' ');
  const std::string_view last = words.substr(space == std::string_view::npos ? 0 : space + 1);
  if (contains(name_words, last)) return true;
  if (last != "name") return false;
  if (space == std::string_view::npos) return true;
  const std::string_view before_name = words.substr(0, space);
  return contains(people, before_name.substr(before_name.rfind(' ') + 1));
}

KeyClass classify_words(std::string_view words) {
  for (const Ending& row : whole_keys) {
    if (words == row.words) return row.what;
  }
  for (const Ending& row : endings) {
    if (ends_with_words(words, row.words)) return row.what;
  }
  for (const Ending& row : glued_endings) {
    if (words.size() > row.words.size() && is_letter(words[words.size() - row.words.size() - 1]) &&
        words.substr(words.size() - row.words.size()) == row.words) {
      return row.what;
    }
  }
  return is_persons_name(words) ? KeyClass::person : KeyClass::harmless;
}

/// "phone" of "phone 2" and "phone2".
std::string_view without_number(std::string_view words) {
  while (!words.empty() && is_digit(words.back())) words.remove_suffix(1);
  while (!words.empty() && words.back() == ' ') words.remove_suffix(1);
  return words;
}

/// "+1******0101", "424242******4242": masked before.
bool is_masked_number(std::string_view value) {
  const std::size_t plus = at(value, 0) == '+' ? 1 : 0;
  const std::size_t stars = ascii::skip(value, plus, is_digit);
  const std::size_t tail = ascii::skip(value, stars, [](char c) { return c == '*'; });
  const std::size_t shown = stars - plus;
  return tail - stars >= 3 && (shown <= 3 || (plus == 0 && shown == 6)) &&
         value.size() - tail <= 4 && ascii::skip(value, tail, is_digit) == value.size();
}

}  // namespace

KeyClass classify_key(std::string_view key) {
  const std::string words = normalized(key);
  const KeyClass what = classify_words(words);
  // "token 12: …" in prose is about the twelfth token.
  if (what != KeyClass::harmless || key.find(' ') != std::string_view::npos) return what;
  const std::string_view unnumbered = without_number(words);
  return unnumbered.size() == words.size() ? what : classify_words(unnumbered);
}

bool is_secret(KeyClass what) {
  return what == KeyClass::secret || what == KeyClass::hidden || what == KeyClass::cookie ||
         what == KeyClass::authorization;
}

std::string as_class(KeyClass what, std::string_view value) {
  const bool number = what == KeyClass::phone || what == KeyClass::card;
  if (number && is_masked_number(value)) return std::string(value);
  const auto shaped = [&](const std::string& made) { return made.empty() ? words(value) : made; };
  if (value.empty() || value == "null" || value == "true" || value == "false")
    return std::string(value);
  switch (what) {
    case KeyClass::harmless:
      break;
    case KeyClass::secret:
      return mask::secret(value);
    case KeyClass::hidden:
    case KeyClass::withheld:
      return "****";
    case KeyClass::authorization:
      return mask::authorization(value);
    case KeyClass::cookie:
      return "****";
    case KeyClass::card:
      return card_digits(value);
    case KeyClass::account: {
      const std::string iban = mask::account(value);
      return iban.empty() ? mask::secret(value) : iban;
    }
    case KeyClass::email:
      return shaped(mask::email(value));
    case KeyClass::phone: {
      const std::string digits = mask::phone(value);
      return digits.empty() ? "****" : digits;
    }
    case KeyClass::person:
      return words(value);
    case KeyClass::address: {
      // An address of a network, with or without a port, is masked by its shape.
      const std::string_view host = value.substr(value.front() == '[' ? 1 : 0);
      const bool network = is_digit(at(host, 0)) &&
                           host.find_first_not_of("0123456789abcdef.:]/") == std::string_view::npos;
      return network || host.substr(0, 2) == "::" ? mask_text(value) : "****";
    }
  }
  return mask_text(value);
}

}  // namespace nodeops::mask
