// SPDX-License-Identifier: MIT
#include "task/time_limits.hpp"

namespace nodeops {

TimeLimits::TimeLimits() : thread_([this](const std::stop_token& over) { watch(over); }) {}

TimeLimits::Limit::Limit(TimeLimits& limits, Deadline deadline, const std::stop_token& run)
    : limits_(limits), on_run_stop_(run, PassOn{stop_}) {
  const std::lock_guard lock(limits_.mutex_);
  key_ = {deadline.at(), limits_.next_++};
  limits_.running_.emplace(key_, stop_);
  limits_.changed_.notify_one();
}

TimeLimits::Limit::~Limit() {
  const std::lock_guard lock(limits_.mutex_);
  limits_.running_.erase(key_);
}

bool TimeLimits::Limit::passed() const {
  const std::lock_guard lock(limits_.mutex_);
  return !limits_.running_.contains(key_);
}

void TimeLimits::watch(const std::stop_token& over) {
  std::unique_lock lock(mutex_);
  while (!over.stop_requested()) {
    if (running_.empty()) {
      changed_.wait(lock, over, [&] { return !running_.empty(); });
      continue;
    }
    const auto first = running_.begin()->first;
    if (Clock::now() < first.first) {
      // Wakes early when a sooner limit is set or this one goes, too.
      changed_.wait_until(lock, over, first.first,
                          [&] { return running_.empty() || running_.begin()->first != first; });
      continue;
    }
    const std::stop_source due = running_.begin()->second;
    running_.erase(running_.begin());
    lock.unlock();
    std::stop_source(due).request_stop();
    lock.lock();
  }
}

}  // namespace nodeops
