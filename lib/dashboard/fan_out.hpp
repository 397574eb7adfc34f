// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dashboard/fan_out_figures.hpp"
#include "dashboard/guard.hpp"
#include "dashboard/outcome.hpp"
#include "task/timers.hpp"

namespace nodeops::dashboard {

/// A source with what belongs to it in one run.
struct PlannedSource {
  SourcePlan plan;
  std::unique_ptr<Source> source;
  Guard guard;
};

/// Asks all sources of a dashboard at once and puts it together the moment the last one has settled
/// or been cut off:
///
///     ask --answer--> ok
///      ^  --failure-> error, or wait and ask again while there is time
///      |  --cutoff--> timeout: the request is destroyed, the dashboard does not wait for it
///      +--- not asked at all while the breaker is open
///
/// Any number of dashboards on one thread, whose time is that of the Timers.
class FanOut {
 public:
  struct Options {
    Clock::duration budget = std::chrono::milliseconds(500);  ///< what a whole dashboard gets
    Backoff backoff{.base = std::chrono::milliseconds(10), .cap = std::chrono::milliseconds(200)};
    std::uint64_t seed = 1;  ///< of the waits between retries
    /// Is told of every retry; may be empty.
    struct Again {
      std::size_t source;
      unsigned attempt;  ///< that failed
      Clock::duration wait;
      const SourceFailure& failure;
    };
    std::function<void(const Again&)> retrying = {};
  };
  using Settled = std::function<void(Dashboard)>;

  /// `settled` is called once for each dashboard, never from inside start(). All must outlive it.
  FanOut(Timers& timers, std::vector<PlannedSource>& sources, const Options& options,
         Settled settled);
  ~FanOut();
  FanOut(const FanOut&) = delete;
  FanOut& operator=(const FanOut&) = delete;

  void start(std::string user, std::uint64_t number);

  /// How long to wait before a start, so that no source's rate takes from the budget of a
  /// dashboard.
  Clock::duration wait_to_start();

  /// Settles all dashboards at once: what is on its way becomes cancelled. Nothing may be started
  /// meanwhile.
  void cancel_all();

  std::size_t in_flight() const { return in_flight_; }

  /// Requests that are gone and whose resources are not yet released.
  std::size_t reaping() const;

  const FanOutFigures& figures() const { return figures_; }

 private:
  struct Fetch;
  struct Flight;
  void begin(Fetch& fetch);
  void ask(Fetch& fetch);
  void answered(Fetch& fetch, Answer answer);
  void cut(Fetch& fetch);
  void spend(Flight& flight);
  void leave_alone(Fetch& fetch, Clock::time_point now);
  bool ask_again(Fetch& fetch);
  void settle(Fetch& fetch, SourceStatus status, std::unique_ptr<SourceFailure> failure);
  void put_together(Flight& flight);
  Flight& idle_flight();
  PlannedSource& source_of(const Fetch& fetch);
  static Outcome& outcome_of(const Fetch& fetch);
  Deadline deadline_of(const Fetch& fetch);

  Timers& timers_;
  std::vector<PlannedSource>& sources_;
  const Options options_;
  const Settled settled_;
  FanOutFigures figures_;
  std::size_t in_flight_ = 0;
  std::vector<std::unique_ptr<Flight>> flights_;  ///< all, in use or not
  std::vector<Flight*> idle_;
};

}  // namespace nodeops::dashboard
