// SPDX-License-Identifier: MIT
#include "task/rate_limiter.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cmath>

#include "task/pause.hpp"

namespace nodeops {
namespace {

using Seconds = std::chrono::duration<double>;

/// The wait, rounded up to the clock's step, at most ten years: a clock's time overflows.
Clock::duration as_wait(Seconds wait) {
  constexpr Seconds longest = std::chrono::hours(24 * 3650);
  const Seconds bounded = std::min(wait, longest);
  return Clock::duration(static_cast<Clock::rep>(
      std::ceil(bounded.count() * Clock::period::den / Clock::period::num)));
}

}  // namespace

TokenBucket::TokenBucket(Options options, Clock::time_point now)
    : options_(options), filled_at_(now) {
  assert(options.rate_per_second > 0 && options.burst >= 0);
}

Clock::duration TokenBucket::take(double tokens, Clock::time_point now) {
  const Clock::duration needed = wait(tokens, now);
  tokens_ -= tokens;
  return needed;
}

Clock::duration TokenBucket::wait(double tokens, Clock::time_point now) {
  refill(now);
  if (tokens_ >= tokens) return Clock::duration::zero();
  return as_wait(Seconds((tokens - tokens_) / options_.rate_per_second));
}

void TokenBucket::give_back(double tokens) {
  tokens_ = std::min(tokens_ + tokens, options_.burst);
}

double TokenBucket::tokens(Clock::time_point now) {
  refill(now);
  return tokens_;
}

void TokenBucket::refill(Clock::time_point now) {
  if (now <= filled_at_) return;
  const Seconds passed = now - filled_at_;
  tokens_ = std::min(tokens_ + passed.count() * options_.rate_per_second, options_.burst);
  filled_at_ = now;
}

bool wait_for(TokenBucket& bucket, double tokens, const std::stop_token& stop) {
  const auto now = Clock::now();
  if (pause_until(Deadline(now + bucket.take(tokens, now)), stop)) return true;
  bucket.give_back(tokens);
  return false;
}

}  // namespace nodeops
