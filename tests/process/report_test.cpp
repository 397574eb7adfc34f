// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "process/run_nodeops.hpp"

using namespace nodeops::test;
using nlohmann::json;

namespace {

std::vector<json> parse_lines(const std::string& text) {
  std::vector<json> rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) rows.push_back(json::parse(line));
  return rows;
}

const std::string three_records_one_ragged = "a,b\n1,2\n3\n4,5\n";

}  // namespace

TEST_CASE("the report tells what the run did") {
  const TemporaryDirectory place;
  const auto outcome = run_csv_transform(
      place, {"--on-error", "skip", "--report", "report.json", "-o", "out.csv", "-"},
      three_records_one_ragged);
  CHECK(outcome.exit_code == 1);
  const json report = json::parse(place.read("report.json"));
  CHECK(report.at("command") == "csv-transform");
  CHECK(report.at("version").is_string());
  CHECK(report.at("started_at").get<std::string>().back() == 'Z');
  CHECK(report.at("elapsed_ms").is_number());
  CHECK(report.at("exit_code") == 1);
  CHECK(report.at("interrupted") == false);
  CHECK(report.at("items").at("in") == 3);
  CHECK(report.at("items").at("ok") == 2);
  CHECK(report.at("items").at("failed") == 1);
  CHECK(report.at("bytes").at("in") == three_records_one_ragged.size());
  CHECK(report.at("bytes").at("out") == place.read("out.csv").size());
  CHECK(report.at("resources").at("peak_rss_bytes") > 0);
  CHECK(report.at("heartbeat").at("interval_ms") == 100);
  REQUIRE(report.at("failures").size() == 1);
  CHECK(report.at("failures")[0].at("type").get<std::string>().rfind("urn:nodeops:error:", 0) == 0);
}

TEST_CASE("the report's counts add up when records are filtered and rejected") {
  const TemporaryDirectory place;
  std::string text = "n,t\n";
  for (int i = 0; i < 1000; ++i) text += std::to_string(i) + (i % 10 == 0 ? "\n" : ",x\n");
  const auto outcome = run_csv_transform(place,
                                         {"--on-error", "skip", "--where", "n >= 500", "--report",
                                          "report.json", "-o", "out.csv", "-"},
                                         text);
  CHECK(outcome.exit_code == 1);
  const json items = json::parse(place.read("report.json")).at("items");
  CHECK(items.at("in") == 1000);
  CHECK(items.at("failed") == 100);
  CHECK(items.at("ok") == 450);
  CHECK(items.at("skipped") == 450);
}

TEST_CASE("the report's counts add up when a malformed record stops a run that filters") {
  const TemporaryDirectory place;
  std::string text = "n,t\n";
  for (int i = 0; i < 200; ++i) text += std::to_string(i) + (i == 100 ? "\n" : ",x\n");
  const auto outcome = run_csv_transform(
      place, {"--where", "n >= 150", "--report", "report.json", "-o", "out.csv", "-"}, text);
  CHECK(outcome.exit_code == 65);
  const json items = json::parse(place.read("report.json")).at("items");
  CHECK(items.at("in") == 101);
  CHECK(items.at("failed") == 1);
  CHECK(items.at("skipped") == 100);
  CHECK(items.at("ok") == 0);
}

TEST_CASE("the report is there when the run failed") {
  const TemporaryDirectory place;
  const auto outcome =
      run_csv_transform(place, {"--report", "report.json", "-"}, three_records_one_ragged);
  CHECK(outcome.exit_code == 65);
  CHECK(json::parse(place.read("report.json")).at("exit_code") == 65);
}

TEST_CASE("the metrics file is Prometheus text with nothing left beside it") {
  const TemporaryDirectory place;
  CHECK(run_csv_transform(place, {"--metrics-file", "run.prom", "-"}, "a\n1\n2\n").exit_code == 0);
  const std::string metrics = place.read("run.prom");
  CHECK(place.names() == std::vector<std::string>{"run.prom"});
  std::istringstream lines(metrics);
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    if (line.rfind("# HELP nodeops_", 0) == 0 || line.rfind("# TYPE nodeops_", 0) == 0) continue;
    CHECK(line.rfind("nodeops_", 0) == 0);
    std::size_t used = 0;
    const std::string value = line.substr(line.rfind(' ') + 1);
    CHECK_NOTHROW(std::stod(value, &used));
    CHECK(used == value.size());
  }
  CHECK(metrics.back() == '\n');
}

TEST_CASE("the event stream is NDJSON from started to finished") {
  const TemporaryDirectory place;
  const auto outcome = run_csv_transform(place, {"--on-error", "skip", "--events", "events", "-"},
                                         three_records_one_ragged);
  CHECK(outcome.exit_code == 1);
  const std::vector<json> events = parse_lines(place.read("events"));
  REQUIRE(events.size() >= 3);
  CHECK(events.front().dump().find("started") != std::string::npos);
  CHECK(events.back().dump().find("finished") != std::string::npos);
  for (const json& event : events) CHECK(event.is_object());
}

TEST_CASE("a rejected record has its place, byte for byte and in words") {
  const TemporaryDirectory place;
  const auto outcome = run_csv_transform(
      place, {"--on-error", "skip", "--rejects", "bad.csv", "--date", "d=%Y-%m-%d:%d.%m.%Y", "-"},
      "n,d\r\n1,2026-11-20\r\n2,\"soon, \"\"maybe\"\"\"\r\n3\r\n4,2026-01-02\r\n");
  CHECK(outcome.exit_code == 1);
  CHECK(outcome.out == "n,d\r\n1,20.11.2026\r\n4,02.01.2026\r\n");
  CHECK(contains(place.read("bad.csv"), "2,\"soon, \"\"maybe\"\"\"\r\n3\r\n"));
  const std::vector<json> why = parse_lines(place.read("bad.csv.why.ndjson"));
  REQUIRE(why.size() == 2);
  CHECK(why[0].at("line") == 3);
  CHECK(why[0].at("offset") == 19);
  CHECK(why[0].at("column") == "d");
  CHECK(why[1].at("line") == 4);
  CHECK(why[1].at("reason").is_string());
}

TEST_CASE("logs, reports and reasons hold no personal data") {
  const TemporaryDirectory place;
  const auto outcome = run_csv_transform(
      place,
      {"-v", "--log-format", "json", "--on-error", "skip", "--report", "report.json", "--events",
       "events", "--rejects", "bad.csv", "--date", "d=%Y-%m-%d:%d.%m.%Y", "-"},
      "n,d\n1,jane.roe@example.com\n2,4242 4242 4242 4242\n");
  CHECK(outcome.exit_code == 1);
  const std::string all = outcome.err + place.read("report.json") + place.read("events") +
                          place.read("bad.csv.why.ndjson");
  CHECK_FALSE(contains(all, "jane.roe@example.com"));
  CHECK_FALSE(contains(all, "4242 4242 4242 4242"));
}
