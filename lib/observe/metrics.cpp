// SPDX-License-Identifier: MIT
#include "observe/metrics.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "observe/mask.hpp"
#include "observe/printable.hpp"

namespace nodeops {
namespace {

using Labels = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view last_success_name = "nodeops_last_success_timestamp_seconds";

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  std::array<char, 400> text{};
  const bool plain = std::fabs(value) < 1e18;
  const auto end =
      plain ? std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed)
                  .ptr
            : std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

/// In a label's value backslash, quote and line end are escaped, in a help text the first and last.
std::string escaped_text(std::string_view text, bool label) {
  std::string made;
  for (const char c : text) {
    if (c == '\\')
      made += "\\\\";
    else if (c == '\n')
      made += "\\n";
    else if (c == '"' && label)
      made += "\\\"";
    else
      made += c;
  }
  return made;
}

/// Builds the text, one family of samples after the other.
class Page {
 public:
  explicit Page(std::string command) : command_(std::move(command)) {}

  void family(std::string_view name, std::string_view type, std::string_view help) {
    text_.append("# HELP ").append(name).append(" ").append(escaped_text(printable(help), false));
    text_.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
  }
  void sample(std::string_view name, double value, const Labels& labels = {}) {
    text_.append(name).append("{command=\"").append(escaped_text(command_, true)).append("\"");
    for (const auto& [key, text] : labels) {
      text_.append(",")
          .append(key)
          .append("=\"")
          .append(escaped_text(printable(mask_text(text)), true))
          .append("\"");
    }
    text_.append("} ").append(number(value)).append("\n");
  }
  void single(std::string_view name, std::string_view type, std::string_view help, double value) {
    family(name, type, help);
    sample(name, value);
  }
  const std::string& text() const { return text_; }

 private:
  std::string command_;
  std::string text_;
};

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

double unix_seconds(std::chrono::system_clock::time_point time) {
  const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch());
  return static_cast<double>(since.count()) / 1000;
}

void add_counts(Page& page, const TotalsSnapshot& totals) {
  const auto value = [](std::uint64_t count) { return static_cast<double>(count); };
  page.single("nodeops_items_read_total", "counter", "Items read from the input.",
              value(totals.items_in));
  page.family("nodeops_items_total", "counter", "Items by outcome.");
  page.sample("nodeops_items_total", value(totals.items_ok), {{"state", "ok"}});
  page.sample("nodeops_items_total", value(totals.items_failed), {{"state", "failed"}});
  page.sample("nodeops_items_total", value(totals.items_skipped), {{"state", "skipped"}});
  page.family("nodeops_bytes_total", "counter", "Bytes read and written.");
  page.sample("nodeops_bytes_total", value(totals.bytes_in), {{"direction", "in"}});
  page.sample("nodeops_bytes_total", value(totals.bytes_out), {{"direction", "out"}});
  if (totals.expected_bytes == 0) return;
  page.single("nodeops_expected_bytes", "gauge", "Size of the input.",
              value(totals.expected_bytes));
}

void add_resources(Page& page, const RunFigures& figures) {
  page.single("nodeops_start_time_seconds", "gauge", "When the run started, as Unix time.",
              unix_seconds(figures.started_at));
  page.single("nodeops_elapsed_seconds", "gauge", "How long the run took so far.",
              seconds(figures.elapsed));
  page.family("nodeops_cpu_seconds_total", "counter", "Processor time of the run.");
  page.sample("nodeops_cpu_seconds_total", seconds(figures.user_time), {{"mode", "user"}});
  page.sample("nodeops_cpu_seconds_total", seconds(figures.system_time), {{"mode", "system"}});
  page.single("nodeops_peak_resident_bytes", "gauge", "Most memory that was resident.",
              static_cast<double>(figures.peak_rss_bytes));
}

void add_heartbeat(Page& page, const HeartbeatFigures& beat) {
  page.single("nodeops_heartbeat_interval_seconds", "gauge", "Period of the heartbeat.",
              seconds(beat.interval));
  // A summary by its quantiles and count; the sum is not kept.
  constexpr std::string_view late = "nodeops_heartbeat_late_seconds";
  page.family(late, "summary", "How late the heartbeat was.");
  page.sample(late, seconds(beat.late_p50), {{"quantile", "0.5"}});
  page.sample(late, seconds(beat.late_p99), {{"quantile", "0.99"}});
  page.sample("nodeops_heartbeat_late_seconds_count", static_cast<double>(beat.beats));
  page.single("nodeops_heartbeat_late_max_seconds", "gauge", "The latest heartbeat.",
              seconds(beat.late_max));
}

void add_outcome(Page& page, const RunFigures& figures) {
  auto last_success = figures.last_success;
  if (figures.exit_code) {
    page.single("nodeops_exit_code", "gauge", "Exit status of the run.", *figures.exit_code);
    page.single("nodeops_interrupted", "gauge", "1 if the run was stopped by a signal.",
                figures.interrupted ? 1 : 0);
    if (*figures.exit_code == 0) {
      last_success =
          figures.started_at +
          std::chrono::duration_cast<std::chrono::system_clock::duration>(figures.elapsed);
    }
  }
  if (!last_success) return;
  page.single(last_success_name, "gauge", "When a run last ended with status 0, as Unix time.",
              unix_seconds(*last_success));
}

const char* type_of(Metric::Kind kind) {
  switch (kind) {
    case Metric::Kind::gauge:
      return "gauge";
    case Metric::Kind::counter:
      return "counter";
    case Metric::Kind::summary:
      return "summary";
  }
  return "untyped";
}

/// Samples of one name have to stand together.
void add_own(Page& page, const std::vector<Metric>& own) {
  for (auto first = own.begin(); first != own.end(); ++first) {
    const auto same_name = [&](const Metric& metric) { return metric.name == first->name; };
    if (std::any_of(own.begin(), first, same_name)) continue;
    page.family(first->name, type_of(first->kind), first->help);
    for (auto metric = first; metric != own.end(); ++metric) {
      if (same_name(*metric)) page.sample(metric->name, metric->value, metric->labels);
    }
  }
}

}  // namespace

std::string prometheus_text(const RunFigures& figures, const std::vector<Metric>& own) {
  Page page(figures.command);
  page.family("nodeops_build_info", "gauge", "The version that ran.");
  page.sample("nodeops_build_info", 1, {{"version", figures.version}});
  add_counts(page, figures.totals);
  add_resources(page, figures);
  if (figures.heartbeat) add_heartbeat(page, *figures.heartbeat);
  add_outcome(page, figures);
  add_own(page, own);
  return page.text();
}

std::optional<std::chrono::system_clock::time_point> last_success_in(
    std::string_view prometheus_text, std::string_view command) {
  const std::string start =
      "\n" + std::string(last_success_name) + "{command=\"" + escaped_text(command, true) + "\"} ";
  const auto place = prometheus_text.find(start);
  if (place == std::string_view::npos) return {};
  const std::string_view rest = prometheus_text.substr(place + start.size());
  double unix_time = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), unix_time);
  constexpr double far_future = 1e11;
  if (error != std::errc{} || !(unix_time > 0 && unix_time < far_future)) return {};
  return std::chrono::system_clock::time_point(
      std::chrono::milliseconds(std::llround(unix_time * 1000)));
}

}  // namespace nodeops
