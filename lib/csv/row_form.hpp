// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "csv/column_type.hpp"
#include "csv/columns.hpp"

namespace nodeops::csv {

/// How the workers write a record for a database, so that who loads it has no CSV work left:
///
///     [ RowHead ][ the row ][ the record's own bytes, if they are kept ]
///
/// values: for each column its length in 32 bits, then its bytes; `null_length`: NULL.
/// copy_text: a line of PostgreSQL's COPY, with its line end.
enum class RowEncoding { values, copy_text };

constexpr std::uint32_t null_length = 0xFFFFFFFF;

struct RowForm {
  RowEncoding encoding = RowEncoding::values;
  bool empty_as_null = false;
  bool keep_originals = false;         ///< the bytes of a record go along, in case it is refused
  std::vector<ColumnType> types = {};  ///< of each output column; made when they are known
  std::vector<bool> named = {};        ///< which of these the user has given
  bool copies_whole = false;  ///< all columns stay in their places, as texts; made with the types
};

/// What a run to a database asks of its rows.
struct RowRequest {
  RowForm form = {};
  std::vector<std::pair<ColumnSet, ColumnType>> types = {};
  bool infer_types = false;  ///< of columns that `types` does not name, from the first block
};

/// Where a row comes from.
struct RowHead {
  std::uint32_t size = 0;  ///< of the row, without this
  std::uint32_t original_size = 0;
  std::uint64_t line = 0;    ///< on which its record starts, from 1
  std::uint64_t offset = 0;  ///< where that is in its input, in bytes
};

struct LoadRow {
  RowHead head;
  std::string_view bytes;
  std::string_view original;
};

/// Takes the next row off what a worker has written. Only for texts that are not empty.
inline LoadRow take_row(std::string_view& rows) {
  LoadRow row;
  std::memcpy(&row.head, rows.data(), sizeof row.head);
  rows.remove_prefix(sizeof row.head);
  row.bytes = rows.substr(0, row.head.size);
  row.original = rows.substr(row.head.size, row.head.original_size);
  rows.remove_prefix(row.bytes.size() + row.original.size());
  return row;
}

/// A value of a row of the encoding `values`.
struct RowValue {
  std::string_view text;
  bool null = false;
};

inline RowValue take_value(std::string_view& row) {
  std::uint32_t size = 0;
  std::memcpy(&size, row.data(), sizeof size);
  row.remove_prefix(sizeof size);
  if (size == null_length) return {.text = {}, .null = true};
  const RowValue value{.text = row.substr(0, size)};
  row.remove_prefix(size);
  return value;
}

}  // namespace nodeops::csv
