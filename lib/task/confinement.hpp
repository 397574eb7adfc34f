// SPDX-License-Identifier: MIT
#pragma once

namespace nodeops {

/// Gives up for good what a process that only computes does not need: from here on it can read and
/// write the files it has open, receive and send messages, take memory, and end. It cannot open or
/// execute a file, reach the network, start or signal another process. Opening fails with EACCES;
/// everything else that is not allowed ends the process with SIGSYS.
///
/// Throws AppError unavailable when the kernel knows no such filters.
void confine_to_computing();

}  // namespace nodeops
