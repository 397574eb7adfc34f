// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "cli/run_nodeops.hpp"
#include "observe/json_object.hpp"
#include "support/temporary_directory.hpp"

using namespace nodeops;
using namespace nodeops::test;

namespace {

RunOutcome simulated(std::vector<std::string> arguments, std::string_view input = {}) {
  arguments.insert(arguments.begin(), {"dashboard", "--clock", "virtual"});
  return run_nodeops(arguments, input);
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("dashboard prints one JSON object for each user, in order") {
  const auto outcome = simulated({"--concurrency", "3", "--mock",
                                  "notifications:latency=10ms,fail=0,hang=0", "2", "1", "-", "9"},
                                 "5\n6\n");
  CHECK(outcome.exit_code == 0);
  std::istringstream lines(outcome.out);
  std::string users;
  for (std::string line; std::getline(lines, line);) {
    CHECK(is_json(line));
    CHECK(contains(line, R"("status":"complete")"));
    users += line.substr(12, 1);
  }
  CHECK(users == "21569");
}

TEST_CASE("the same seed gives the same output at any concurrency, another seed another") {
  std::string ids;
  for (int i = 0; i < 300; ++i) ids += std::to_string(i) + "\n";
  const auto output = [&](const char* concurrency, const char* seed) {
    return simulated({"--concurrency", concurrency, "--seed", seed, "-"}, ids).out;
  };
  const std::string first = output("1", "5");
  CHECK(output("64", "5") == first);
  CHECK(output("10000", "5") == first);
  CHECK(output("64", "6") != first);
}

TEST_CASE("a missing required source fails: 69 for one user, 1 for many; --strict counts partial") {
  CHECK(simulated({"--mock", "orders:fail=1", "7"}).exit_code == 69);
  CHECK(simulated({"--mock", "orders:hang=1", "7"}).exit_code == 69);
  CHECK(simulated({"--mock", "orders:fail=1", "7", "8"}).exit_code == 1);
  CHECK(simulated({"--mock", "notifications:hang=1", "7"}).exit_code == 0);
  CHECK(simulated({"--mock", "notifications:hang=1", "--strict", "7"}).exit_code == 1);
}

TEST_CASE("a late source says so in a problem object") {
  const auto outcome = simulated({"--mock", "notifications:latency=5s", "42"});
  CHECK(contains(outcome.out, R"("elapsed_ms":300,"budget_ms":500)"));
  CHECK(contains(outcome.out,
                 R"("status":"timeout","elapsed_ms":300,"attempts":1,"error":{"type":)"
                 R"("urn:nodeops:error:source-timeout","title":"Source timed out","status":504,)"
                 R"("detail":"no answer within 300 ms"}})"));
}

TEST_CASE("cutoff and budget are what the options say") {
  const std::vector<std::string> slow = {"--mock", "notifications:latency=5s"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), slow.begin(), slow.end());
    more.emplace_back("1");
    return simulated(more).out;
  };
  CHECK(contains(with({"--cutoff", "150ms"}), "\"elapsed_ms\":150,"));
  CHECK(contains(with({"--cutoff", "1h", "--budget", "400ms"}), "\"elapsed_ms\":400,"));
  CHECK(contains(with({"--source", "notifications=mock:,cutoff=120ms"}), "\"elapsed_ms\":120,"));
}

TEST_CASE("the timeline and the table come as text") {
  const auto outcome = simulated({"--timeline", "--mock", "notifications:latency=5s", "42"});
  CHECK(outcome.out.starts_with("USER"));
  CHECK(contains(outcome.out, "notifications: no answer within 300 ms"));
  CHECK(contains(outcome.out, "█"));
}

TEST_CASE("wrong usage of dashboard is told in one line that says what is allowed") {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"--cutoff", "soon", "1"}, "--cutoff"},
      {{"--source", "x=ftp://h", "1"}, "no source has such an address"},
      {{"--source", "x", "1"}, "is not NAME=URL"},
      {{"--mock", "notification:fail=1", "1"}, "did you mean 'notifications'"},
      {{"--mock", "orders:fail=2", "1"}, "with P from 0 to 1"},
      {{"--breaker", "5/10s", "1"}, "FAILURES/WINDOW/COOLDOWN"},
      {{"--format", "xml", "1"}, "auto, json, ndjson, table, html"},
      {{"--timeline", "--format", "json", "1"}, "--timeline"},
      {{"--clock", "virtual", "--source", "x=http://127.0.0.1/", "1"}, "is no mock"},
      {{"--clock", "virtual", "--watch", "1s", "1"}, "--watch"},
      {{"--header", "no colon", "1"}, "--header"},
      {{"--source", "x=http://[::1/", "1"}, "is no URL"},
      {{"--source", "x=http://h:99999/{user}", "1"}, "is no URL"},
      {{"--source", "x=https://h\"/{user}", "1"}, "is no URL"},
      {{"--source", "x=exec:bin/{user}.sh", "1"}, "would name the program"},
      {{"--source", "a b=mock:", "1"}, "name of a source"},
      {{"--mock", "orders:", "1"}, "--mock"},
      {{"1", "", "2"}, "a USER_ID is empty"},
      {{"--concurrency", "0", "1"}, "1 to 1000000"}};
  for (auto [arguments, text] : cases) {
    arguments.insert(arguments.begin(), "dashboard");
    const auto outcome = run_nodeops(arguments);
    CAPTURE(outcome.err);
    CHECK(outcome.exit_code == 2);
    CHECK(contains(outcome.err, text));
    CHECK(outcome.out.empty());
    CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
  }
}

TEST_CASE("files that are not there are named") {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--mock-data", "/no/such/place"},
        {"--token-file", "/no/such/place"},
        {"--tls-ca", "/no/such/place"}}) {
    std::vector<std::string> all = {"dashboard"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    all.emplace_back("1");
    const auto outcome = run_nodeops(all);
    CHECK(outcome.exit_code == 66);
    CHECK(contains(outcome.err, "/no/such/place"));
  }
}

TEST_CASE("an empty input is nothing to do") {
  const auto outcome = simulated({"-"}, "\n\n");
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.empty());
}

TEST_CASE("a file that is no certificate is told before anybody is asked") {
  const TemporaryDirectory place;
  const std::string file = place.write("ca.pem", "nothing of the kind");
  const auto outcome = simulated({"--tls-ca", file, "1"});
  CHECK(outcome.exit_code == 65);
  CHECK(contains(outcome.err, "ca.pem: has no certificate in it"));
}

TEST_CASE("a token is one line, and goes with no other authorization") {
  const TemporaryDirectory place;
  const std::string token = place.write("token", "secret-1\n");
  const std::string two = place.write("two", "secret-1\nX-Header: 2\n");
  CHECK(simulated({"--token-file", token, "1"}).exit_code == 0);
  for (const auto& arguments :
       {std::vector<std::string>{"--token-file", two, "1"},
        {"--token-file", token, "--header", "authorization: Basic x", "1"}}) {
    const auto outcome = simulated(arguments);
    CHECK(outcome.exit_code == 2);
    CHECK_FALSE(contains(outcome.err, "secret"));
  }
}

TEST_CASE("a source given twice is the last one; an id given twice is two dashboards") {
  const auto outcome = simulated({"--source", "x=mock:,cutoff=10ms", "--source",
                                  "x=mock:,required,cutoff=20ms", "--mock", "x:hang=1", "1", "1"});
  CHECK(outcome.exit_code == 1);
  CHECK(std::count(outcome.out.begin(), outcome.out.end(), '\n') == 2);
  CHECK(
      contains(outcome.out, R"({"name":"x","required":true,"status":"timeout","elapsed_ms":20,)"));
  CHECK_FALSE(contains(outcome.out, "\"elapsed_ms\":10,"));
}
