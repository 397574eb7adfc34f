// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

#include "csv/scratch.hpp"

namespace nodeops::csv {

/// A number as text, made in the scratch: whole ones without a point, others with just as many
/// digits as tell them from their neighbours, and with an exponent only where they are very large
/// or very small. Only for finite ones.
std::string_view number_text(double value, Scratch& scratch);
std::string_view number_text(std::int64_t value, Scratch& scratch);

}  // namespace nodeops::csv
