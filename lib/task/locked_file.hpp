// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "core/descriptor.hpp"

namespace nodeops {

/// A file that was opened, and whether this process has got the kernel's lock (flock) on it. The
/// kernel lets go of the lock however the process ends.
struct LockedFile {
  Descriptor descriptor;
  bool held = false;  ///< false: somebody else holds the lock
};

/// Opens the file, creating it if need be, and tries the lock; never waits. The lock is on the file
/// that has the name when it returns, not on one that was renamed or removed meanwhile. `flags` are
/// open(2)'s, besides those that it needs; `what` is for messages: "cannot open the lock". Throws
/// AppError: cannot_create, and try_later when the file is replaced again and again.
LockedFile open_locked(const std::string& path, int flags, mode_t mode, std::string_view what);

}  // namespace nodeops
