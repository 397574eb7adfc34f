// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "core/io.hpp"

namespace nodeops {

class Shutdown;

/// Runs nodeops with the arguments behind its name; returns the exit status. Whatever is thrown
/// ends here: operational errors become one line, programmer errors a stack trace in the log and
/// status
/// 70. `shutdown` may be null: then nothing listens to signals.
int run(const std::vector<std::string>& args, Io& io, Shutdown* shutdown = nullptr);

}  // namespace nodeops
