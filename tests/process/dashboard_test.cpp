// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>
#include <signal.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "process/dashboard_runs.hpp"

using namespace nodeops::test;
using nlohmann::json;

TEST_CASE("dashboards come while the input is still open") {
  Process process(dashboard({"--mock", "notifications:latency=1ms,fail=0,hang=0", "-"}));
  process.send("1\n2\n");
  REQUIRE(process.wait_for([&] { return lines(process.out()) == 2; }));
  process.send("3\n");
  REQUIRE(process.wait_for([&] { return lines(process.out()) == 3; }));
  process.end_input();
  CHECK(process.finish().exit_code == 0);
}

TEST_CASE("an endless input runs in bounded memory, and SIGTERM ends it with a report") {
  const TemporaryDirectory place;
  const std::string report = (place.path() / "report.json").string();
  Process process(dashboard({"--concurrency", "2000", "--mock", "profile:latency=1ms", "--mock",
                             "orders:latency=1ms", "--mock", "notifications:latency=1ms",
                             "--report", report, "-"}));
  std::uint64_t next = 0;
  process.send_from([&next] {
    std::string ids;
    for (int i = 0; i < 1000; ++i) ids += std::to_string(next++) + "\n";
    return ids;
  });
  REQUIRE(process.wait_for([&] { return process.out().size() > (5U << 20U); }));
  process.signal(SIGTERM);
  const auto outcome = process.finish();
  CHECK(outcome.exit_code == 143);
  CHECK(outcome.peak_resident_bytes < (std::size_t{48} << 20U) * NODEOPS_MEMORY_FACTOR);
  const auto written = json::parse(place.read("report.json"));
  CHECK(written.at("interrupted") == true);
  CHECK(written.at("requests").at("leaked") == 0);
  // What was started has been shown, in order and whole.
  std::istringstream shown(outcome.out);
  std::uint64_t number = 0;
  for (std::string line; std::getline(shown, line); ++number)
    REQUIRE(line.starts_with("{\"user_id\":\"" + std::to_string(number) + "\""));
  CHECK(written.at("items").at("in") == number);
}

TEST_CASE("a reader that rests holds up the starts, not what is in flight") {
  const TemporaryDirectory place;
  const std::string report = (place.path() / "report.json").string();
  Process process(
      dashboard({"--concurrency", "100", "--mock", "notifications:latency=5s", "--cutoff", "5ms",
                 "--mock", "profile:latency=1ms", "--mock", "orders:latency=1ms", "--breaker",
                 "1000000/10s/5s", "--report", report, "-"}));
  std::string ids;
  for (int i = 0; i < 6000; ++i) ids += std::to_string(i) + "\n";
  process.hold_output();
  process.send(ids);
  process.end_input();
  REQUIRE(process.wait_until_sent());
  process.release_output();
  const auto outcome = process.finish();
  CHECK(outcome.exit_code == 0);
  CHECK(lines(outcome.out) == 6000);
  const auto written = json::parse(place.read("report.json"));
  CHECK(written.at("dashboards").at("partial") == 6000);
}

TEST_CASE("a closed pipe ends the run quietly") {
  Process process(dashboard({"--mock", "notifications:latency=1ms", "-"}));
  process.send_from([] { return std::string("1\n"); });
  REQUIRE(process.wait_for_output("\n"));
  process.close_output();
  const auto outcome = process.finish();
  CHECK(outcome.exit_code == 141);
  CHECK(outcome.err.empty());
}

TEST_CASE("a full disk fails the run") {
  if (!std::filesystem::exists("/dev/full")) return;
  auto launch = dashboard({"1"});
  launch.output_path = "/dev/full";
  const auto outcome = run_process(launch);
  CHECK(outcome.exit_code == 74);
  CHECK(contains(outcome.err, "No space left on device"));
}

TEST_CASE("few open files mean fewer dashboards at a time, and a warning") {
  const auto outcome = run_process(
      {.program = "/bin/sh",
       .arguments = {"-c", "ulimit -n 64; exec " NODEOPS_BINARY
                           " dashboard --concurrency 500 --source other=http://127.0.0.1:9/ 1"},
       .environment = {{"no_proxy", "127.0.0.1"}}});
  CHECK(outcome.exit_code == 0);
  CHECK(contains(outcome.err, "fewer dashboards at a time"));
}

TEST_CASE("the report and the metrics have the figures of dashboards, sources and requests") {
  const TemporaryDirectory place;
  const auto outcome = run_process(
      quick_dashboard({"--mock", "notifications:hang=1", "--cutoff", "20ms", "--budget", "50s",
                       "--report", place / "report", "--metrics-file", place / "metrics", "-"}),
      "1\n2\n");
  CHECK(outcome.exit_code == 0);
  const auto report = json::parse(place.read("report"));
  CHECK(report.at("items").at("ok") == 2);
  CHECK(report.at("bytes").at("in") == 4);
  CHECK(report.at("dashboards") == json({{"complete", 0}, {"partial", 2}, {"failed", 0}}));
  CHECK(report.at("sources").at("notifications").at("timeout") == 2);
  CHECK(report.at("sources").at("orders").at("answered_us").at("count") == 2);
  CHECK(report.at("requests") == json({{"started", 6}, {"cancelled", 2}, {"leaked", 0}}));
  CHECK(report.at("overshoot_us").at("count") == 2);
  const std::string metrics = place.read("metrics");
  for (const auto* const line :
       {R"(nodeops_dashboards_total{command="dashboard",status="partial"} 2)",
        R"(nodeops_source_outcomes_total{command="dashboard",source="orders",status="ok"} 2)",
        R"(nodeops_requests_cancelled_total{command="dashboard"} 2)",
        R"(nodeops_cutoff_overshoot_seconds{command="dashboard",quantile="0.99"} )"})
    CHECK(contains(metrics, line));
}

TEST_CASE("an id without end ends the run behind what was started, with a report") {
  const TemporaryDirectory place;
  const auto outcome = run_process(quick_dashboard({"--report", place / "report", "-"}),
                                   "1\n2\n" + std::string(9 << 20, 'x'));
  CHECK(outcome.exit_code == 65);
  CHECK(lines(outcome.out) == 2);
  CHECK(contains(outcome.err, "-:3: "));
  CHECK(json::parse(place.read("report")).at("dashboards").at("complete") == 2);
  const auto whole = run_process(quick_dashboard({"-o", place / "page", "-"}),
                                 "1\n2\n" + std::string(9 << 20, 'x'));
  CHECK(whole.exit_code == 65);
  CHECK_FALSE(place.has("page"));
}

TEST_CASE("ids without end cannot be watched again and again") {
  Process process(quick_dashboard({"--watch", "1s", "--memory-limit", "1M", "-"}));
  process.send_from([] { return std::string(1 << 16, '1') + "\n"; });
  const auto outcome = process.finish();
  CHECK(outcome.exit_code == 2);
  CHECK(contains(outcome.err, "more user ids than there is memory for"));
}

TEST_CASE("on the virtual clock, too, a dashboard is there although the input has not ended") {
  Process process(dashboard({"--clock", "virtual", "-"}));
  process.send("1\n");
  CHECK(process.wait_for_output("\"user_id\":\"1\""));
  process.send("2\n3\n");
  CHECK(process.wait_for_output("\"user_id\":\"3\""));
  process.end_input();
  CHECK(process.finish().exit_code == 0);
}
