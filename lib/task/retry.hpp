// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "core/deadline.hpp"
#include "core/seeded_random.hpp"

namespace nodeops {

/// How long to wait before the same thing is tried again.
struct Backoff {
  Clock::duration base = std::chrono::milliseconds(50);
  Clock::duration cap = std::chrono::seconds(2);
};

/// Full jitter: anything from zero to base * 2^(attempt - 1), at most the cap. `attempt` is the one
/// that failed, from 1. (Brooker, "Exponential Backoff And Jitter", AWS 2015.)
Clock::duration full_jitter(const Backoff& backoff, unsigned attempt, SeededRandom& random);

/// Decorrelated jitter: anything from the base to three times the wait before, at most the cap.
/// `before` is zero in front of the first retry.
Clock::duration decorrelated_jitter(const Backoff& backoff, Clock::duration before,
                                    SeededRandom& random);

/// What keeps retries from multiplying the load of something that is down: each first call adds
/// `per_call` to what may be retried, up to `most`, each retry takes one. Starts full. Not for
/// several threads at once.
class RetryBudget {
 public:
  struct Options {
    double per_call = 0.2;
    double most = 10;
  };
  RetryBudget() : RetryBudget(Options{}) {}
  explicit RetryBudget(Options options) : options_(options), left_(options.most) {}

  void called();
  /// True, and takes it, when a retry may go.
  bool take();

 private:
  Options options_;
  double left_;
};

/// When to try again: after `wait`, or after what the other side has asked for if that is longer.
/// Empty when there would be less than `least` left until the deadline.
std::optional<Clock::time_point> retry_at(Clock::time_point now, Clock::duration wait,
                                          std::optional<Clock::duration> asked_for,
                                          Deadline deadline, Clock::duration least);

}  // namespace nodeops
