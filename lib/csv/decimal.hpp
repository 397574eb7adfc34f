// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <optional>
#include <string_view>

namespace nodeops::csv {

/// A decimal number as it is written, so that comparing is exact however long it is: identifiers of
/// twenty digits do not fit into a double. The parts point into the text.
struct Decimal {
  bool negative = false;
  std::string_view whole;             ///< without leading zeros
  std::string_view fraction;          ///< without trailing zeros
  std::optional<double> scaled = {};  ///< the value, of a number with an exponent
};

/// "12", "-3.50", "+.5", "5.", "1e3", "-2.5E-3": nothing around it, no infinities. Empty when the
/// text is anything else.
std::optional<Decimal> parse_decimal(std::string_view text);

/// By value. Exact, unless one of them has an exponent: then as doubles.
std::weak_ordering compare(const Decimal& left, const Decimal& right);

}  // namespace nodeops::csv
