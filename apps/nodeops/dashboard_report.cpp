// SPDX-License-Identifier: MIT
#include "dashboard_report.hpp"

#include "observe/json_object.hpp"

namespace nodeops {
namespace {

JsonObject quantiles(const Histogram& times) {
  constexpr double median = 0.5;
  constexpr double nearly_all = 0.99;
  return JsonObject()
      .add("count", times.count())
      .add("p50", times.quantile(median).count())
      .add("p99", times.quantile(nearly_all).count())
      .add("max", times.max().count());
}

}  // namespace

void DashboardCounts::add(dashboard::DashboardStatus status) {
  switch (status) {
    case dashboard::DashboardStatus::complete:
      ++complete;
      break;
    case dashboard::DashboardStatus::partial:
      ++partial;
      break;
    case dashboard::DashboardStatus::failed:
      ++failed;
      break;
  }
}

void report_dashboards(RunReport& report, const DashboardCounts& counts,
                       const std::vector<dashboard::PlannedSource>& sources,
                       const dashboard::FanOut& fan_out, const Histogram* stalls) {
  report.add("dashboards", JsonObject()
                               .add("complete", counts.complete)
                               .add("partial", counts.partial)
                               .add("failed", counts.failed)
                               .text());
  const auto& figures = fan_out.figures();
  JsonObject by_name;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const auto& seen = figures.of_source[i];
    by_name.add(sources[i].plan.name, JsonObject()
                                          .add("ok", seen.ok)
                                          .add("timeout", seen.timeout)
                                          .add("error", seen.error)
                                          .add("cancelled", seen.cancelled)
                                          .add("open", seen.open)
                                          .add("retries", seen.retries)
                                          .add("breaker_openings", sources[i].guard.openings())
                                          .add("answered_us", quantiles(seen.answered)));
  }
  report.add("sources", by_name.text());
  report.add("requests", JsonObject()
                             .add("started", figures.asked)
                             .add("cancelled", figures.cancelled)
                             .add("leaked", fan_out.reaping())
                             .text());
  report.add("overshoot_us", quantiles(figures.overshoot).text());
  if (stalls != nullptr) report.add("stalls_us", quantiles(*stalls).text());
}

}  // namespace nodeops
