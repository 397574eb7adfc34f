// SPDX-License-Identifier: MIT
#include "task/background.hpp"

#include <utility>

namespace nodeops {

bool Background::offer(std::function<void()> task) {
  const std::lock_guard lock(mutex_);
  if (busy_) return false;
  rethrow();
  task_ = std::move(task);
  busy_ = true;
  changed_.notify_all();
  return true;
}

void Background::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !busy_; });
  rethrow();
}

void Background::rethrow() {
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void Background::serve(const std::stop_token& over) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, over, [&] { return busy_; })) {
    const std::function<void()> task = std::exchange(task_, {});
    std::exception_ptr failure;
    lock.unlock();
    try {
      task();
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    failure_ = failure;
    busy_ = false;
    changed_.notify_all();
  }
}

}  // namespace nodeops
