// SPDX-License-Identifier: MIT
#include "observe/mask.hpp"

#include "observe/ascii.hpp"
#include "observe/mask_keys.hpp"
#include "observe/mask_patterns.hpp"
#include "observe/printable.hpp"
#include "observe/utf8.hpp"

namespace nodeops {
namespace mask {
namespace {

/// "1980-02-03", "3.2.1980": digits and separators as a phone number has, but a date.
bool is_date(std::string_view value) {
  std::size_t sizes[4] = {};
  std::size_t group = 0;
  for (const char c : value) {
    if (ascii::is_digit(c))
      ++sizes[group];
    else if ((c != '-' && c != '/' && c != '.') || ++group > 2)
      return false;
  }
  const bool year_first = sizes[0] == 4 && sizes[1] <= 2 && sizes[2] <= 2;
  const bool year_last = sizes[0] <= 2 && sizes[1] <= 2 && (sizes[2] == 4 || sizes[2] == 2);
  return group == 2 && (year_first || year_last);
}

/// "version", "client_version": four numbers with points are no address there.
bool is_version(std::string_view key) {
  constexpr std::string_view word = "version";
  return key.size() >= word.size() && ascii::stands_at(key, key.size() - word.size(), word);
}

std::string all_passes(std::string_view text, Keys keys) {
  std::string masked(text);
  // Keys before shapes, so that a value is masked as what it is. Secrets before numbers: what looks
  // like a card inside of a token is not one.
  url_users(masked);
  pairs(masked, keys);
  secrets(masked);
  emails(masked);
  accounts(masked);
  numbers(masked);
  addresses(masked);
  return masked;
}

std::string_view trimmed(std::string_view value) {
  while (!value.empty() && ascii::is_space(value.front())) value.remove_prefix(1);
  while (!value.empty() && ascii::is_space(value.back())) value.remove_suffix(1);
  return value;
}

}  // namespace

std::string words(std::string_view value) {
  // Of one letter nothing would be left to hide.
  const std::string_view alone = trimmed(value);
  if (alone.empty() || utf8::decode(alone).size == alone.size()) return "***";
  constexpr int most_words = 4;
  std::string made;
  std::size_t place = 0;
  for (int count = 0; count < most_words; ++count) {
    place = ascii::skip(value, place, ascii::is_space);
    if (place == value.size()) break;
    if (!made.empty()) made += ' ';
    const auto first = utf8::decode(value.substr(place));
    const bool beyond_ascii = first.value > 0xA0 && !is_unseen(first.value);
    if (first.valid && (beyond_ascii || ascii::is_letter(value[place]))) {
      made += value.substr(place, first.size);
    }
    made += "***";
    place = ascii::skip(value, place, [](char c) { return !ascii::is_space(c); });
  }
  return made.empty() ? "***" : made;
}

}  // namespace mask

std::string mask_text(std::string_view text) {
  return mask::all_passes(text, mask::Keys::all);
}

std::string mask_usage(std::string_view text) {
  return mask::all_passes(text, mask::Keys::secret);
}

std::string mask_field(std::string_view key, std::string_view value) {
  const auto what = mask::classify_key(key);
  if (what != mask::KeyClass::harmless) return mask::as_class(what, value);
  const bool version = mask::is_version(key) && !mask::address(value).empty();
  return version ? std::string(value) : mask_text(value);
}

std::string mask_person(std::string_view value) {
  if (value.empty()) return {};
  const std::string_view inner = mask::trimmed(value);
  std::string masked = inner.empty() || mask::is_date(inner) ? "***" : mask::email(inner);
  if (masked.empty()) masked = mask::address(inner);
  if (masked.empty()) masked = mask::card(inner);
  if (masked.empty()) masked = mask::account(inner);
  if (masked.empty()) masked = mask::phone(inner);
  if (masked.empty()) masked = mask::words(inner);
  // What is a mask already would come out as it is.
  if (masked == value) masked = masked == "***" ? "****" : "***";
  return masked;
}

}  // namespace nodeops
