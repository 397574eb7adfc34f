// SPDX-License-Identifier: MIT
#include "csv/decimal.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <system_error>

namespace nodeops::csv {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view cut_digits(std::string_view& left) {
  const auto end = std::find_if_not(left.begin(), left.end(), is_digit);
  const auto digits = left.substr(0, static_cast<std::size_t>(end - left.begin()));
  left.remove_prefix(digits.size());
  return digits;
}

/// The exponent's digits, with the letter and a sign before them, are all that is left.
bool is_exponent(std::string_view left) {
  if ((left[0] | 0x20) != 'e') return false;
  left.remove_prefix(1);
  if (!left.empty() && (left[0] == '+' || left[0] == '-')) left.remove_prefix(1);
  return !cut_digits(left).empty() && left.empty();
}

double as_double(std::string_view unsigned_text) {
  double value = 0;
  const auto* const end = unsigned_text.data() + unsigned_text.size();
  if (std::from_chars(unsigned_text.data(), end, value).ec == std::errc::result_out_of_range) {
    // Too large or too small: the exponent's sign says which.
    const bool small = unsigned_text.find('-') != std::string_view::npos;
    return small ? 0 : std::numeric_limits<double>::infinity();
  }
  return value;
}

double as_double(const Decimal& number) {
  if (number.scaled) return *number.scaled;
  const std::string plain =
      "0" + std::string(number.whole) + "." + std::string(number.fraction) + "0";
  const double value = as_double(std::string_view(plain));
  return number.negative ? -value : value;
}

bool is_zero(const Decimal& number) {
  return number.whole.empty() && number.fraction.empty();
}

std::weak_ordering compare_sizes(const Decimal& left, const Decimal& right) {
  if (left.whole.size() != right.whole.size()) return left.whole.size() <=> right.whole.size();
  if (const auto order = left.whole.compare(right.whole); order != 0) return order <=> 0;
  // A fraction that is the beginning of the other is the smaller one, as bytes order it too.
  return left.fraction.compare(right.fraction) <=> 0;
}

}  // namespace

std::optional<Decimal> parse_decimal(std::string_view text) {
  if (text.empty()) return std::nullopt;
  Decimal number;
  number.negative = text[0] == '-';
  if (text[0] == '-' || text[0] == '+') text.remove_prefix(1);
  std::string_view left = text;
  number.whole = cut_digits(left);
  bool digits = !number.whole.empty();
  if (!left.empty() && left[0] == '.') {
    left.remove_prefix(1);
    number.fraction = cut_digits(left);
    digits = digits || !number.fraction.empty();
  }
  if (!digits) return std::nullopt;
  if (!left.empty()) {
    if (!is_exponent(left)) return std::nullopt;
    number.scaled = number.negative ? -as_double(text) : as_double(text);
    return number;
  }
  const auto zeros = number.whole.find_first_not_of('0');
  number.whole.remove_prefix(std::min(zeros, number.whole.size()));
  number.fraction = number.fraction.substr(0, number.fraction.find_last_not_of('0') + 1);
  return number;
}

std::weak_ordering compare(const Decimal& left, const Decimal& right) {
  if (left.scaled || right.scaled) {
    return std::weak_order(as_double(left) + 0.0, as_double(right) + 0.0);
  }
  const bool left_negative = left.negative && !is_zero(left);
  const bool right_negative = right.negative && !is_zero(right);
  if (left_negative != right_negative) {
    return left_negative ? std::weak_ordering::less : std::weak_ordering::greater;
  }
  return left_negative ? compare_sizes(right, left) : compare_sizes(left, right);
}

}  // namespace nodeops::csv
