// SPDX-License-Identifier: MIT
#include "csv/column_type.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <initializer_list>

namespace nodeops::csv {
namespace {

struct Named {
  std::string_view name;
  ColumnType type;
};

/// The first name of each type is the one that is told.
constexpr std::array names = {
    Named{"text", ColumnType::text},           Named{"integer", ColumnType::integer},
    Named{"real", ColumnType::real},           Named{"numeric", ColumnType::numeric},
    Named{"boolean", ColumnType::boolean},     Named{"date", ColumnType::date},
    Named{"timestamp", ColumnType::timestamp}, Named{"timestamptz", ColumnType::timestamptz},
    Named{"int", ColumnType::integer},         Named{"bigint", ColumnType::integer},
    Named{"double", ColumnType::real},         Named{"float", ColumnType::real},
    Named{"decimal", ColumnType::numeric},     Named{"bool", ColumnType::boolean}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Takes digits off the front; how many.
std::size_t take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  text.remove_prefix(count);
  return count;
}

void take_sign(std::string_view& text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

bool is_integer(std::string_view text) {
  if (text.starts_with('+') && text.size() > 1 && is_digit(text[1])) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

/// Digits with a point and an exponent, as SQL writes them.
bool is_number(std::string_view text) {
  take_sign(text);
  std::size_t digits = take_digits(text);
  if (take(text, '.')) digits += take_digits(text);
  if (digits == 0) return false;
  if (text.empty()) return true;
  if (!take(text, 'e') && !take(text, 'E')) return false;
  take_sign(text);
  return take_digits(text) > 0 && text.empty();
}

bool is_real(std::string_view text) {
  if (!is_number(text)) return false;
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc{};
}

bool equal_in_any_case(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + ('a' - 'A')) : a) == b;
  });
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return equal_in_any_case(text, word); });
}

bool is_boolean(std::string_view text) {
  return means_true(text) || is_one_of(text, {"false", "f", "0", "no", "n", "off"});
}

/// Takes a number of exactly `digits` digits that is in the range.
bool take_number(std::string_view& text, std::size_t digits, int least, int most, int& value) {
  if (text.size() < digits) return false;
  value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (!is_digit(text[i])) return false;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value >= least && value <= most;
}

int days_of(int year, int month) {
  constexpr std::array days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : days[static_cast<std::size_t>(month - 1)];
}

bool take_date(std::string_view& text) {
  int year = 0;
  int month = 0;
  int day = 0;
  return take_number(text, 4, 1, 9999, year) && take(text, '-') &&
         take_number(text, 2, 1, 12, month) && take(text, '-') &&
         take_number(text, 2, 1, days_of(year, month), day);
}

bool take_time(std::string_view& text) {
  int part = 0;
  if (!take_number(text, 2, 0, 23, part) || !take(text, ':') || !take_number(text, 2, 0, 59, part))
    return false;
  if (!take(text, ':')) return true;
  if (!take_number(text, 2, 0, 59, part)) return false;
  if (!take(text, '.')) return true;
  const std::size_t digits = take_digits(text);
  constexpr std::size_t microseconds = 6;
  return digits >= 1 && digits <= microseconds;
}

bool take_offset(std::string_view& text) {
  if (take(text, 'Z') || take(text, 'z')) return true;
  if (!take(text, '+') && !take(text, '-')) return false;
  int part = 0;
  if (!take_number(text, 2, 0, 15, part)) return false;
  if (text.empty()) return true;
  take(text, ':');
  return take_number(text, 2, 0, 59, part);
}

bool is_date(std::string_view text) {
  return take_date(text) && text.empty();
}

bool is_timestamp(std::string_view text) {
  return take_date(text) && (take(text, 'T') || take(text, ' ')) && take_time(text) && text.empty();
}

bool is_timestamptz(std::string_view text) {
  return take_date(text) && (take(text, 'T') || take(text, ' ')) && take_time(text) &&
         take_offset(text) && text.empty();
}

/// A number that comes back from a database as it went in, but for zeros behind its point and the
/// form of its exponent.
bool is_plain(std::string_view number) {
  if (number.starts_with('+')) return false;
  const bool negative = number.starts_with('-');
  take_sign(number);
  if (number.size() > 1 && number[0] == '0' && is_digit(number[1])) return false;
  const std::string_view digits = number.substr(0, number.find_first_of("eE"));
  return !negative || digits.find_first_not_of("0.") != std::string_view::npos;
}

/// What a guess may be, from narrow to wide.
struct Candidate {
  ColumnType type;
  bool (*fits)(std::string_view);
};

constexpr std::array guesses = {
    Candidate{ColumnType::integer,
              [](std::string_view value) { return is_plain(value) && is_integer(value); }},
    Candidate{ColumnType::numeric,
              [](std::string_view value) {
                constexpr std::size_t exact = 15;
                return is_plain(value) && is_number(value) &&
                       value.find_first_of("eE") == std::string_view::npos &&
                       significant_digits(value) <= exact;
              }},
    Candidate{ColumnType::real,
              [](std::string_view value) {
                constexpr std::size_t exact = 15;
                return is_plain(value) && is_real(value) && significant_digits(value) <= exact;
              }},
    Candidate{ColumnType::boolean,
              [](std::string_view value) {
                return is_one_of(value, {"true", "false"});
              }},
    Candidate{ColumnType::date, is_date},
    Candidate{ColumnType::timestamp, is_timestamp},
    Candidate{ColumnType::timestamptz, is_timestamptz}};

}  // namespace

std::optional<ColumnType> column_type_named(std::string_view name) {
  const auto* const found = std::find_if(names.begin(), names.end(), [&](const Named& known) {
    return equal_in_any_case(name, known.name);
  });
  return found == names.end() ? std::nullopt : std::optional(found->type);
}

std::string_view name_of(ColumnType type) {
  return std::find_if(names.begin(), names.end(),
                      [&](const Named& known) { return known.type == type; })
      ->name;
}

bool means_true(std::string_view boolean) {
  return is_one_of(boolean, {"true", "t", "1", "yes", "y", "on"});
}

std::size_t significant_digits(std::string_view number) {
  const auto exponent = number.find_first_of("eE");
  number = number.substr(0, exponent);
  std::size_t digits = 0;
  std::size_t zeros = 0;  // at the end so far
  bool point = false;
  for (const char c : number) {
    if (c == '.') point = true;
    if (!is_digit(c) || (digits == 0 && c == '0')) continue;
    ++digits;
    zeros = c == '0' ? zeros + 1 : 0;
  }
  return point || exponent != std::string_view::npos ? digits - zeros : digits;
}

const char* misfit(ColumnType type, std::string_view value) {
  switch (type) {
    case ColumnType::text:
      return nullptr;
    case ColumnType::integer:
      return is_integer(value) ? nullptr : "not an integer of 64 bits";
    case ColumnType::real:
      return is_real(value) ? nullptr : "not a real number";
    case ColumnType::numeric:
      return is_number(value) ? nullptr : "not a number";
    case ColumnType::boolean:
      return is_boolean(value) ? nullptr : "not a boolean, such as true or no";
    case ColumnType::date:
      return is_date(value) ? nullptr : "not a date of the form YYYY-MM-DD";
    case ColumnType::timestamp:
      return is_timestamp(value) ? nullptr : "not a time of the form YYYY-MM-DD HH:MM:SS";
    case ColumnType::timestamptz:
      return is_timestamptz(value) ? nullptr : "not a time with an offset, such as Z or +02:00";
  }
  return nullptr;
}

void TypeGuess::see(std::string_view value) {
  static_assert(guesses.size() == candidates);
  seen_ = true;
  for (std::size_t i = 0; i < candidates; ++i) out_[i] = out_[i] || !guesses[i].fits(value);
}

ColumnType TypeGuess::type() const {
  for (std::size_t i = 0; seen_ && i < candidates; ++i)
    if (!out_[i]) return guesses[i].type;
  return ColumnType::text;
}

}  // namespace nodeops::csv
