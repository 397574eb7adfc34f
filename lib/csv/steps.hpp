// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "csv/program.hpp"

namespace nodeops::csv {

/// Makes a transform from an option as the user gave it: `--upper` and "name,city", `--where` and
/// "amount > 5". `hash_key` is the key of `--hash`. Throws AppError usage, naming the option and
/// what is wrong with the text.
StepRequest make_step(const std::string& option, const std::string& text,
                      const std::string& hash_key);

}  // namespace nodeops::csv
