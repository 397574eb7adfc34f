// SPDX-License-Identifier: MIT
#include "observe/metrics.hpp"

#include <array>
#include <cstdio>
#include <string_view>

namespace nodeops {
namespace {

/// Builds the text; every sample has the label `command`.
class Samples {
 public:
  explicit Samples(const std::string& command) : label_("command=\"" + command + "\"") {}

  void family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = "nodeops_" + std::string(name);
    text_ += "# HELP " + name_ + " " + std::string(help) + "\n# TYPE " + name_ + " " + std::string(type) + "\n";
  }

  void sample(double value, const std::string& labels = {}, std::string_view suffix = {}) {
    std::array<char, 40> number{};
    std::snprintf(number.data(), number.size(), "%.15g", value);
    text_ += name_ + std::string(suffix) + "{" + label_ + (labels.empty() ? "" : "," + labels) + "} " + number.data() + "\n";
  }

  std::string text() const { return text_; }

 private:
  std::string label_;
  std::string name_;
  std::string text_;
};

template <class Time>
double seconds(Time time) {
  return std::chrono::duration<double>(time).count();
}

void add_totals(Samples& samples, const RunTotals& totals) {
  samples.family("items_total", "counter", "Items of the run by what became of them.");
  samples.sample(static_cast<double>(totals.items_in.load()), "state=\"in\"");
  samples.sample(static_cast<double>(totals.items_ok.load()), "state=\"ok\"");
  samples.sample(static_cast<double>(totals.items_failed.load()), "state=\"failed\"");
  samples.sample(static_cast<double>(totals.items_skipped.load()), "state=\"skipped\"");
  samples.family("bytes_total", "counter", "Bytes read and written.");
  samples.sample(static_cast<double>(totals.bytes_in.load()), "direction=\"in\"");
  samples.sample(static_cast<double>(totals.bytes_out.load()), "direction=\"out\"");
}

void add_heartbeat(Samples& samples, const HeartbeatFigures& beat) {
  samples.family("heartbeat_beats_total", "counter", "Beats of the heartbeat thread.");
  samples.sample(static_cast<double>(beat.beats));
  samples.family("heartbeat_late_seconds", "gauge", "How late the heartbeat was.");
  samples.sample(seconds(beat.late_p50), "quantile=\"0.5\"");
  samples.sample(seconds(beat.late_p99), "quantile=\"0.99\"");
  samples.sample(seconds(beat.late_max), "quantile=\"1\"");
}

}  // namespace

std::string prometheus_text(const RunFigures& figures, const RunTotals& totals) {
  Samples samples(figures.command);
  samples.family("build_info", "gauge", "The version that ran.");
  samples.sample(1, "version=\"" + figures.version + "\"");
  samples.family("run_start_time_seconds", "gauge", "When the run started, in seconds since 1970.");
  samples.sample(seconds(figures.started_at.time_since_epoch()));
  samples.family("run_duration_seconds", "gauge", "How long the run has lasted.");
  samples.sample(seconds(figures.elapsed));
  add_totals(samples, totals);
  samples.family("resident_memory_peak_bytes", "gauge", "Largest resident set of the run.");
  samples.sample(static_cast<double>(figures.peak_rss_bytes));
  samples.family("processor_seconds_total", "counter", "Processor time of the run.");
  samples.sample(seconds(figures.user_time), "mode=\"user\"");
  samples.sample(seconds(figures.system_time), "mode=\"system\"");
  if (figures.heartbeat) add_heartbeat(samples, *figures.heartbeat);
  if (figures.finished) {
    samples.family("run_exit_code", "gauge", "Exit status of the run.");
    samples.sample(figures.exit_code);
  }
  if (figures.finished && figures.exit_code == 0) {
    samples.family("run_last_success_time_seconds", "gauge", "When the last run that did everything ended.");
    samples.sample(seconds(figures.started_at.time_since_epoch()) + seconds(figures.elapsed));
  }
  return samples.text();
}

}  // namespace nodeops
