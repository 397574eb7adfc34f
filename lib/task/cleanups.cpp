// SPDX-License-Identifier: MIT
#include "task/cleanups.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace nodeops {

bool run_until(Deadline deadline, std::function<void()> task) {
  struct Outcome {
    std::mutex mutex;
    std::condition_variable done_or_not;
    bool done = false;
    std::exception_ptr failure;
  };
  const auto outcome = std::make_shared<Outcome>();
  std::thread thread([outcome, task = std::move(task)]() mutable {
    std::exception_ptr failure;
    try {
      task();
    } catch (...) {
      failure = std::current_exception();
    }
    // Nothing of the task is left in this thread when the other one hears of its end.
    task = nullptr;
    const std::lock_guard lock(outcome->mutex);
    outcome->failure = std::move(failure);
    outcome->done = true;
    outcome->done_or_not.notify_one();
  });
  std::unique_lock lock(outcome->mutex);
  const bool done =
      outcome->done_or_not.wait_until(lock, deadline.at(), [&] { return outcome->done; });
  lock.unlock();
  if (!done) {
    thread.detach();
    return false;
  }
  // A thread that has only its end before it is waited for, so that a caller that forks is alone.
  thread.join();
  if (outcome->failure) std::rethrow_exception(std::exchange(outcome->failure, nullptr));
  return true;
}

void Cleanups::add(std::string name, std::function<void()> task, std::chrono::milliseconds limit) {
  const std::lock_guard lock(mutex_);
  tasks_.push_back({.name = std::move(name), .run = std::move(task), .limit = limit});
}

std::vector<Cleanups::Failure> Cleanups::run(Deadline deadline) {
  std::vector<Task> tasks;
  {
    const std::lock_guard lock(mutex_);
    tasks.swap(tasks_);
  }
  std::ranges::reverse(tasks);
  std::vector<Failure> failures;
  for (Task& task : tasks) {
    if (deadline.passed()) {
      failures.push_back({.name = task.name, .reason = "no time left to run it"});
      continue;
    }
    try {
      if (!run_until(Deadline::after(task.limit).sooner(deadline), std::move(task.run))) {
        failures.push_back({.name = task.name, .reason = "ran out of time"});
      }
    } catch (const std::exception& error) {
      failures.push_back({.name = task.name, .reason = error.what()});
    } catch (...) {
      failures.push_back({.name = task.name, .reason = "unknown exception"});
    }
  }
  return failures;
}

}  // namespace nodeops
