// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "core/deadline.hpp"

namespace nodeops {

/// Runs the task in a thread of its own and waits for it: true, or what it throws. False: it was
/// not done by the deadline; it is left behind, still running, and does not hold up the end of the
/// process. So a task owns what it touches.
bool run_until(Deadline deadline, std::function<void()> task);

/// What is to be done before the process ends, such as rolling back a transaction. For any threads.
class Cleanups {
 public:
  void add(std::string name, std::function<void()> task,
           std::chrono::milliseconds limit = std::chrono::seconds(5));

  struct Failure {
    std::string name;
    std::string reason;  ///< what it threw, or that it ran out of time
  };

  /// Runs the tasks, the latest first, each within its own limit and until the deadline, and
  /// forgets them. A task whose turn comes after the deadline has failed without being run.
  std::vector<Failure> run(Deadline deadline = Deadline::after(std::chrono::seconds(30)));

 private:
  struct Task {
    std::string name;
    std::function<void()> run;
    std::chrono::milliseconds limit;
  };

  std::mutex mutex_;
  std::vector<Task> tasks_;
};

}  // namespace nodeops
