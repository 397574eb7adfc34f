// SPDX-License-Identifier: MIT
#include "observe/ascii.hpp"
#include "observe/mask_numbers.hpp"

namespace nodeops::mask {
namespace {

using ascii::at;
using ascii::is_digit;

/// The size in bytes of a separator between two digits, 0 if there is none.
std::size_t separator_size(std::string_view text, std::size_t place) {
  const char c = at(text, place);
  if (c == ' ' || c == '-' || c == '.') return 1;
  return text.substr(std::min(place, text.size()), 2) == "\xC2\xA0" ? 2 : 0;
}

/// Numbers that start with `low` to `high` and have `shortest` to `longest` digits.
struct Scheme {
  int low;
  int high;
  std::size_t prefix_digits;
  std::size_t shortest;
  std::size_t longest;
};

// The issuer ranges that the schemes publish. Visa; Mastercard, old and new; American Express;
// Diners Club; Discover; JCB; UnionPay; Maestro; Mir; RuPay; Verve.
constexpr std::array<Scheme, 20> schemes = {{
    {4, 4, 1, 13, 19},       {51, 55, 2, 16, 16},         {2221, 2720, 4, 16, 16},
    {34, 34, 2, 15, 15},     {37, 37, 2, 15, 15},         {300, 305, 3, 14, 19},
    {3095, 3095, 4, 14, 19}, {36, 36, 2, 14, 19},         {38, 39, 2, 14, 19},
    {6011, 6011, 4, 16, 19}, {644, 649, 3, 16, 19},       {65, 65, 2, 16, 19},
    {3528, 3589, 4, 16, 19}, {62, 62, 2, 14, 19},         {50, 50, 2, 13, 19},
    {56, 58, 2, 13, 19},     {60, 69, 2, 13, 19},         {2200, 2204, 4, 16, 19},
    {81, 82, 2, 16, 19},     {506099, 506198, 6, 16, 19},
}};

bool has_known_prefix(std::string_view digits) {
  return std::any_of(schemes.begin(), schemes.end(), [&](const Scheme& scheme) {
    if (digits.size() < scheme.shortest || digits.size() > scheme.longest) return false;
    int prefix = 0;
    for (const char digit : digits.substr(0, scheme.prefix_digits))
      prefix = prefix * 10 + (digit - '0');
    return prefix >= scheme.low && prefix <= scheme.high;
  });
}

bool has_luhn_checksum(std::string_view digits) {
  int sum = 0;
  bool doubled = false;
  for (std::size_t place = digits.size(); place-- > 0; doubled = !doubled) {
    const int digit = (digits[place] - '0') * (doubled ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 == 0;
}

}  // namespace

std::optional<std::size_t> DigitGroups::ending_at(std::size_t length) const {
  for (std::size_t group = 0; group < group_count; ++group) {
    if (groups[group].digits == length) return group;
  }
  return {};
}

DigitGroups read_groups(std::string_view text, std::size_t begin) {
  DigitGroups run;
  for (std::size_t place = begin; is_digit(at(text, place));) {
    std::size_t count = run.count;
    while (is_digit(at(text, place)) && count < run.digits.size())
      run.digits[count++] = text[place++];
    if (is_digit(at(text, place))) break;
    run.count = count;
    run.groups[run.group_count++] = {count, place};
    const std::size_t separator = separator_size(text, place);
    if (separator == 0 || count == run.digits.size()) break;
    place += separator;
  }
  return run;
}

bool plausible_card_groups(const DigitGroups& run, std::size_t last) {
  if (last == 0) return true;
  const std::size_t first = run.size_of(0);
  if (last == 1) return first == 4 || first == 6 || first >= run.size_of(1);
  if (last == 2 && first == 4 && run.size_of(1) == 6) return run.size_of(2) <= 5;
  for (std::size_t group = 1; group < last; ++group) {
    if (run.size_of(group) != first) return false;
  }
  return run.size_of(last) <= first;
}

bool is_card(std::string_view digits) {
  return digits.size() >= 13 && digits.size() <= 19 && has_known_prefix(digits) &&
         has_luhn_checksum(digits);
}

std::string masked_card(std::string_view digits) {
  return std::string(digits.substr(0, 6)) + std::string(digits.size() - 10, '*') +
         std::string(digits.substr(digits.size() - 4));
}

}  // namespace nodeops::mask
