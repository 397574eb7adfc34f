// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>
#include <signal.h>

#include <nlohmann/json.hpp>

#include "process/run_nodeops.hpp"

using namespace nodeops::test;
using Names = std::vector<std::string>;

namespace {

/// An input without end: a megabyte of records whenever there is room.
std::function<std::string()> endless() {
  return [piece = std::string()]() mutable {
    if (piece.empty()) {
      for (int i = 0; i < 40000; ++i) piece += std::to_string(i) + ",some name of it\n";
    }
    return piece;
  };
}

}  // namespace

TEST_CASE("SIGTERM and SIGINT end a run cleanly, with a report and the old output in place") {
  for (const auto& [number, exit_code] : {std::pair(SIGTERM, 143), std::pair(SIGINT, 130)}) {
    const TemporaryDirectory place;
    place.write("out.csv", "old");
    Process process(
        csv_transform(place, {"--report", "report.json", "-o", "out.csv", "--upper", "name", "-"}));
    process.send(numbered_records(300000));
    REQUIRE(process.wait_until_sent());
    process.signal(number);
    const auto outcome = process.finish();
    CHECK(outcome.signal == 0);
    CHECK(outcome.exit_code == exit_code);
    CHECK(place.read("out.csv") == "old");
    CHECK(place.names() == Names{"out.csv", "report.json"});
    const auto report = nlohmann::json::parse(place.read("report.json"));
    CHECK(report.at("interrupted") == true);
    CHECK(report.at("exit_code") == exit_code);
  }
}

TEST_CASE("SIGTERM ends a run whose input never ends") {
  const TemporaryDirectory place;
  Launch launch = csv_transform(place, {"--no-header", "--upper", "2", "-"});
  launch.keep_output = false;
  Process process(launch);
  std::size_t pieces = 0;
  process.send_from([&pieces, next = endless()]() mutable { return ++pieces, next(); });
  REQUIRE(process.wait_for([&] { return pieces > 20; }));
  process.signal(SIGTERM);
  const auto outcome = process.finish();
  CHECK(outcome.exit_code == 143);
  CHECK(outcome.out_bytes > 0);
}

TEST_CASE("SIGTERM ends a run that waits for its input") {
  const TemporaryDirectory place;
  Process process(csv_transform(place, {"-"}));
  process.send("a,b\n1,2\n");
  REQUIRE(process.wait_for_output("1,2\n"));
  process.signal(SIGTERM);
  const auto outcome = process.finish();
  CHECK(outcome.exit_code == 143);
  CHECK(outcome.out == "a,b\n1,2\n");
}

TEST_CASE("SIGTERM ends a run whose reader has fallen asleep") {
  const TemporaryDirectory place;
  Process process(csv_transform(place, {"--no-header", "-"}));
  std::size_t sent = 0;
  process.send_from([&sent, next = endless()]() mutable { return ++sent, next(); });
  process.hold_output();
  // One signal is enough, though there is no room for what it still has in hand.
  REQUIRE(process.wait_for([&] { return sent > 3; }));
  process.signal(SIGTERM);
  CHECK(process.finish().exit_code == 143);
}

TEST_CASE("a second signal ends a stuck run at once") {
  const TemporaryDirectory place;
  Process process(csv_transform(place, {"--no-header", "-"}));
  std::size_t sent = 0;
  process.send_from([&sent, next = endless()]() mutable { return ++sent, next(); });
  process.hold_output();
  REQUIRE(process.wait_for([&] { return sent > 3; }));
  process.signal(SIGINT);
  process.signal(SIGTERM);
  const auto outcome = process.finish();
  CHECK((outcome.exit_code == 130 || outcome.exit_code == 143));
}

TEST_CASE("what came through before a signal is whole records") {
  const TemporaryDirectory place;
  Process process(csv_transform(place, {"--no-header", "-"}));
  std::size_t sent = 0;
  process.send_from([&sent, next = endless()]() mutable { return ++sent, next(); });
  REQUIRE(process.wait_for([&] { return sent > 5; }));
  process.signal(SIGTERM);
  const auto outcome = process.finish();
  REQUIRE_FALSE(outcome.out.empty());
  CHECK(outcome.out.back() == '\n');
}
