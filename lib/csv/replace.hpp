// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string_view>

#include "csv/cell_transform.hpp"

namespace nodeops::csv {

/// Reads what follows `COL=` in --replace: `/RE/TEXT/FLAGS`. The first character, any of ASCII but
/// a letter, a digit, a space or a backslash, is the delimiter; `\` before it makes it a plain
/// character. FLAGS: `g` replaces every match instead of the first, `i` ignores case. In TEXT `\0`
/// is the whole match, `\1` to `\9` are its groups, `\\` is a backslash; nothing else follows a
/// backslash.
///
/// Matches do not overlap; an empty match is not taken where the match before ended. Bytes that are
/// not UTF-8 match nothing and stay. Throws AppError usage: delimiters, flags, the expression (with
/// RE2's reason), a group that it does not have.
std::unique_ptr<CellTransform> parse_replacement(std::string_view spec);

}  // namespace nodeops::csv
