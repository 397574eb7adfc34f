// SPDX-License-Identifier: MIT
#include "task/circuit_breaker.hpp"

#include <algorithm>

namespace nodeops {
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
    recent_.clear();
    calls_ = failures_ = 0;
  }
  note(now, false);
}

void CircuitBreaker::failed(Clock::time_point now, std::optional<Permit> permit) {
  if (stale(permit)) return;
  if (open_) {
    trial_at_ = std::max(trial_at_, now + options_.cooldown);
    return;
  }
  note(now, true);
  if (failures_ >= options_.failures && 2 * failures_ >= calls_) open(now);
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

/// A window of a busy source holds millions of calls: those of one moment are counted together.
void CircuitBreaker::note(Clock::time_point now, bool failure) {
  constexpr int moments = 256;
  while (!recent_.empty() && recent_.front().time < now - options_.window) {
    calls_ -= recent_.front().calls;
    failures_ -= recent_.front().failures;
    recent_.pop_front();
  }
  if (recent_.empty() || now - recent_.back().time >= options_.window / moments)
    recent_.push_back({.time = now});
  ++recent_.back().calls;
  recent_.back().failures += failure ? 1 : 0;
  ++calls_;
  failures_ += failure ? 1 : 0;
}

void CircuitBreaker::open(Clock::time_point now) {
  open_ = true;
  ++openings_;
  ++permit_;
  trial_at_ = now + options_.cooldown;
}

}  // namespace nodeops
