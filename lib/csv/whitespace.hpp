// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "csv/cell_transform.hpp"

namespace nodeops::csv {

/// Takes white space off both ends of a value. White space is what Unicode calls White_Space: the
/// ASCII ones, the no-break space U+00A0, the ideographic space U+3000 and twenty more; neither NUL
/// nor the zero-width characters.
std::unique_ptr<CellTransform> trim();

/// Makes one space of each run of white space, also of a run of one tab or no-break space. Does not
/// trim: a run at an end becomes a space too.
std::unique_ptr<CellTransform> squeeze();

}  // namespace nodeops::csv
