// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "core/deadline.hpp"

namespace nodeops {

/// Asks work to stop when its time is over: one thread for any number of limits.
class TimeLimits {
 public:
  TimeLimits();

  /// A limit on one piece of work, for as long as the object lives. Its token is triggered when the
  /// deadline passes or the run is stopped.
  class [[nodiscard]] Limit {
   public:
    ~Limit();
    Limit(const Limit&) = delete;
    Limit& operator=(const Limit&) = delete;

    std::stop_token token() const { return stop_.get_token(); }

    /// True when the deadline, and not the run, has ended the work.
    bool passed() const;

   private:
    friend class TimeLimits;
    Limit(TimeLimits& limits, Deadline deadline, const std::stop_token& run);

    struct PassOn {
      std::stop_source stop;
      void operator()() { stop.request_stop(); }
    };

    TimeLimits& limits_;
    std::stop_source stop_;
    std::pair<Clock::time_point, std::uint64_t> key_;
    std::stop_callback<PassOn> on_run_stop_;
  };

  Limit start(Deadline deadline, const std::stop_token& run) { return {*this, deadline, run}; }

 private:
  void watch(const std::stop_token& over);

  mutable std::mutex mutex_;  ///< guards what follows
  std::condition_variable_any changed_;
  std::map<std::pair<Clock::time_point, std::uint64_t>, std::stop_source> running_;
  std::uint64_t next_ = 0;
  std::jthread thread_;
};

}  // namespace nodeops
