// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace nodeops {

using Clock = std::chrono::steady_clock;

/// A point in time that a wait must not outlast. Passed down as it is: unlike a timeout it does
/// not grow on the way.
class Deadline {
 public:
  static Deadline after(Clock::duration wait) { return Deadline(Clock::now() + wait); }
  static Deadline never() { return Deadline(Clock::time_point::max()); }
  explicit Deadline(Clock::time_point at) : at_(at) {}

  Clock::time_point at() const { return at_; }
  bool passed() const { return Clock::now() >= at_; }

  /// The time left, zero when passed.
  Clock::duration left() const {
    const auto now = Clock::now();
    return now >= at_ ? Clock::duration::zero() : at_ - now;
  }

  /// The earlier of the two: what a child may take of its parent's time.
  Deadline sooner(Deadline other) const { return other.at_ < at_ ? other : *this; }

 private:
  Clock::time_point at_;
};

}  // namespace nodeops
