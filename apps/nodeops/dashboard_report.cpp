// SPDX-License-Identifier: MIT
#include "dashboard_report.hpp"

#include <string>
#include <utility>

#include "observe/json_object.hpp"

namespace nodeops {
namespace {

constexpr double median = 0.5;
constexpr double nearly_all = 0.99;

JsonObject quantiles(const Histogram& times) {
  return JsonObject()
      .add("count", times.count())
      .add("p50", times.quantile(median).count())
      .add("p99", times.quantile(nearly_all).count())
      .add("max", times.max().count());
}

using Labels = std::vector<std::pair<std::string, std::string>>;

class MetricList {
 public:
  explicit MetricList(std::vector<Metric>& metrics) : metrics_(metrics) {}

  void counter(const char* name, const char* help, std::uint64_t value, Labels labels = {}) {
    metrics_.push_back({.name = name,
                        .help = help,
                        .kind = Metric::Kind::counter,
                        .value = static_cast<double>(value),
                        .labels = std::move(labels)});
  }
  void gauge(const char* name, const char* help, double value, Labels labels = {}) {
    metrics_.push_back({.name = name, .help = help, .value = value, .labels = std::move(labels)});
  }
  /// The median, nearly all, and the longest, in seconds.
  void times(const char* name, const char* help, const Histogram& times, const Labels& labels) {
    for (const auto& [part, label] : {std::pair(median, "0.5"), {nearly_all, "0.99"}, {1.0, "1"}}) {
      Labels with_quantile = labels;
      with_quantile.emplace_back("quantile", label);
      const std::chrono::duration<double> time = times.quantile(part);
      metrics_.push_back({.name = name,
                          .help = help,
                          .kind = Metric::Kind::summary,
                          .value = time.count(),
                          .labels = std::move(with_quantile)});
    }
  }

 private:
  std::vector<Metric>& metrics_;
};

}  // namespace

std::vector<Metric> dashboard_metrics(const DashboardCounts& counts,
                                      const std::vector<dashboard::PlannedSource>& sources,
                                      const dashboard::FanOut& fan_out) {
  std::vector<Metric> metrics;
  MetricList list(metrics);
  const auto dashboards = [&](const char* status, std::uint64_t count) {
    list.counter("nodeops_dashboards_total", "Dashboards by status.", count, {{"status", status}});
  };
  dashboards("complete", counts.complete);
  dashboards("partial", counts.partial);
  dashboards("failed", counts.failed);
  const auto& figures = fan_out.figures();
  const auto each = [&](auto add) {
    for (std::size_t i = 0; i < sources.size(); ++i)
      add(sources[i].plan.name, figures.of_source[i], sources[i].guard);
  };
  each([&](const auto& name, const auto& seen, const auto&) {
    const auto outcomes = [&](const char* status, std::uint64_t count) {
      list.counter("nodeops_source_outcomes_total", "Outcomes of each source.", count,
                   {{"source", name}, {"status", status}});
    };
    outcomes("ok", seen.ok);
    outcomes("timeout", seen.timeout);
    outcomes("error", seen.error);
    outcomes("cancelled", seen.cancelled);
    outcomes("open", seen.open);
  });
  each([&](const auto& name, const auto& seen, const auto&) {
    list.counter("nodeops_source_retries_total", "Questions asked again.", seen.retries,
                 {{"source", name}});
  });
  each([&](const auto& name, const auto&, const auto& guard) {
    list.counter("nodeops_source_breaker_openings_total", "How often the breaker opened.",
                 guard.openings(), {{"source", name}});
  });
  each([&](const auto& name, const auto& seen, const auto&) {
    list.times("nodeops_source_answer_seconds", "Time to the answers.", seen.answered,
               {{"source", name}});
  });
  list.counter("nodeops_requests_started_total", "Questions that were asked.", figures.asked);
  list.counter("nodeops_requests_cancelled_total", "Questions cut off on their way.",
               figures.cancelled);
  list.gauge("nodeops_requests_leaked", "Questions whose resources were not released.",
             static_cast<double>(fan_out.reaping()));
  list.times("nodeops_cutoff_overshoot_seconds", "How long after its cutoff a source was cut off.",
             figures.overshoot, {});
  return metrics;
}

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

void report_dashboards(RunContext& run, const DashboardCounts& counts,
                       const std::vector<dashboard::PlannedSource>& sources,
                       const dashboard::FanOut& fan_out, const Histogram* stalls) {
  run.metrics.show(dashboard_metrics(counts, sources, fan_out));
  RunReport& report = run.report;
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
