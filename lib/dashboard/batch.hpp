// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <optional>
#include <string>

#include "dashboard/fan_out.hpp"

namespace nodeops::dashboard {

/// Many dashboards, so many at a time: takes ids as they are there, starts no more than there is
/// room for, and hands the dashboards on in the order of the ids or as they settle. What waits for
/// its turn counts as room taken, so that memory is bounded whatever the input's length.
class Batch {
 public:
  /// What need not be counted in a dashboard's ids and answers, in bytes.
  static constexpr std::size_t small_dashboard = std::size_t{64} << 10U;

  struct Options {
    std::size_t concurrency = 64;
    /// Real time that starts may take before others have their turn; empty where time is simulated.
    std::optional<Clock::duration> longest_turn = {};
    bool ordered = true;
    /// So many before the first has settled and shown how large they are.
    std::size_t first_wave = std::numeric_limits<std::size_t>::max();
    /// Ids, dashboards that wait for their turn, and those in flight as large as the largest of
    /// late: above this, nothing is started.
    std::size_t most_bytes = std::size_t{64} << 20U;
  };
  struct Ends {
    /// The next id, if one is there now.
    std::function<std::optional<std::string>()> next;
    /// No more ids will come.
    std::function<bool()> exhausted;
    /// False: nothing is to be started for now; call wake() when that has changed.
    std::function<bool()> may_start;
    std::function<void(const Dashboard&)> show;
  };

  Batch(Timers& timers, std::vector<PlannedSource>& sources, const FanOut::Options& fan_out,
        const Options& options, Ends ends);
  ~Batch();
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  /// Starts what can be started, at the next turn: after ids have come, or room.
  void wake();

  /// No new ones; what is in flight goes on.
  void stop() { stopped_ = true; }

  /// Everything that was started has been shown, and nothing more will be.
  bool over() const;

  std::uint64_t started() const { return started_; }
  FanOut& fan_out() { return fan_out_; }

 private:
  void fill();
  void fill_after(Clock::duration wait);
  void settled(Dashboard dashboard);
  void show(const Dashboard& dashboard);
  void keep(Dashboard dashboard);
  void show_kept();
  bool has_room() const;

  Timers& timers_;
  const Options options_;
  const Ends ends_;
  FanOut fan_out_;
  /// Settled before their turn to be shown, each at its number - `shown_`.
  std::deque<std::optional<Dashboard>> early_;
  std::optional<std::string> next_;  ///< an id that waits for what its sources' rates allow
  std::size_t bytes_ = 0;            ///< of ids in flight, and of `early_`
  std::size_t usual_bytes_ = 0;      ///< of the largest dashboard of late; 0: they are small
  bool has_settled_ = false;
  std::uint64_t started_ = 0;
  std::uint64_t shown_ = 0;
  TimerId filling_ = 0;
  bool stopped_ = false;
};

}  // namespace nodeops::dashboard
