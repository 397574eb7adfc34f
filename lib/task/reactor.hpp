// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>

#include "task/timers.hpp"

namespace nodeops {

/// What a descriptor is watched for, and what it is ready for.
struct Readiness {
  bool readable = false;
  bool writable = false;
};

/// Names one watched descriptor; 0 names none.
using WatchId = std::uint64_t;

/// Time and descriptors on one thread.
class Reactor : public Timers {
 public:
  /// Calls `heard` each time the descriptor is ready for what it is watched for, for as long as it
  /// is: whoever does not read is called again. What cannot be waited for (a regular file) is
  /// always ready. The descriptor stays the caller's, and must not be closed while it is watched.
  virtual WatchId watch(int descriptor, Readiness wanted, std::function<void(Readiness)> heard) = 0;

  /// Watches for something else from now on.
  virtual void watch_for(WatchId watch, Readiness wanted) = 0;

  /// Ends it; any other number is ignored.
  virtual void unwatch(WatchId watch) = 0;
};

}  // namespace nodeops
