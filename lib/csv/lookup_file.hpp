// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "csv/columns.hpp"
#include "csv/dialect.hpp"
#include "csv/lookup_table.hpp"

namespace nodeops::csv {

/// A file whose rows are to be found by a key.
struct LookupFile {
  std::string path;
  std::string key;                        ///< the key's column, by name or position
  std::optional<ColumnSet> columns = {};  ///< empty: all but the key
  Dialect dialect = {};                   ///< that it has a header is a matter of course
  bool sniff = false;
  std::size_t memory = static_cast<std::size_t>(-1);  ///< bytes that the table may take
  std::stop_token stop = {};
};

struct Lookup {
  LookupTable table;
  std::vector<std::string> names;  ///< of the columns that it gives
};

/// Reads the file, plain, gzip or zstd. Throws AppError: no_input; usage for a column that it does
/// not have, and when the table takes more memory than it may, with what it takes; bad_data, with
/// the line, for a malformed record and a key that has come before.
Lookup read_lookup(const LookupFile& file);

}  // namespace nodeops::csv
