// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/histogram.hpp"
#include "dashboard/outcome.hpp"

namespace nodeops::dashboard {

/// What the fan-out has seen, for the report.
struct FanOutFigures {
  struct OfSource {
    std::uint64_t ok = 0, timeout = 0, error = 0, cancelled = 0, open = 0, retries = 0;
    Histogram answered;  ///< time to the answer, of those that were ok
  };
  explicit FanOutFigures(std::size_t sources) : of_source(sources) {}

  /// A source of a dashboard has settled.
  void count(std::size_t source, const Outcome& outcome);

  std::uint64_t asked = 0;      ///< requests started
  std::uint64_t cancelled = 0;  ///< requests cut off on their way
  Histogram overshoot;          ///< how long after its cutoff a source was cut off
  std::vector<OfSource> of_source;
};

}  // namespace nodeops::dashboard
