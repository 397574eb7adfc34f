// SPDX-License-Identifier: MIT
#include "task/shutdown.hpp"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "core/result.hpp"

namespace nodeops {
namespace {

constexpr auto time_for_last_words = std::chrono::seconds(1);

timespec as_timespec(Clock::duration time) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  const auto rest = std::chrono::duration_cast<std::chrono::nanoseconds>(time - seconds);
  return {.tv_sec = seconds.count(), .tv_nsec = rest.count()};
}

}  // namespace

Shutdown::BlockedSignals::BlockedSignals() {
  ::sigemptyset(&blocked_);
  for (const int each : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) ::sigaddset(&blocked_, each);
  ::pthread_sigmask(SIG_BLOCK, &blocked_, &before_);
}

Shutdown::BlockedSignals::~BlockedSignals() {
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

int Shutdown::BlockedSignals::wait(Deadline deadline) const {
  do {
    const timespec left = as_timespec(deadline.left());
    const int came = ::sigtimedwait(&blocked_, nullptr, &left);
    if (came > 0) return came;
  } while (!deadline.passed());
  return 0;
}

Shutdown::Shutdown(Options options) : options_(options) {
  watcher_ = std::jthread([this](const std::stop_token& over) { watch(over); });
  caller_ = std::jthread([this](const std::stop_token& over) { call_listeners(over); });
}

std::exception_ptr Shutdown::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

void Shutdown::watch(const std::stop_token& over) {
  // A signal is what this thread waits for, so a signal of its own wakes it for the last time.
  const std::stop_callback waking(
      over, [self = ::pthread_self()] { static_cast<void>(::pthread_kill(self, SIGUSR1)); });
  Deadline same_request = Deadline::never();
  Deadline hard_stop = Deadline::never();
  for (;;) {
    const int came = signals_.wait(hard_stop);
    if (over.stop_requested()) return;
    if (came == 0) leave(signal_);
    if (came == SIGHUP || came == SIGUSR1) {
      const std::lock_guard lock(mutex_);
      (came == SIGHUP ? hangup_ : user_signal_) = true;
      called_for_.notify_one();
    } else if (signal_ == 0) {
      same_request = Deadline::after(options_.same_request);
      hard_stop = Deadline::after(options_.hard_stop);
      signal_ = came;
      stop_.request_stop();
    } else if (came != signal_ || same_request.passed()) {
      leave(came);
    }
  }
}

void Shutdown::call_listeners(const std::stop_token& over) {
  std::unique_lock lock(mutex_);
  while (called_for_.wait(lock, over, [this] { return hangup_ || user_signal_; })) {
    const bool hangup = std::exchange(hangup_, false);
    const bool user_signal = std::exchange(user_signal_, false);
    lock.unlock();
    std::exception_ptr failures[] = {hangup ? on_hangup_.call_all() : nullptr,
                                     user_signal ? on_user_signal_.call_all() : nullptr};
    lock.lock();
    for (const auto& failure : failures) {
      if (failure && !failure_) failure_ = failure;
    }
  }
}

void Shutdown::leave(int signal) {
  // Whatever becomes of the last words, nobody is left who could be told.
  static_cast<void>(settle([this] {
    return run_until(Deadline::after(time_for_last_words), [this] { last_words_.call_all(); });
  }));
  ::_exit(128 + signal);
}

}  // namespace nodeops
