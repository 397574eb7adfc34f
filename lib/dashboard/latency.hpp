// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/deadline.hpp"
#include "core/seeded_random.hpp"

namespace nodeops::dashboard {

/// How long a mock takes to answer.
class Latency {
 public:
  static Latency fixed(Clock::duration time) { return {Kind::fixed, time, time, 0}; }
  static Latency uniform(Clock::duration least, Clock::duration most) {
    return {Kind::uniform, least, most, 0};
  }
  /// Log-normal: `median`, and the standard deviation of the logarithm.
  static Latency lognormal(Clock::duration median, double sigma) {
    return {Kind::lognormal, median, median, sigma};
  }

  /// "40ms", "uniform(20ms,80ms)", "lognormal(120ms,0.9)". Empty when the text is anything else.
  static std::optional<Latency> parse(std::string_view text);

  /// One time, at most an hour.
  Clock::duration draw(SeededRandom& random) const;

 private:
  enum class Kind { fixed, uniform, lognormal };
  Latency(Kind kind, Clock::duration first, Clock::duration second, double sigma)
      : kind_(kind), first_(first), second_(second), sigma_(sigma) {}

  Kind kind_;
  Clock::duration first_;
  Clock::duration second_;
  double sigma_;
};

}  // namespace nodeops::dashboard
