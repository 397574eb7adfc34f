// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "dashboard/fan_out.hpp"
#include "run_context.hpp"

namespace nodeops {

/// How many dashboards there were of each status.
struct DashboardCounts {
  std::uint64_t complete = 0;
  std::uint64_t partial = 0;
  std::uint64_t failed = 0;
  void add(dashboard::DashboardStatus status);
  std::uint64_t total() const { return complete + partial + failed; }
};

/// What dashboards, sources and requests have come to so far.
std::vector<Metric> dashboard_metrics(const DashboardCounts& counts,
                                      const std::vector<dashboard::PlannedSource>& sources,
                                      const dashboard::FanOut& fan_out);

/// Adds what is particular to a run of dashboards to its report and metrics. `stalls` is how late
/// the event loop found what was due, null on the virtual clock.
void report_dashboards(RunContext& run, const DashboardCounts& counts,
                       const std::vector<dashboard::PlannedSource>& sources,
                       const dashboard::FanOut& fan_out, const Histogram* stalls);

}  // namespace nodeops
