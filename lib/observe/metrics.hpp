// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "observe/run_figures.hpp"

namespace nodeops {

/// One sample of a command's own. Samples of one name have one help text and kind, the first one's.
/// Those of a summary have the label `quantile`; its count and sum are not kept.
struct Metric {
  enum class Kind { gauge, counter, summary };
  std::string name;  ///< such as "nodeops_csv_rejected_records_total"
  std::string help;
  Kind kind = Kind::gauge;
  double value = 0;
  std::vector<std::pair<std::string, std::string>> labels =
      {};  ///< besides `command`; values are masked
};

/// A command's own metrics as they were last told: by the thread that works, for the one that
/// answers GET /metrics meanwhile.
class MetricBoard {
 public:
  void show(std::vector<Metric> metrics) {
    const std::lock_guard lock(mutex_);
    metrics_ = std::move(metrics);
  }
  std::vector<Metric> shown() const {
    const std::lock_guard lock(mutex_);
    return metrics_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Metric> metrics_;
};

/// The figures in the Prometheus text format 0.0.4, for node_exporter's textfile collector and for
/// GET /metrics: no time stamps, a line end at the end. While the run lasts there is no exit
/// status. The time of the last success is this run's end if it succeeded, else
/// figures.last_success.
std::string prometheus_text(const RunFigures& figures, const std::vector<Metric>& own = {});

/// The time of the last success in a metrics file that an earlier run of the command wrote: so that
/// a failed run can pass it on. Empty if there is none.
std::optional<std::chrono::system_clock::time_point> last_success_in(
    std::string_view prometheus_text, std::string_view command);

}  // namespace nodeops
