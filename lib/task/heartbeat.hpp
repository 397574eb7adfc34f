// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

#include "core/deadline.hpp"
#include "core/histogram.hpp"

namespace nodeops {

/// When beats are due: start + interval, start + 2 * interval, and so on for ever. A late beat does
/// not shift those behind it, and those it made impossible are missed, not made up for in a burst.
class BeatSchedule {
 public:
  BeatSchedule(Clock::time_point start, Clock::duration interval)
      : due_(start + interval), interval_(interval) {}

  Clock::time_point due() const { return due_; }

  struct Beat {
    Clock::duration late;  ///< behind the time it was due; never negative
    std::uint64_t missed;  ///< beats after it whose time had passed as well
  };
  /// The beat that was due is done at `now`; due() is then in the future of `now`.
  Beat beat(Clock::time_point now);

 private:
  Clock::time_point due_;
  Clock::duration interval_;
};

/// A thread that does nothing but beat, to show that this process is still served while others
/// work: how much later than due it wakes is what anybody else in the process has to wait, too.
///
/// The thread asks for exact timers (a timer slack of 1 ns), and for the lowest real-time priority
/// (SCHED_FIFO 1), which only a privileged process gets; without it everything works, less
/// punctually.
class Heartbeat {
 public:
  struct Options {
    std::chrono::nanoseconds interval = std::chrono::milliseconds(100);  ///< above zero
    std::chrono::nanoseconds late_after = std::chrono::milliseconds(50);
    /// Called in the heartbeat's thread for each beat later than late_after; should be brief.
    /// What it throws ends the heartbeat and is kept for failure().
    std::function<void(std::chrono::microseconds late)> on_late = {};
  };

  struct Figures {
    std::chrono::nanoseconds interval;
    std::uint64_t beats;   ///< that were due, the missed ones included
    std::uint64_t missed;  ///< of them; each counts with the lateness that it would have had
    std::chrono::microseconds p50;
    std::chrono::microseconds p99;
    std::chrono::microseconds max;
  };

  explicit Heartbeat(Options options);

  /// Stops at once, in the middle of a wait too.
  ~Heartbeat() = default;
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

  /// The figures so far; from any thread.
  Figures figures() const;

  /// What ended the heartbeat before its time; null while it beats.
  std::exception_ptr failure() const;

 private:
  void run(const std::stop_token& stop);
  void beat_until_stopped(const std::stop_token& stop);
  void record(BeatSchedule::Beat beat);

  const Options options_;
  Histogram lateness_;
  std::atomic<std::uint64_t> beats_{0};
  std::atomic<std::uint64_t> missed_{0};
  mutable std::mutex mutex_;
  std::exception_ptr failure_;  ///< guarded by mutex_
  std::jthread thread_;
};

}  // namespace nodeops
