// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>

#include "core/histogram.hpp"
#include "task/reactor.hpp"
#include "task/timer_queue.hpp"

namespace nodeops {

/// Real time and descriptors on one thread (Asio does the waiting). A turn:
///
///     tasks that are due, in order, for a millisecond at most
///     what descriptors have to say, for a millisecond at most
///     nothing was due: wait for whatever comes first
///
/// A turn that finds its first task overdue has been held up: by this thread's own work, or by
/// whoever took the processor away. What arrived at descriptors meanwhile is then heard before any
/// task that is due, so that nobody is declared late who was in time. The same goes for a turn
/// behind one that could not hear all there was in its millisecond.
class EventLoop : public Reactor {
 public:
  EventLoop();
  ~EventLoop() override;
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  Clock::time_point now() const override { return now_; }
  TimerId at(Clock::time_point time, std::function<void()> task) override;
  TimerId after(Clock::duration delay, std::function<void()> task) override;
  void cancel(TimerId timer) override;

  WatchId watch(int descriptor, Readiness wanted, std::function<void(Readiness)> heard) override;
  void watch_for(WatchId watch, Readiness wanted) override;
  void unwatch(WatchId watch) override;

  /// Turns until `done` says so. A stop request only ends the waiting: `done` sees to the rest.
  void run(const std::function<bool()>& done, const std::stop_token& stop);

  /// How late overdue turns found their first task.
  const Histogram& stalls() const { return stalls_; }

 private:
  struct Waiting;
  void turn();
  /// False: nothing was due.
  bool run_due();
  /// Hears what there is, for a millisecond at most.
  void hear();
  /// Hears each descriptor that has something to say, however long it takes.
  void hear_all();

  Clock::time_point now_ = Clock::now();
  TimerQueue queue_;
  Histogram stalls_;
  bool unheard_ = false;  ///< the last hear() may have left something
  std::unique_ptr<Waiting> waiting_;
};

}  // namespace nodeops
