// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string_view>

namespace nodeops::load {

/// "after-commit:3": kills the process at the third time that this point of a load is passed (see
/// LoadOptions::points). Only a build for tests does; every other one reads nothing.
std::function<void(std::string_view)> crash_at(std::string_view text);

}  // namespace nodeops::load
