// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>

#include "core/deadline.hpp"

namespace nodeops {

/// Names one timer that has been set; 0 names none.
using TimerId = std::uint64_t;

/// Time, as work that runs on one thread sees it: real, or simulated for tests and dry runs.
class Timers {
 public:
  virtual ~Timers() = default;

  /// The time of the present turn: everything that one event causes happens at one time.
  virtual Clock::time_point now() const = 0;

  /// Calls `task` once, at that time or as soon after it as can be, never before and never from
  /// inside at(). Tasks are called in the order of their times, those of one time in the order in
  /// which they were set.
  virtual TimerId at(Clock::time_point time, std::function<void()> task) = 0;

  /// The same as at(now() + delay, task), and cheaper where many tasks have the same delay: they
  /// are due in the order in which they are set.
  virtual TimerId after(Clock::duration delay, std::function<void()> task) = 0;

  /// Forgets the task unless it has been called. Any other number is ignored.
  virtual void cancel(TimerId timer) = 0;
};

}  // namespace nodeops
