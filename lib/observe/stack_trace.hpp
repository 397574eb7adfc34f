// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace nodeops {

/// The calls that led here, innermost first, as "function+offset (program)". At most 64.
std::vector<std::string> stack_trace();

}  // namespace nodeops
