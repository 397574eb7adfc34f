// SPDX-License-Identifier: MIT
#include <cstdint>

#include "observe/ascii.hpp"
#include "observe/mask_numbers.hpp"

namespace nodeops::mask {
namespace {

using ascii::at;
using ascii::before;
using ascii::is_digit;
using ascii::is_letter;
using ascii::skip;
using ascii::stands_at;

/// How many digits the country code has that an international number starts with (ITU-T E.164).
std::size_t country_digits(std::string_view digits) {
  if (digits.empty()) return 0;
  if (digits.front() == '1' || digits.front() == '7') return 1;
  // Bit n of row d: the code "dn" is complete with two digits.
  constexpr std::array<std::uint16_t, 10> two_digit_codes = {0,
                                                             0,
                                                             0x081 /* 20 27 */,
                                                             0x25F /* 30-34 36 39 */,
                                                             0x3FB /* 40 41 43-49 */,
                                                             0x1FE /* 51-58 */,
                                                             0x07F /* 60-66 */,
                                                             0,
                                                             0x056 /* 81 82 84 86 */,
                                                             0x13F /* 90-95 98 */};
  const auto row = static_cast<std::size_t>(digits.front() - '0');
  const bool two = digits.size() > 1 && (two_digit_codes[row] >> (digits[1] - '0') & 1) != 0;
  return std::min<std::size_t>(two ? 2 : 3, digits.size());
}

/// Between two digits of a phone number: nothing, or up to three of " -.()/", such as ") ".
std::size_t skip_separators(std::string_view text, std::size_t place) {
  constexpr std::string_view separators = " -.()/";
  std::size_t end = place;
  while (end < place + 3 && end < text.size() &&
         separators.find(text[end]) != std::string_view::npos)
    ++end;
  return end;
}

/// "+49 30 123456", "0049 30 123456" from the first digit of the code on. Takes whole groups.
PhoneShape read_international(std::string_view text, std::size_t place, bool needs_separator) {
  PhoneShape shape{.international = true};
  const char first = at(text, place);
  if (!is_digit(first) || first == '0') return {};
  const std::size_t most_digits = first == '1' ? 11 : 15;
  bool separated = false;
  while (is_digit(at(text, place))) {
    const std::size_t end = skip(text, place, is_digit);
    if (shape.count + (end - place) > most_digits) break;
    for (; place < end; ++place) shape.digits[shape.count++] = text[place];
    shape.end = end;
    place = skip_separators(text, end);
    const bool goes_on = is_digit(at(text, place)) && place != end;
    // "+1.2025550101" is a number of domain registries, "+123456789.25" an amount.
    if (goes_on && !separated && at(text, end) == '.' && shape.count > 3) return {};
    if (goes_on) separated = true;
    if (shape.count == most_digits) break;
  }
  // Signed numbers have signs too: without separators it takes the length of a real number.
  const std::size_t fewest_digits = first == '1' ? 11 : separated ? 7 : 9;
  if (shape.count < fewest_digits || (needs_separator && !separated)) return {};
  return shape;
}

/// Digits in groups with one and the same separator between all of them.
struct PlainGroups {
  PhoneShape shape;
  std::array<std::size_t, 6> sizes{};
  std::size_t count = 0;
  char separator = '\0';
};

PlainGroups read_plain_groups(std::string_view text, std::size_t place) {
  PlainGroups groups;
  while (groups.count < groups.sizes.size()) {
    std::size_t size = 0;
    while (is_digit(at(text, place)) && groups.shape.count < groups.shape.digits.size()) {
      groups.shape.digits[groups.shape.count++] = text[place++];
      ++size;
    }
    if (is_digit(at(text, place))) return {};
    groups.sizes[groups.count++] = size;
    groups.shape.end = place;
    const char next = at(text, place);
    const bool separator = next == '-' || next == '.' || next == ' ' || next == '/';
    if (!separator || (groups.count > 1 && next != groups.separator)) return groups;
    if (!is_digit(at(text, place + 1))) return groups;
    groups.separator = next;
    ++place;
  }
  return is_digit(at(text, place)) ? PlainGroups{} : groups;
}

/// True when nothing but quotes or the ends of the text are around: a cell, quoted in a message.
bool stands_alone(std::string_view text, std::size_t begin, std::size_t end) {
  const char last = before(text, begin);
  const char next = at(text, end);
  return (begin == 0 && end == text.size()) || ((last == '"' || last == '\'') && next == last);
}

/// "call 415 555 0132", "Tel.: 415 555 0132".
bool follows_phone_word(std::string_view text, std::size_t begin) {
  std::size_t end = begin;
  while (end > 0 && begin - end < 3 &&
         std::string_view(" .:").find(text[end - 1]) != std::string_view::npos)
    --end;
  for (const std::string_view word : {"phone", "tel", "call", "called", "mobile", "cell", "fax",
                                      "sms", "dial", "whatsapp", "telephone"}) {
    if (end != begin && end >= word.size() && stands_at(text, end - word.size(), word) &&
        !is_letter(before(text, end - word.size()))) {
      return true;
    }
  }
  return false;
}

/// Area code and exchange of the North American plan start with 2 to 9.
bool is_north_american(const char* digits) {
  return digits[0] >= '2' && digits[3] >= '2';
}

PhoneShape read_national(std::string_view text, std::size_t begin) {
  const PlainGroups groups = read_plain_groups(text, begin);
  const PhoneShape& shape = groups.shape;
  const char* digits = shape.digits.data();
  const auto& sizes = groups.sizes;
  // Three plain numbers in a row are more often sizes than a phone number: spaces need a reason.
  const bool tight = groups.separator == '-' || groups.separator == '.' ||
                     (groups.separator == ' ' &&
                      (stands_alone(text, begin, shape.end) || follows_phone_word(text, begin)));
  if (tight && groups.count == 3 && sizes[0] == 3 && sizes[1] == 3 && sizes[2] == 4 &&
      is_north_american(digits)) {
    return shape;
  }
  if (tight && groups.count == 4 && sizes[0] == 1 && digits[0] == '1' && sizes[1] == 3 &&
      sizes[2] == 3 && sizes[3] == 4 && is_north_american(digits + 1)) {
    return {shape.digits, shape.count, true, shape.end};
  }
  const bool leading_zero = digits[0] == '0' && digits[1] != '0';
  const std::size_t fewest_groups = groups.separator == '.' ? 3 : 2;
  if (leading_zero && groups.count >= fewest_groups && sizes[0] >= 2 && sizes[0] <= 5 &&
      shape.count >= 9 && shape.count <= 12) {
    return shape;
  }
  return {};
}

/// "(202) 555-0101", "(030) 123456".
PhoneShape read_bracketed(std::string_view text, std::size_t begin) {
  PhoneShape shape;
  const std::size_t close = skip(text, begin + 1, is_digit);
  const std::size_t area = close - begin - 1;
  if (area < 2 || area > 5 || at(text, close) != ')') return {};
  for (std::size_t place = begin + 1; place < text.size();) {
    if (is_digit(text[place])) {
      if (shape.count == 12) return {};
      shape.digits[shape.count++] = text[place++];
      shape.end = place;
      continue;
    }
    const std::size_t next = skip_separators(text, place);
    if (next == place || next > place + 2 || !is_digit(at(text, next))) break;
    place = next;
  }
  const bool zero = shape.digits[0] == '0' && shape.count >= 8;
  const bool north_american =
      area == 3 && shape.count == 10 && is_north_american(shape.digits.data());
  return zero || north_american ? shape : PhoneShape{};
}

}  // namespace

PhoneShape read_phone(std::string_view text, std::size_t begin) {
  const char first = at(text, begin);
  if (first == '+') {
    const std::size_t start = begin + (at(text, begin + 1) == '(' ? 2 : 1);
    return read_international(text, start, false);
  }
  if (first == '(') return read_bracketed(text, begin);
  if (text.substr(begin, 2) == "00") {
    return read_international(text, begin + (at(text, begin + 2) == ' ' ? 3 : 2), true);
  }
  return read_national(text, begin);
}

std::string masked_phone(std::string_view digits, bool international) {
  const std::size_t code = international ? country_digits(digits) : 0;
  const std::size_t shown = std::min<std::size_t>(4, (digits.size() - code) / 2);
  return (international ? "+" : "") + std::string(digits.substr(0, code)) +
         std::string(digits.size() - code - shown, '*') +
         std::string(digits.substr(digits.size() - shown));
}

}  // namespace nodeops::mask
