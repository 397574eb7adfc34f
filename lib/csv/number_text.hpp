// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "csv/scratch.hpp"

namespace nodeops::csv {

/// A number as text, made in the scratch: whole ones without a point, others with just as many
/// digits as tell them from their neighbours, and with an exponent only where they are very large
/// or very small. Only for finite ones.
std::string_view number_text(double value, Scratch& scratch);
std::string_view number_text(std::int64_t value, Scratch& scratch);

struct PlainNumber {
  bool is_whole = false;  ///< written without point and exponent, and fits
  std::int64_t whole = 0;
  double value = 0;  ///< of one that is not whole
};

/// The number that a text is: digits, with a minus sign, a point, an exponent where there are any;
/// nothing around it, no infinities.
std::optional<PlainNumber> read_number(std::string_view text);

}  // namespace nodeops::csv
