// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>

#include "core/deadline.hpp"

namespace nodeops {

/// When a worker that died is started again: after a delay that doubles with every death in a row,
/// and not at all after too many.
///
///     running --dies--> waiting (delay, 2 delay, 4 delay ...) --> running --does work--> row of 0
///                          |
///                          +-- it was the last one allowed --> given up, for good
class RestartPolicy {
 public:
  struct Options {
    unsigned most_in_a_row = 5;  ///< restarts without any work done in between
    std::chrono::milliseconds first_delay = std::chrono::milliseconds(50);
  };

  RestartPolicy() : RestartPolicy(Options{}) {}
  explicit RestartPolicy(Options options) : options_(options) {}

  /// The worker has died. When it may be started again; empty: never.
  std::optional<Clock::time_point> died(Clock::time_point now) {
    if (in_a_row_ >= options_.most_in_a_row) {
      given_up_ = true;
      return std::nullopt;
    }
    return now + options_.first_delay * (1U << in_a_row_++);
  }

  /// The worker has done a piece of work.
  void worked() { in_a_row_ = 0; }

  bool given_up() const { return given_up_; }

 private:
  Options options_;
  unsigned in_a_row_ = 0;
  bool given_up_ = false;
};

}  // namespace nodeops
