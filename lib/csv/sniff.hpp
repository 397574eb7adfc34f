// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "csv/dialect.hpp"

namespace nodeops::csv {

/// Guesses delimiter and quote from the start of a text. Each pair of a delimiter (comma,
/// semicolon, tab, bar, colon, unit separator) and a quote (double, single) is tried on the first
/// records; the pair wins under which most records have the same number of fields, above one; on a
/// tie the one with more fields, then the more usual. A text without any of them keeps the dialect.
Dialect sniff(std::string_view start, const Dialect& dialect);

}  // namespace nodeops::csv
