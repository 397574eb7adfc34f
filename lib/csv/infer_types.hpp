// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "csv/block.hpp"
#include "csv/column_type.hpp"
#include "csv/run_plan.hpp"

namespace nodeops::csv {

/// The types of the output's columns as the rows of a framed block show them; the block stays as it
/// is for its worker, and the plan, which nobody else may have yet, as it was. A column with an
/// empty value is text, unless such become NULL. Empty: the block has no record.
std::optional<std::vector<ColumnType>> infer_types(Block& block, RunPlan& plan);

}  // namespace nodeops::csv
