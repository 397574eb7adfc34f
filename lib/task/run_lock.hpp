// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "core/descriptor.hpp"

namespace nodeops {

/// One run at a time, over a file that all runs name. The kernel holds the lock (flock) and lets go
/// of it however the process ends, kill -9 and power loss included; what a previous run left in the
/// file never matters. Processes forked without exec hold it too.
///
/// The file stays when the lock is released. Whoever removed it could remove one that a third run
/// has just opened: two runs would then hold locks on two files of one name.
class RunLock {
 public:
  /// Takes the lock, creating the file if need be, and writes this process's id into it; a file
  /// that holds anything but a process id is left as it is. Never waits. Throws AppError:
  /// try_later when another run holds it, cannot_create when it cannot be opened or locked.
  explicit RunLock(std::filesystem::path file);
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

 private:
  std::filesystem::path file_;
  Descriptor descriptor_;
};

}  // namespace nodeops
