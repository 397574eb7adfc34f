// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string_view>

#include "csv/cell_transform.hpp"

namespace nodeops::csv {

/// Reads what follows `COL=` in --date: `FROM:TO`, two date forms (see DateForm).
///
/// The colon that parts them: a colon between hours, minutes and seconds (`%H:%M`, `%M:%S`) belongs
/// to a form; any other parts them, and there must be exactly one. `\:` is a colon of a form, `\\`
/// a backslash.
///
///     %d/%m/%Y:%Y-%m-%d          %s:%FT%TZ          %d.%m.%Y %H:%M:%FT%H:%M
///     %Y-%m-%d %H\:%M:%s         at\: %F:%F
///
/// Values must have the form from the first to the last byte and name a day that exists; another is
/// refused. Empty values stay empty: a missing date is not a wrong one. What FROM reads with an
/// offset (%z) is turned into UTC.
/// Throws AppError usage: no or several colons, an unknown conversion, a TO that needs a part of
/// the date that FROM does not read.
std::unique_ptr<CellTransform> parse_date_rule(std::string_view spec);

}  // namespace nodeops::csv
