// SPDX-License-Identifier: MIT
// Commands as sources of dashboards.
#include <doctest/doctest.h>
#include <signal.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "process/dashboard_runs.hpp"

using namespace nodeops::test;
using nlohmann::json;

namespace {

constexpr auto prints_arguments =
    "page=exec:python3 -c 'import json,sys; print(json.dumps(sys.argv[1:]))' ";

/// What became of the source `page`, given the time that a loaded machine takes.
json page_of(const std::string& source, const std::string& id) {
  const auto outcome = run_process(
      quick_dashboard({"--budget", "50s", "--cutoff", "50s", "--source", source, "-"}), id + "\n");
  CAPTURE(outcome.err);
  CHECK(outcome.err.empty());
  const auto one = json::parse(outcome.out);
  json page = one.at("sources").back();
  page["data"] = one.at("data").value("page", json());
  return page;
}

bool has_gone(int process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/stat");
  std::string number;
  std::string name;
  std::string state;
  return !(status >> number >> name >> state) || state == "Z";
}

}  // namespace

TEST_CASE("a command that is late is ended with all its children") {
  const TemporaryDirectory place;
  place.write("slow.sh", "trap '' TERM; sleep 1000 & echo $$ $! > pids; wait\nwait\n");
  json report;
  // A machine that is too busy to start the command in time gets more of it.
  for (const auto* const budget : {"500ms", "5s", "50s"}) {
    auto launch = quick_dashboard({"--source", "page=exec:sh slow.sh,required", "--budget", budget,
                                   "--report", "report.json", "1"});
    launch.directory = place.path().string();
    CHECK(run_process(launch).exit_code == 69);
    report = json::parse(place.read("report.json"));
    if (place.has("pids") && lines(place.read("pids")) == 1) break;
  }
  CHECK(report.at("requests").at("cancelled") == 1);
  CHECK(report.at("requests").at("leaked") == 0);
  std::istringstream pids(place.read("pids"));
  int seen = 0;
  for (int process = 0; pids >> process; ++seen) {
    CAPTURE(process);
    // A killed process takes a moment to go.
    CHECK(eventually([&] { return has_gone(process); }));
  }
  CHECK(seen == 2);
}

TEST_CASE("a command gets the id as one argument, whatever is in it") {
  const std::string arguments = prints_arguments + std::string("{user} x{user}");
  for (const std::string id : {"a b; $(echo no) \"'", "../../etc/passwd", "{user}", "é\\n", "*"}) {
    CAPTURE(id);
    CHECK(page_of(arguments, id).at("data") == json::array({id, "x" + id}));
  }
}

TEST_CASE("an id that is no argument, or more than one, is not given to the command") {
  const auto said = [](const std::string& source, const std::string& id) {
    const json page = page_of(source, id);
    CHECK(page.at("status") == "error");
    CHECK(page.at("error").at("type") == "urn:nodeops:error:bad-question");
    CHECK(page.at("error").at("status") == 400);
    return page.at("error").at("detail").get<std::string>();
  };
  const std::string arguments = prints_arguments;
  CHECK(contains(said(arguments + "{user}", "--help"), "would be an option"));
  CHECK(page_of(arguments + "-- {user}", "--help").at("data") == json::array({"--", "--help"}));
  CHECK(page_of(arguments + "id={user}", "-x").at("data") == json::array({"id=-x"}));
  CHECK(contains(said(arguments + "{user}", std::string("42\0x", 4)), "NUL"));
  CHECK(contains(said(arguments + "{user}", std::string(1 << 20, 'x')), "too long"));
  const std::string script = "page=exec:env sh -c 'echo \"[\\\"{user}\\\"]\"'";
  CHECK(page_of(script, "user-42").at("data") == json::array({"user-42"}));
  CHECK(contains(said(script, "$(id)"), "would be code"));
  for (const std::string start :
       {"sh -ce ", "bash -cx ", "sh -c -- ", "bash -c -e ", "sh -e -c -u ", "bash +x -ce ",
        "bash -c -o errexit ", "ssh host ", "su -c ", "flock lock -c ", "script -c ", "watch "})
    CHECK(contains(said("page=exec:" + start + "'echo {user}'", ";id"), "would be code"));
  CHECK(contains(said("page=exec:env -S \"sh -c 'echo {user}'\"", ";id"), "would be code"));
  CHECK(contains(said("page=exec:env --split-string=\"sh -c 'echo {user}'\"", ";id"),
                 "would be code"));
  for (const std::string start : {"sh -c ", "sh -e -c ", "bash -o errexit -c "}) {
    const std::string source = "page=exec:" + start + "'echo \"[1]\"; : \"$1\"' sh {user}";
    CHECK(page_of(source, "$(id)").at("status") == "ok");
  }
}

TEST_CASE("a command that fails is an error of its source, with what it said") {
  const auto detail = [](const std::string& command) {
    return page_of("page=exec:" + command, "1").at("error").at("detail").get<std::string>();
  };
  CHECK(detail("sh -c 'exit 3'") == "the command has ended with status 3");
  CHECK(detail("sh -c 'kill -9 $$'") == "the command was ended by signal 9");
  CHECK(contains(detail("/no/such"), "No such file"));
  CHECK(detail("cat") == "an empty answer");
  CHECK(detail("sh -c 'echo no jean@example.com here >&2; exit 1'") ==
        "the command has ended with status 1: no j***@example.com here");
  // More than fits into a pipe: the command must not be held up by it.
  CHECK(contains(detail("sh -c 'yes no | head -c 300000 >&2; exit 4'"), "status 4: no\\nno\\n"));
  CHECK(contains(detail("yes"), "longer than 8.0 MiB"));
}

TEST_CASE("a command has the limit of open files that nodeops was started with") {
  const TemporaryDirectory place;
  // It may have begun before it gets it.
  place.write("limit.sh",
              "n=0\nwhile [ $(ulimit -Sn) != 64 ] && [ $n -lt 2000 ]; do n=$((n + 1)); done\n"
              "ulimit -Sn\n");
  auto launch = quick_dashboard({"--concurrency", "100", "--budget", "50s", "--source",
                                 "page=exec:sh limit.sh,cutoff=50s", "1"});
  launch.directory = place.path().string();
  launch.arguments.insert(launch.arguments.begin(),
                          {"-c", "ulimit -Sn 64; exec \"$@\"", "sh", launch.program});
  launch.program = "/bin/sh";
  const auto outcome = run_process(launch);
  CHECK(outcome.exit_code == 0);
  CHECK(json::parse(outcome.out).at("data").value("page", 0) == 64);
}

TEST_CASE("that we have no room for another process is not held against the command") {
  auto launch = quick_dashboard({"--budget", "50s", "--source", "page=exec:echo 1", "-"});
  launch.arguments.insert(launch.arguments.begin(),
                          {"-c", "ulimit -n 11; exec \"$@\"", "sh", launch.program});
  launch.program = "/bin/sh";
  const auto outcome = run_process(launch, "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
  CAPTURE(outcome.err);
  std::istringstream dashboards(outcome.out);
  int seen = 0;
  for (std::string line; std::getline(dashboards, line); ++seen) {
    const json page = json::parse(line).at("sources").back();
    CHECK(page.at("status") == "error");
    CHECK(page.at("error").at("detail") == "cannot start the command: Too many open files");
  }
  CHECK(seen == 9);
}

TEST_CASE("what ends the run at once leaves no command behind") {
  const TemporaryDirectory place;
  place.write("slow.sh", "echo $$ > pid; exec sleep 1000\n");
  auto launch = quick_dashboard({"--source", "page=exec:sh slow.sh,required", "--budget", "1h",
                                 "--report", "report.json", "1"});
  launch.directory = place.path().string();
  Process process(launch);
  REQUIRE(eventually([&] { return place.has("pid") && place.read("pid").ends_with('\n'); }));
  process.signal(SIGTERM);
  const auto outcome = process.finish();
  CHECK(outcome.exit_code == 143);
  CHECK(json::parse(outcome.out).at("sources").back().at("status") == "cancelled");
  const auto report = json::parse(place.read("report.json"));
  CHECK(report.at("sources").at("page").at("cancelled") == 1);
  CHECK(report.at("requests").at("leaked") == 0);
  CHECK(eventually([&] { return has_gone(std::stoi(place.read("pid"))); }));
}

TEST_CASE("the children of a late command have as long to clean up as itself") {
  const TemporaryDirectory place;
  // The leader is gone at once; its child takes a while.
  place.write(
      "slow.sh",
      "(trap 'sleep 0.02; touch clean; exit' TERM; while :; do sleep 0.001; done) &\nwait\n");
  // On a busy machine it may start too late, or not be done within its 100 ms.
  for (int attempt = 0; attempt < 30 && !place.has("clean"); ++attempt) {
    auto launch = quick_dashboard({"--budget", "50s", "--source", "page=exec:sh slow.sh", "1"});
    launch.directory = place.path().string();
    CHECK(run_process(launch).exit_code == 0);
  }
  CHECK(place.has("clean"));
}

TEST_CASE("a second signal leaves no command behind either") {
  const TemporaryDirectory place;
  place.write("slow.sh", "echo $$ > pid; exec sleep 1000\n");
  auto launch =
      quick_dashboard({"--source", "page=exec:sh slow.sh,required", "--budget", "1h", "1"});
  launch.directory = place.path().string();
  Process process(launch);
  REQUIRE(eventually([&] { return place.has("pid") && place.read("pid").ends_with('\n'); }));
  process.signal(SIGINT);
  process.signal(SIGTERM);
  const auto outcome = process.finish();
  CHECK(outcome.exit_code == 143);  // not that of a clean end, which would be 130
  CHECK(eventually([&] { return has_gone(std::stoi(place.read("pid"))); }));
}
