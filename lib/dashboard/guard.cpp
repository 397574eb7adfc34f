// SPDX-License-Identifier: MIT
#include "dashboard/guard.hpp"

namespace nodeops::dashboard {

Guard::Guard(const Options& options, Clock::time_point now) : budgeted_(options.retry_budget) {
  if (options.breaker) breaker_.emplace(*options.breaker);
  if (options.questions_per_second > 0) {
    bucket_.emplace(
        TokenBucket::Options{.rate_per_second = options.questions_per_second, .burst = 1}, now);
    // The first question need not wait; with a burst of one that makes no second more than its
    // rate.
    bucket_->give_back(1);
  }
}

void Guard::succeeded(Clock::time_point now, Permit permit) {
  if (breaker_) breaker_->succeeded(now, permit);
}

void Guard::failed(Clock::time_point now, Permit permit) {
  if (breaker_) breaker_->failed(now, permit);
}

void Guard::cancelled(Clock::time_point now, Permit permit) {
  if (breaker_) breaker_->cancelled(now, permit);
}

Clock::time_point Guard::opens_at(Clock::time_point now) const {
  return breaker_ ? breaker_->opens_at(now) : now;
}

void Guard::give_back() {
  if (bucket_) bucket_->give_back(1);
}

}  // namespace nodeops::dashboard
