// SPDX-License-Identifier: MIT
#include "observe/report.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace nodeops;
using namespace std::chrono_literals;

namespace {

RunFigures figures() {
  return {.command = "grayscale",
          .version = "0.1.0",
          .started_at = std::chrono::system_clock::time_point(1756700000123ms),
          .elapsed = 1234567us,
          .exit_code = 1,
          .totals = {.items_in = 60,
                     .items_ok = 58,
                     .items_failed = 1,
                     .items_skipped = 1,
                     .bytes_in = 2,
                     .bytes_out = 3},
          .peak_rss_bytes = 4096,
          .user_time = 1500us,
          .system_time = 1ms,
          .heartbeat = HeartbeatFigures{100ms, 12, 60us, 900us, 1400us}};
}

}  // namespace

TEST_CASE("the report is the object that the manual shows") {
  RunReport report;
  report.watch(Warning{"not a failure"});
  report.watch(ItemFailed{"a.jpg", "bad-image", "it is empty"});
  report.add("order", "\"given\"");
  report.add("sizes", "[1,2]");
  CHECK(report.text(figures()) ==
        "{\"command\":\"grayscale\",\"version\":\"0.1.0\",\"started_at\":\"2025-09-01T04:13:20."
        "123Z\","
        "\"elapsed_ms\":1234.6,\"exit_code\":1,\"interrupted\":false,"
        "\"items\":{\"in\":60,\"ok\":58,\"failed\":1,\"skipped\":1},\"bytes\":{\"in\":2,\"out\":3},"
        "\"resources\":{\"peak_rss_bytes\":4096,\"user_ms\":1.5,\"system_ms\":1},"
        "\"heartbeat\":{\"interval_ms\":100,\"beats\":12,\"late_us\":{\"p50\":60,\"p99\":900,"
        "\"max\":1400}},"
        "\"failures\":[{\"item\":\"a.jpg\",\"type\":\"urn:nodeops:error:bad-image\",\"detail\":"
        "\"it is empty\"}],"
        "\"failures_total\":1,\"order\":\"given\",\"sizes\":[1,2]}\n");
}

TEST_CASE("a report without heartbeat, failures and exit status is whole JSON") {
  const RunReport report;
  const std::string text = report.text({});
  CHECK(is_json(text));
  CHECK(text.find("heartbeat") == std::string::npos);
  CHECK(text.find("\"exit_code\":null") != std::string::npos);
  CHECK(text.find("\"failures\":[],\"failures_total\":0}") != std::string::npos);
}

TEST_CASE("the first 100 failures are kept and all are counted") {
  RunReport report;
  for (int number = 1; number <= 250; ++number)
    report.watch(ItemFailed{"item-" + std::to_string(number), "x", "y"});
  const std::string text = report.text(figures());
  CHECK(text.find("\"item-100\"") != std::string::npos);
  CHECK(text.find("\"item-101\"") == std::string::npos);
  CHECK(text.find("\"failures_total\":250") != std::string::npos);
}

TEST_CASE("failures in the report are masked, and short however long the record was") {
  RunReport report;
  report.watch(ItemFailed{"a.csv:3", "x", "bad jane@example.com " + std::string(5'000'000, '\xC3'),
                          3, 9, "email"});
  const std::string text = report.text(figures());
  CHECK(is_json(text));
  CHECK(text.find("jane") == std::string::npos);
  CHECK(text.size() < 20'000);
  CHECK(text.find("\"line\":3,\"offset\":9,\"column\":\"email\"") != std::string::npos);
}

TEST_CASE("a report takes only JSON from the command") {
  RunReport report;
  CHECK_THROWS_AS(report.add("x", "{not json"), std::invalid_argument);
}
