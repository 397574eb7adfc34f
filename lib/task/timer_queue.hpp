// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "task/timers.hpp"

namespace nodeops {

/// Tasks by the time at which they are due. Slots hold the tasks; their times stand in the line of
/// their delay, which is in order as it grows, for a few delays; else, by moments of some
/// milliseconds, unordered, until their moment comes and they are made a heap, four children to a
/// node: one of the moment fits in a processor's nearest cache where one of all would not.
/// Cancelling frees the slot and leaves the entry to be passed over, until more than half of the
/// entries are dead.
class TimerQueue {
 public:
  TimerId at(Clock::time_point time, std::function<void()> task);
  /// The same at now + delay.
  TimerId after(Clock::time_point now, Clock::duration delay, std::function<void()> task);
  void cancel(TimerId timer);

  /// The earliest time of all tasks; empty when there is none.
  std::optional<Clock::time_point> next();

  /// Takes out the earliest task if it is due at `now`; empty when none is.
  std::function<void()> take_due(Clock::time_point now);

  /// How many tasks wait.
  std::size_t size() const { return live_; }

 private:
  struct Entry {
    Clock::time_point time;
    std::uint64_t order;  ///< in which it was set
    std::uint32_t slot;
    std::uint32_t turn;  ///< of the slot's use: another one there means that this entry is dead
    TimerId id() const { return (TimerId{turn} << 32U) | slot; }
    bool before(const Entry& other) const {
      return time != other.time ? time < other.time : order < other.order;
    }
  };
  struct Slot {
    std::function<void()> task;
    std::uint32_t turn = 1;
  };

  struct Line {
    Clock::duration delay;
    std::deque<Entry> entries;
  };

  Entry occupy_slot(Clock::time_point time, std::function<void()> task);
  void push(const Entry& entry);
  /// The line of this delay, if it may have one and its last entry is not due later; else null.
  Line* line_for(Clock::duration delay, Clock::time_point time);
  /// The first entry that is not dead, in `line`, or in the heap where that is null.
  const Entry* first(Line*& line);
  bool dead(const Entry& entry) const { return slots_[entry.slot].turn != entry.turn; }
  std::function<void()> free_slot(std::uint32_t slot);
  void rise(std::size_t place);
  void sink(std::size_t place);
  void pop();
  void begin_next_moment();
  std::size_t drop_dead_of(std::vector<Entry>& entries) const;
  void make_heap();
  void drop_dead();

  std::vector<Entry> heap_;                           ///< of the moments up to moment_
  std::map<std::int64_t, std::vector<Entry>> later_;  ///< by moment
  std::int64_t moment_ = 0;
  std::vector<Line> lines_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::uint64_t order_ = 0;
  std::size_t entries_ = 0;  ///< in the heap and the lines, dead or not
  std::size_t live_ = 0;
};

/// Simulated time: it stands still but for run_next(), which jumps to the next task.
class VirtualTimers : public Timers {
 public:
  explicit VirtualTimers(Clock::time_point start = {}) : now_(start) {}

  Clock::time_point now() const override { return now_; }
  TimerId at(Clock::time_point time, std::function<void()> task) override {
    return queue_.at(time, std::move(task));
  }
  TimerId after(Clock::duration delay, std::function<void()> task) override {
    return queue_.after(now_, delay, std::move(task));
  }
  void cancel(TimerId timer) override { queue_.cancel(timer); }

  /// Goes on to the time of the next task and calls it. False: there is none.
  bool run_next();

  /// Calls all that is due up to that time, and goes on to it.
  void run_until(Clock::time_point time);

 private:
  Clock::time_point now_;
  TimerQueue queue_;
};

}  // namespace nodeops
