// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.hpp"

namespace nodeops {

/// The statuses that are no kind of error. All others come from exit_code(ErrorKind).
constexpr int exit_done = 0;
constexpr int exit_some_failed = 1;
constexpr int exit_bug = 70;

/// The exit status for an error that ends the command; nodeops(1) lists the same numbers. `signal`
/// is the signal that asked to stop, 0 if none did.
int exit_code(ErrorKind kind, int signal = 0);

}  // namespace nodeops
