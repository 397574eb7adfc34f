// SPDX-License-Identifier: MIT
#pragma once

#include <signal.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/deadline.hpp"
#include "task/cleanups.hpp"
#include "task/listeners.hpp"

namespace nodeops {

/// How a run ends when it is asked to:
///
///     running --SIGINT, SIGTERM--> stopping --the program ends by itself--> out
///                                     |
///                                     +--a second one, or hard_stop is over--> last words, _exit
///
/// Made before any other thread: it blocks SIGINT, SIGTERM, SIGHUP and SIGUSR1 in this thread, and
/// so in all that are started later, and puts the mask back when it goes. Nothing runs in a signal
/// handler: one thread waits for the signals, another calls the listeners, so that a listener that
/// hangs does not hold up the end. Programs started meanwhile inherit the mask and have to unblock.
class Shutdown {
 public:
  struct Options {
    /// From the first signal to the end of the process, finished or not.
    std::chrono::milliseconds hard_stop = std::chrono::seconds(30);
    /// The same signal so soon after the first is the same request: timeout(1) sends its signal to
    /// the process and then to the process's group.
    std::chrono::milliseconds same_request = std::chrono::milliseconds(100);
  };

  Shutdown() : Shutdown(Options{}) {}
  explicit Shutdown(Options options);
  Shutdown(const Shutdown&) = delete;
  Shutdown& operator=(const Shutdown&) = delete;
  ~Shutdown() = default;

  /// Triggered by the first SIGINT or SIGTERM. Stop callbacks run in the thread that waits for the
  /// second one: they should only wake somebody.
  std::stop_token token() const { return stop_.get_token(); }

  /// The same, for who must be able to ask for the stop too.
  std::stop_source stop() const { return stop_; }

  /// The signal that triggered the token; 0 while none has.
  int signal() const { return signal_; }

  /// Called on SIGHUP and on SIGUSR1, in a thread of this class.
  Listeners& on_hangup() { return on_hangup_; }
  Listeners& on_user_signal() { return on_user_signal_; }

  /// Called, for a second in all, right before the process is ended without a cleanup: to remove a
  /// temporary file.
  Listeners& last_words() { return last_words_; }

  /// What a listener of SIGHUP or SIGUSR1 threw first; null if none has.
  std::exception_ptr failure() const;

  /// See Cleanups.
  void cleanup(std::string name, std::function<void()> task,
               std::chrono::milliseconds limit = std::chrono::seconds(5)) {
    cleanups_.add(std::move(name), std::move(task), limit);
  }
  std::vector<Cleanups::Failure> run_cleanups(
      Deadline deadline = Deadline::after(std::chrono::seconds(30))) {
    return cleanups_.run(deadline);
  }

 private:
  /// Blocks the four signals as long as it lives.
  class BlockedSignals {
   public:
    BlockedSignals();
    ~BlockedSignals();
    BlockedSignals(const BlockedSignals&) = delete;
    BlockedSignals& operator=(const BlockedSignals&) = delete;

    /// The next of the signals that comes; 0 when none has by the deadline.
    int wait(Deadline deadline) const;

   private:
    sigset_t blocked_{};
    sigset_t before_{};
  };

  void watch(const std::stop_token& over);
  void call_listeners(const std::stop_token& over);
  [[noreturn]] void leave(int signal);

  const Options options_;
  std::stop_source stop_;
  std::atomic<int> signal_{0};
  Listeners on_hangup_;
  Listeners on_user_signal_;
  Listeners last_words_;
  Cleanups cleanups_;

  mutable std::mutex mutex_;  ///< guards the four below
  std::condition_variable_any called_for_;
  bool hangup_ = false;
  bool user_signal_ = false;
  std::exception_ptr failure_;

  BlockedSignals signals_;
  std::jthread watcher_;  ///< goes after the caller: a signal can still end a listener that hangs
  std::jthread caller_;
};

}  // namespace nodeops
