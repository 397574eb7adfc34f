// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "csv/row_transform.hpp"

namespace nodeops::csv {

/// Gives a column the value of a Lua expression over the record: what `--set` does. A column that
/// does not exist is added. Throws AppError usage, with the place, for what is not Lua.
std::shared_ptr<const RowTransform> set_column(const std::string& column,
                                               const std::string& expression);

/// Keeps the records for which a Lua expression is neither false nor nil: what `--where-lua` asks.
std::shared_ptr<const RowTransform> where_lua(const std::string& expression);

}  // namespace nodeops::csv
