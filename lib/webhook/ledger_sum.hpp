// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "core/error.hpp"

namespace nodeops::webhook {

/// high * 2^32 + low, both not negative. Throws AppError bad_data when 63 bits do not hold it: a
/// total that is cut would be a lie.
inline std::int64_t ledger_sum(std::int64_t high, std::int64_t low, const std::string& currency) {
  constexpr std::int64_t half = std::int64_t{1} << 32;
  std::int64_t sum = 0;
  if (__builtin_mul_overflow(high, half, &sum) || __builtin_add_overflow(sum, low, &sum))
    throw AppError(ErrorKind::bad_data,
                   "the ledger's total in " + currency + " is more than 9223372036854775807");
  return sum;
}

}  // namespace nodeops::webhook
