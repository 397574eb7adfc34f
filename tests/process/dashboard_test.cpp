// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "process/run_nodeops.hpp"

using namespace nodeops::test;
using nlohmann::json;

namespace {

Launch dashboard(const std::vector<std::string>& arguments) {
  Launch launch{.program = NODEOPS_BINARY, .arguments = {"dashboard"}};
  launch.arguments.insert(launch.arguments.end(), arguments.begin(), arguments.end());
  return launch;
}

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

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
  Process process(dashboard({"--concurrency", "100", "--mock", "notifications:latency=5s",
                             "--breaker", "1000000/10s/5s", "--report", report, "-"}));
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

TEST_CASE("a command that is late is ended with all its children") {
  const TemporaryDirectory place;
  place.write("slow.sh",
              "echo $$ > pids; sleep 1000 & echo $! >> pids; trap '' TERM; wait\nwait\n");
  auto launch =
      dashboard({"--source", "profile=exec:sh slow.sh", "--budget", "300ms", "--mock",
                 "notifications:latency=1ms,fail=0,hang=0", "--report", "report.json", "1"});
  launch.directory = place.path().string();
  const auto outcome = run_process(launch);
  CHECK(outcome.exit_code == 69);
  const auto report = json::parse(place.read("report.json"));
  CHECK(report.at("requests").at("cancelled") == 1);
  CHECK(report.at("requests").at("leaked") == 0);
  std::istringstream pids(place.read("pids"));
  for (int pid = 0; pids >> pid;) {
    CAPTURE(pid);
    const auto gone = [&] {
      std::ifstream status("/proc/" + std::to_string(pid) + "/stat");
      std::string number;
      std::string name;
      std::string state;
      return !(status >> number >> name >> state) || state == "Z";
    };
    CHECK(gone());
  }
}

TEST_CASE("a command gets the id as one argument, whatever is in it") {
  const auto outcome =
      run_process(dashboard({"--source",
                             "profile=exec:python3 -c 'import json,sys; "
                             "print(json.dumps(sys.argv[1:]))' {user} x{user}",
                             "--budget", "20s", "--cutoff", "1s", "a b; $(echo no) \"'\n"}));
  const auto one = json::parse(outcome.out);
  CHECK(one.at("data").at("profile") ==
        json::array({"a b; $(echo no) \"'\n", "xa b; $(echo no) \"'\n"}));
}

TEST_CASE("a command that fails is an error of its source") {
  const auto outcome = run_process(
      dashboard({"--source", "profile=exec:sh -c 'exit 3'", "--source", "orders=exec:/no/such",
                 "--source", "other=exec:sh -c 'kill -9 $$'", "--budget", "10s", "1"}));
  CHECK(outcome.exit_code == 69);
  const auto sources = json::parse(outcome.out).at("sources");
  CHECK(sources.at(0).at("error").at("detail") == "the command has ended with status 3");
  CHECK(contains(std::string(sources.at(1).at("error").at("detail")), "No such file"));
  CHECK(sources.at(3).at("error").at("detail") == "the command was ended by signal 9");
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

TEST_CASE("--watch refreshes until it is interrupted") {
  Process process(dashboard({"--watch", "20ms", "--format", "ndjson", "--mock",
                             "notifications:latency=1ms,fail=0,hang=0", "7"}));
  REQUIRE(process.wait_for([&] { return lines(process.out()) >= 3; }));
  process.signal(SIGINT);
  const auto outcome = process.finish();
  CHECK(outcome.exit_code == 130);
  CHECK_FALSE(contains(outcome.out, "\x1b"));
}

TEST_CASE("on a terminal --watch redraws in place and gives the cursor back") {
  const auto outcome =
      run_process({.program = "/usr/bin/python3",
                   .arguments = {NODEOPS_SOURCE "/tests/process/on_a_terminal.py", "2",
                                 NODEOPS_BINARY, "dashboard", "--watch", "20ms", "--mock",
                                 "notifications:latency=1ms,fail=0,hang=0", "7"}});
  CHECK(outcome.exit_code == 130);
  CHECK(outcome.out.find("\x1b[?25l") < outcome.out.find("USER"));
  CHECK(contains(outcome.out, "\x1b[H\x1b[J"));
  CHECK(outcome.out.rfind("\x1b[?25h") > outcome.out.rfind("USER"));
}

TEST_CASE("the page can be looked at in a browser, in light and in dark") {
  if (!std::filesystem::exists("/usr/bin/chromium")) {
    MESSAGE("skipped: chromium is not installed");
    return;
  }
  const TemporaryDirectory place;
  auto launch =
      dashboard({"--clock", "virtual", "--format", "html", "-o", "page.html", "7", "<b>9"});
  launch.directory = place.path().string();
  REQUIRE(run_process(launch).exit_code == 0);
  const auto looked_at = run_process(
      {.program = "/usr/bin/chromium",
       .arguments = {"--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                     "--disable-background-networking", "--disable-component-update",
                     "--disable-sync", "--user-data-dir=" + (place.path() / "profile").string(),
                     "--dump-dom", "file://" + (place.path() / "page.html").string()},
       .environment = {{"HOME", place.path().string()}}});
  CHECK(looked_at.exit_code == 0);
  CHECK(contains(looked_at.out, "&lt;b&gt;9"));
  CHECK(contains(looked_at.out, "<article>"));
  CHECK(contains(looked_at.out, "aria-label="));
}
