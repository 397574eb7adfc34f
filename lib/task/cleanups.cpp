// SPDX-License-Identifier: MIT
#include "task/cleanups.hpp"

#include <algorithm>
#include <exception>
#include <future>
#include <thread>
#include <utility>

namespace nodeops {

bool run_until(Deadline deadline, std::function<void()> task) {
  std::packaged_task<void()> work(std::move(task));
  auto done = work.get_future();
  std::thread(std::move(work)).detach();
  if (done.wait_until(deadline.at()) != std::future_status::ready) return false;
  done.get();
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
