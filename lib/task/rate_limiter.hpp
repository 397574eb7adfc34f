// SPDX-License-Identifier: MIT
#pragma once

#include <stop_token>

#include "core/deadline.hpp"

namespace nodeops {

/// A token bucket. Tokens drip in at a steady rate and pile up to `burst` while nobody takes any;
/// within any span of time no more than burst + rate * span go out.
///
///     take(n)          tokens -= n, below zero if need be: a debt
///     pay-off time     the debt divided by the rate; the taker waits that long before it goes on
///
/// The bucket starts empty: a full one would let the first second have its burst and its rate,
/// twice what was asked for. Times are passed in and must not go backwards; an earlier time counts
/// as the latest seen. Not for several threads at once.
class TokenBucket {
 public:
  struct Options {
    double rate_per_second;  ///< above zero
    double burst;            ///< tokens, zero or more
  };
  TokenBucket(Options options, Clock::time_point now);

  /// Takes the tokens at once, any number of them, and tells how long to wait until they have
  /// dripped in; zero when they are there.
  Clock::duration take(double tokens, Clock::time_point now);

  /// What take() would say, with nothing taken.
  Clock::duration wait(double tokens, Clock::time_point now);

  /// Puts back what was taken and not used.
  void give_back(double tokens);

  /// What is there at that time; negative while there is a debt.
  double tokens(Clock::time_point now);

 private:
  void refill(Clock::time_point now);

  Options options_;
  double tokens_ = 0;
  Clock::time_point filled_at_;
};

/// Takes the tokens and waits until they have dripped in. False: stopped before, and the tokens are
/// put back.
bool wait_for(TokenBucket& bucket, double tokens, const std::stop_token& stop);

}  // namespace nodeops
