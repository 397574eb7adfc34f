// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "csv/lookup_file.hpp"
#include "csv/row_transform.hpp"

namespace nodeops::csv {

/// What becomes of a record whose key is not in the table.
enum class LookupMissing { empty, reject };

/// "FILE:KEY[:COLS]", KEY being "COL" or "COL=KEYCOL".
struct LookupText {
  std::string column;  ///< of the records, by name or position
  LookupFile file;
};

/// Reads what --lookup is given; `\:` and `\=` are plain characters of FILE and KEY. Throws
/// AppError usage.
LookupText parse_lookup(const std::string& text);

/// FILE alone, of any text.
std::string lookup_path(std::string_view text);

/// Adds the columns of a table that is read now, by the key that stands in `column`: what --lookup
/// does. `memory`, when there is one, is what the table may take; its size is taken off. Throws
/// what read_lookup() throws.
std::shared_ptr<const RowTransform> lookup(LookupText text, LookupMissing missing,
                                           std::size_t* memory);

}  // namespace nodeops::csv
