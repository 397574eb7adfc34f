// SPDX-License-Identifier: MIT
#include "observe/metrics.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <set>
#include <sstream>

using namespace nodeops;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::system_clock::time_point noon(1756700000123ms);

RunFigures figures() {
  return {.command = "csv-transform",
          .version = "0.1.0",
          .started_at = noon,
          .elapsed = 2500ms,
          .exit_code = 0,
          .totals = {.items_in = 60,
                     .items_ok = 58,
                     .items_failed = 1,
                     .items_skipped = 1,
                     .bytes_in = 12'345'678'901,
                     .bytes_out = 3},
          .peak_rss_bytes = 4096,
          .user_time = 1500ms,
          .system_time = 20ms,
          .heartbeat = HeartbeatFigures{100ms, 12, 60us, 900us, 1400us}};
}

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("the metrics have the run's figures as samples without time stamps") {
  const std::string text = prometheus_text(figures());
  for (const auto* line : {
           "# HELP nodeops_items_total Items by outcome.",
           "# TYPE nodeops_items_total counter",
           "nodeops_items_total{command=\"csv-transform\",state=\"ok\"} 58",
           "nodeops_items_total{command=\"csv-transform\",state=\"failed\"} 1",
           "nodeops_items_read_total{command=\"csv-transform\"} 60",
           "nodeops_bytes_total{command=\"csv-transform\",direction=\"in\"} 12345678901",
           "nodeops_elapsed_seconds{command=\"csv-transform\"} 2.5",
           "nodeops_cpu_seconds_total{command=\"csv-transform\",mode=\"user\"} 1.5",
           "nodeops_peak_resident_bytes{command=\"csv-transform\"} 4096",
           "# TYPE nodeops_heartbeat_late_seconds summary",
           "nodeops_heartbeat_late_seconds{command=\"csv-transform\",quantile=\"0.99\"} 0.0009",
           "nodeops_heartbeat_late_seconds_count{command=\"csv-transform\"} 12",
           "nodeops_heartbeat_late_max_seconds{command=\"csv-transform\"} 0.0014",
           "nodeops_exit_code{command=\"csv-transform\"} 0",
           "nodeops_last_success_timestamp_seconds{command=\"csv-transform\"} 1756700002.623",
           "nodeops_build_info{command=\"csv-transform\",version=\"0.1.0\"} 1",
       }) {
    CAPTURE(line);
    CHECK(has_line(text, line));
  }
  CHECK(text.back() == '\n');
}

TEST_CASE("every family has one HELP and one TYPE line and its samples stand together") {
  const std::string text = prometheus_text(
      figures(),
      {{.name = "nodeops_a_total",
        .help = "A.",
        .kind = Metric::Kind::counter,
        .value = 1,
        .labels = {{"x", "1"}}},
       {.name = "nodeops_b", .help = "B.", .value = 0.5},
       {.name = "nodeops_a_total", .help = "Other.", .value = 2, .labels = {{"x", "2"}}}});
  CHECK(text.find("# HELP nodeops_a_total A.\n# TYPE nodeops_a_total counter\n"
                  "nodeops_a_total{command=\"csv-transform\",x=\"1\"} 1\n"
                  "nodeops_a_total{command=\"csv-transform\",x=\"2\"} 2\n"
                  "# HELP nodeops_b B.\n# TYPE nodeops_b "
                  "gauge\nnodeops_b{command=\"csv-transform\"} 0.5\n") != std::string::npos);
  std::set<std::string> families;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("# TYPE ", 0) == 0)
      CHECK(families.insert(line.substr(7, line.find(' ', 7) - 7)).second);
  }
  CHECK(families.size() > 10);
}

TEST_CASE("label values are masked and escaped, odd numbers are spelt as Prometheus does") {
  const std::string text = prometheus_text(
      figures(),
      {{.name = "nodeops_x",
        .help = "A\\B\nC",
        .value = std::numeric_limits<double>::infinity(),
        .labels = {{"path", "a\"b\\c"}, {"who", "jane@example.com"}}},
       {.name = "nodeops_y", .help = "Y.", .value = std::numeric_limits<double>::quiet_NaN()}});
  CHECK(has_line(
      text,
      "nodeops_x{command=\"csv-transform\",path=\"a\\\"b\\\\c\",who=\"j***@example.com\"} +Inf"));
  CHECK(has_line(text, "# HELP nodeops_x A\\\\B\\\\nC"));
  CHECK(has_line(text, "nodeops_y{command=\"csv-transform\"} NaN"));
}

TEST_CASE("while the run lasts there is no exit status and no success") {
  RunFigures running = figures();
  running.exit_code.reset();
  running.heartbeat.reset();
  const std::string text = prometheus_text(running);
  for (const auto* name :
       {"nodeops_exit_code", "nodeops_interrupted", "last_success", "heartbeat"}) {
    CHECK(text.find(name) == std::string::npos);
  }
}

TEST_CASE("a failed run passes the time of the last success on") {
  const std::string good = prometheus_text(figures());
  RunFigures failed = figures();
  failed.exit_code = 65;
  CHECK(prometheus_text(failed).find("last_success") == std::string::npos);
  failed.last_success = last_success_in(good, "csv-transform");
  REQUIRE(failed.last_success);
  CHECK(*failed.last_success == noon + 2500ms);
  CHECK(last_success_in(prometheus_text(failed), "csv-transform") == failed.last_success);
  CHECK_FALSE(last_success_in(good, "grayscale"));
  CHECK_FALSE(last_success_in("", "csv-transform"));
  CHECK_FALSE(last_success_in(
      "\nnodeops_last_success_timestamp_seconds{command=\"csv-transform\"} x\n", "csv-transform"));
  CHECK_FALSE(
      last_success_in("\nnodeops_last_success_timestamp_seconds{command=\"csv-transform\"} 1e300\n",
                      "csv-transform"));
}
