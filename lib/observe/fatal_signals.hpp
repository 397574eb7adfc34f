// SPDX-License-Identifier: MIT
#pragma once

namespace nodeops {

/// From now on a fatal signal (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT) ends the process with
/// `status`, behind a line on standard error and the calls that led there. Nothing else is tried:
/// what was promised is on the disk already, and nothing in memory can be trusted.
void exit_on_fatal_signals(int status);

}  // namespace nodeops
