// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string_view>

#include "csv/cell_transform.hpp"

namespace nodeops::csv {

/// Writes numbers the plain way: digits, `.` before decimals, `-` in front. `1.234,56`, `1,234.56`,
/// `1 234,56`, `1'234.56`, `€ 1.234,56`, `(1,234.56)`, `1.234,56-` become `1234.56` or `-1234.56`.
/// Digits are kept as they are, however many; nothing is rounded. `.5` becomes `0.5`, `5.` and `+5`
/// become `5`; an exponent stays.
///
/// A sign may stand in front or behind (also U+2212); parentheses say minus; one currency sign and
/// white space may stand around. Percent signs, letters and other digits than 0 to 9 are refused.
/// Groups have three digits, the first one to three, all parted by the same sign.
///
/// With a `locale` (see number_locale) only its separators are read. Without one each value is read
/// by itself: of two kinds of separators the last is the decimal one; one kind used several times,
/// a space or an apostrophe parts groups; a single `.` or `,` is the decimal one, but not where it
/// might part groups: `1,234` and `1.234` are refused, since one of the two readings is wrong by a
/// thousand and only the user knows which. `0,123`, `1234,567` and `1,23` leave no doubt.
///
/// Empty values stay empty. Throws AppError usage when the locale is not known.
std::unique_ptr<CellTransform> number(std::string_view locale = {});

}  // namespace nodeops::csv
