// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "core/deadline.hpp"

namespace nodeops {

/// Keeps calls from something that is down, so that it can get up and nobody waits for it.
///
///     closed ---failures >= limit within the window, and half of its calls---> open
///     open ------cooldown is over----------------------------------------> half_open
///     half_open -the trial call succeeds--------------------------------> closed
///     half_open -the trial call fails or is slow------------------------> open
///     half_open -the trial call is cancelled, or has not come back by the cooldown: another one
///     may
///
/// Every call that allow() let through comes back through one of the three others, with its permit:
/// what was let through before the breaker opened says nothing about a trial, and comes back in
/// vain. Times are passed in. Not for several threads at once.
class CircuitBreaker {
 public:
  struct Options {
    unsigned failures = 5;
    Clock::duration window = std::chrono::seconds(10);
    Clock::duration cooldown = std::chrono::seconds(5);
  };
  enum class State { closed, open, half_open };
  /// A call that was let through; 0: it was not.
  using Permit = std::uint64_t;

  explicit CircuitBreaker(Options options) : options_(options) {}

  /// Not 0 when a call may go; it must be followed by succeeded(), failed() or cancelled(). Who has
  /// but one call at a time need not pass its permit.
  Permit allow(Clock::time_point now);

  void succeeded(Clock::time_point now, std::optional<Permit> permit = {});

  /// The call failed, or took too long: one that was cut off counts as slow.
  void failed(Clock::time_point now, std::optional<Permit> permit = {});

  /// The caller went away before there was an answer: says nothing about the other side.
  void cancelled(Clock::time_point now, std::optional<Permit> permit = {});

  /// When the next trial may go; `now` when a call may go at once.
  Clock::time_point opens_at(Clock::time_point now) const;

  State state(Clock::time_point now) const;

  /// How often it has opened.
  std::uint64_t openings() const { return openings_; }

 private:
  /// The calls that came back at about one time.
  struct Moment {
    Clock::time_point time;  ///< of the first
    std::uint64_t calls = 0;
    std::uint64_t failures = 0;
  };
  bool stale(std::optional<Permit> permit) const { return permit && *permit != permit_; }
  void note(Clock::time_point now, bool failure);
  void open(Clock::time_point now);

  Options options_;
  std::deque<Moment> recent_;   ///< of the window
  std::uint64_t calls_ = 0;     ///< in them
  std::uint64_t failures_ = 0;  ///< among those
  std::uint64_t openings_ = 0;
  Permit permit_ = 1;  ///< of all calls while it is closed, of the latest trial while it is open
  bool open_ = false;
  Clock::time_point trial_at_{};  ///< open: when the next trial may go
};

}  // namespace nodeops
