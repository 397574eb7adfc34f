// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "task/circuit_breaker.hpp"
#include "task/rate_limiter.hpp"
#include "task/retry.hpp"

namespace nodeops::dashboard {

/// What stands between all dashboards and one source, so that a source that is down is left alone.
class Guard {
 public:
  struct Options {
    std::optional<CircuitBreaker::Options> breaker = {};  ///< empty: none
    double questions_per_second = 0;                      ///< 0: no limit
    bool retry_budget = true;
  };
  Guard(const Options& options, Clock::time_point now);

  using Permit = CircuitBreaker::Permit;

  /// Not 0 when a question may go. It comes back by succeeded(), failed() or cancelled().
  Permit allow(Clock::time_point now) { return breaker_ ? breaker_->allow(now) : 1; }
  void succeeded(Clock::time_point now, Permit permit);
  void failed(Clock::time_point now, Permit permit);
  void cancelled(Clock::time_point now, Permit permit);

  /// When the breaker lets the next question through.
  Clock::time_point opens_at(Clock::time_point now) const;

  /// How long a question has to wait for its token; give_back() if it does not go after all.
  Clock::duration wait(Clock::time_point now) {
    return bucket_ ? bucket_->take(1, now) : Clock::duration{};
  }
  void give_back();
  /// How long it would have to wait.
  Clock::duration expected_wait(Clock::time_point now) {
    return bucket_ ? bucket_->wait(1, now) : Clock::duration{};
  }

  /// A first question goes; a retry may go.
  void called() { budget_.called(); }
  bool may_retry() { return !budgeted_ || budget_.take(); }

  /// How often the breaker has opened.
  std::uint64_t openings() const { return breaker_ ? breaker_->openings() : 0; }

 private:
  std::optional<CircuitBreaker> breaker_;
  std::optional<TokenBucket> bucket_;
  RetryBudget budget_;
  bool budgeted_;
};

}  // namespace nodeops::dashboard
