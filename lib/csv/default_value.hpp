// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "csv/cell_transform.hpp"

namespace nodeops::csv {

/// Fills empty values with `filling`. A value of white space alone is not empty: --trim first.
std::unique_ptr<CellTransform> default_value(std::string filling);

}  // namespace nodeops::csv
