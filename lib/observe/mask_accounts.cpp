// SPDX-License-Identifier: MIT
#include <array>

#include "observe/ascii.hpp"
#include "observe/mask_patterns.hpp"

namespace nodeops::mask {
namespace {

using ascii::at;
using ascii::before;
using ascii::is_alnum;
using ascii::is_digit;
using ascii::is_letter;
using ascii::is_word;
using ascii::stands_at;
using ascii::to_lower;

constexpr std::size_t longest_iban = 34;

/// The length of a country's IBANs (the IBAN registry's figures); 0 for a country without.
std::size_t iban_length(std::string_view country) {
  // Country codes one after the other, each followed by its length.
  constexpr std::string_view lengths =
      "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29"
      "ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20"
      "LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29"
      "PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20"
      "YE30";
  for (std::size_t place = 0; place < lengths.size(); place += 4) {
    if (stands_at(country, 0,
                  std::string{to_lower(lengths[place]), to_lower(lengths[place + 1])})) {
      return static_cast<std::size_t>((lengths[place + 2] - '0') * 10 + lengths[place + 3] - '0');
    }
  }
  return 0;
}

/// ISO/IEC 7064 MOD 97-10 over the account first and the country's four characters last.
bool has_iban_checksum(std::string_view iban) {
  unsigned rest = 0;
  const auto take = [&rest](char c) {
    if (is_digit(c))
      rest = (rest * 10 + static_cast<unsigned>(c - '0')) % 97;
    else
      rest = (rest * 100 + static_cast<unsigned>(to_lower(c) - 'a' + 10)) % 97;
  };
  for (const char c : iban.substr(4)) take(c);
  for (const char c : iban.substr(0, 4)) take(c);
  return rest == 1;
}

struct Iban {
  std::array<char, longest_iban> characters{};
  std::size_t end = 0;  ///< 0: there is none
};

/// Reads an IBAN at a letter: single spaces or hyphens may stand between its characters.
Iban read_iban(std::string_view text, std::size_t begin) {
  if (!is_letter(at(text, begin + 1)) || !is_digit(at(text, begin + 2))) return {};
  const std::size_t length = iban_length(text.substr(begin, 2));
  Iban iban;
  std::size_t place = begin;
  for (std::size_t count = 0; count < length; ++count) {
    if (count != 0 && (at(text, place) == ' ' || at(text, place) == '-')) ++place;
    if (!is_alnum(at(text, place))) return {};
    iban.characters[count] = text[place++];
  }
  const bool right = length != 0 && !is_word(at(text, place)) &&
                     has_iban_checksum({iban.characters.data(), length});
  if (right) iban.end = place;
  return iban;
}

std::string masked_iban(std::string_view text, std::size_t begin, std::size_t end) {
  std::string shown;
  for (const char c : text.substr(begin, end - begin)) {
    if (is_alnum(c)) shown += c;
  }
  return shown.substr(0, 4) + "****" + shown.substr(shown.size() - 4);
}

}  // namespace

void accounts(std::string& text) {
  constexpr std::size_t shortest_iban = 15;
  if (text.size() < shortest_iban) return;
  const std::string_view view = text;
  Rewrite rewrite(text);
  for (std::size_t place = 0; place < view.size(); ++place) {
    if (!is_letter(view[place]) || is_word(before(view, place))) continue;
    const Iban iban = read_iban(view, place);
    if (iban.end == 0) continue;
    rewrite.replace(place, iban.end, masked_iban(view, place, iban.end));
    place = iban.end - 1;
  }
  rewrite.finish();
}

std::string account(std::string_view value) {
  // "DE89****3000" is a mask already.
  if (value.size() == 12 && is_letter(value[0]) && is_letter(value[1]) &&
      value.substr(4, 4) == "****") {
    return std::string(value);
  }
  if (value.empty() || !is_letter(value.front())) return {};
  const Iban iban = read_iban(value, 0);
  return iban.end == value.size() ? masked_iban(value, 0, iban.end) : std::string();
}

}  // namespace nodeops::mask
