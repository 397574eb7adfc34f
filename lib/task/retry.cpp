// SPDX-License-Identifier: MIT
#include "task/retry.hpp"

#include <algorithm>

namespace nodeops {
namespace {

Clock::duration part_of(Clock::duration whole, double part) {
  return Clock::duration(
      static_cast<Clock::duration::rep>(static_cast<double>(whole.count()) * part));
}

}  // namespace

Clock::duration full_jitter(const Backoff& backoff, unsigned attempt, SeededRandom& random) {
  Clock::duration most = std::min(backoff.base, backoff.cap);
  for (unsigned doubled = 1; doubled < attempt && most < backoff.cap; ++doubled) {
    most = most > backoff.cap / 2 ? backoff.cap : most * 2;
  }
  return part_of(most, random.fraction());
}

Clock::duration decorrelated_jitter(const Backoff& backoff, Clock::duration before,
                                    SeededRandom& random) {
  const Clock::duration base = std::min(backoff.base, backoff.cap);
  const Clock::duration most =
      std::max(base, before > backoff.cap / 3 ? backoff.cap : std::max(before, base) * 3);
  return std::min(backoff.cap, base + part_of(most - base, random.fraction()));
}

void RetryBudget::called() {
  left_ = std::min(options_.most, left_ + options_.per_call);
}

bool RetryBudget::take() {
  if (left_ < 1) return false;
  left_ -= 1;
  return true;
}

std::optional<Clock::time_point> retry_at(Clock::time_point now, Clock::duration wait,
                                          std::optional<Clock::duration> asked_for,
                                          Deadline deadline, Clock::duration least) {
  const Clock::duration longest = std::max(wait, asked_for.value_or(Clock::duration::zero()));
  if (deadline.at() <= now || deadline.at() - now < least) return std::nullopt;
  if (longest > deadline.at() - now - least) return std::nullopt;
  return now + longest;
}

}  // namespace nodeops
