// SPDX-License-Identifier: MIT
#include "task/circuit_breaker.hpp"

#include <algorithm>

namespace nodeops {
namespace {

// A window of a busy source would hold millions of outcomes; the latest ones tell enough.
constexpr std::size_t most_outcomes = 1024;

}  // namespace

CircuitBreaker::Permit CircuitBreaker::allow(Clock::time_point now) {
  if (!open_) return permit_;
  if (now < trial_at_) return 0;
  // This call is the trial. Should it never come back, another one may go after the cooldown.
  trial_at_ = now + options_.cooldown;
  return ++permit_;
}

void CircuitBreaker::succeeded(Clock::time_point now, std::optional<Permit> permit) {
  if (stale(permit)) return;
  if (open_) {
    open_ = false;
    ++permit_;
    outcomes_.clear();
    failures_ = 0;
  }
  forget_before(now - options_.window);
  outcomes_.push_back({now, false});
}

void CircuitBreaker::failed(Clock::time_point now, std::optional<Permit> permit) {
  if (stale(permit)) return;
  if (open_) {
    trial_at_ = std::max(trial_at_, now + options_.cooldown);
    return;
  }
  forget_before(now - options_.window);
  outcomes_.push_back({now, true});
  ++failures_;
  if (failures_ >= options_.failures && 2 * failures_ >= outcomes_.size()) open(now);
}

void CircuitBreaker::cancelled(Clock::time_point now, std::optional<Permit> permit) {
  if (open_ && !stale(permit)) trial_at_ = std::min(trial_at_, now);
}

Clock::time_point CircuitBreaker::opens_at(Clock::time_point now) const {
  return open_ ? std::max(now, trial_at_) : now;
}

CircuitBreaker::State CircuitBreaker::state(Clock::time_point now) const {
  if (!open_) return State::closed;
  return now < trial_at_ ? State::open : State::half_open;
}

void CircuitBreaker::forget_before(Clock::time_point time) {
  while (!outcomes_.empty() &&
         (outcomes_.front().time < time || outcomes_.size() >= most_outcomes)) {
    failures_ -= outcomes_.front().failure ? 1 : 0;
    outcomes_.pop_front();
  }
}

void CircuitBreaker::open(Clock::time_point now) {
  open_ = true;
  ++openings_;
  ++permit_;
  trial_at_ = now + options_.cooldown;
}

}  // namespace nodeops
