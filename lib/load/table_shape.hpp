// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "csv/column_type.hpp"
#include "csv/columns.hpp"
#include "csv/run_plan.hpp"
#include "load/table_target.hpp"

namespace nodeops::load {

/// What the loaded columns are like.
struct TableShape {
  std::vector<std::string> names;
  std::vector<csv::ColumnType> types;
  std::vector<std::size_t> keys = {};  ///< of these, what tells rows apart
};

/// The columns of a table for the output of a run; `keys` may be empty. A column without a name is
/// called column1, column2 ... by its place. Throws AppError: bad_data when the database cannot
/// tell two names apart or cannot hold one, usage for a key that does not exist.
TableShape shape_of(const csv::RunPlan& plan, TableTarget::Kind kind, const csv::ColumnSet* keys);

/// The columns for a statement, quoted: "a","b".
std::string name_list(const TableShape& shape);
std::string key_list(const TableShape& shape);

/// The same value for each column: ?,?
std::string value_list(const TableShape& shape, std::string_view value);

/// What a table is created with: "a" TEXT,"b" BIGINT,UNIQUE("a").
std::string definitions(const TableShape& shape, TableTarget::Kind kind);

/// Behind an INSERT: what is done with a row whose key is there already.
std::string on_conflict(const TableShape& shape);

/// Sees to it that a table has the columns. Throws AppError usage that names the first that it has
/// not, with the nearest of its own.
void check_columns(const TableShape& shape, std::span<const std::string> of_table,
                   TableTarget::Kind kind, const std::string& table);

}  // namespace nodeops::load
