// SPDX-License-Identifier: MIT
// Real HTTP servers that are slow, broken or hostile.
#include <doctest/doctest.h>
#include <signal.h>

#include <nlohmann/json.hpp>
#include <string>

#include "process/dashboard_runs.hpp"

using namespace nodeops::test;
using nlohmann::json;

namespace {

/// The misbehaving server, for as long as this lives.
class IllServer {
 public:
  explicit IllServer(const std::vector<std::string>& tls = {}) : process_(launch(tls)) {
    REQUIRE(process_.wait_for_output("\n"));
    port_ = process_.out().substr(5, process_.out().find('\n') - 5);
  }
  std::string address(const std::string& scheme = "http") const {
    return scheme + "://127.0.0.1:" + port_;
  }
  std::string asked() {
    process_.signal(SIGTERM);
    return process_.finish().out;
  }

 private:
  static Launch launch(const std::vector<std::string>& tls) {
    Launch launch{.program = "/usr/bin/python3",
                  .arguments = {NODEOPS_SOURCE "/tests/process/ill_server.py"}};
    launch.arguments.insert(launch.arguments.end(), tls.begin(), tls.end());
    return launch;
  }
  Process process_;
  std::string port_;
};

struct Fetched {
  ProcessOutcome outcome;
  json dashboard;
  json source;  ///< the one that was asked by HTTP
};

/// One dashboard whose one required source is at this address; as much time as a loaded machine
/// takes.
Fetched fetch(const std::string& source, const std::vector<std::string>& more = {},
              const std::string& user = "42") {
  auto launch = quick_dashboard({"--source", "page=" + source + ",required", "--budget", "50s"});
  launch.arguments.insert(launch.arguments.end(), more.begin(), more.end());
  launch.arguments.push_back("-");
  Fetched fetched{.outcome = run_process(launch, user + "\n"), .dashboard = {}, .source = {}};
  CAPTURE(fetched.outcome.err);
  fetched.dashboard = json::parse(fetched.outcome.out);
  fetched.source = fetched.dashboard.at("sources").back();
  return fetched;
}

std::string detail_of(const Fetched& fetched) {
  return fetched.source.at("error").at("detail");
}

}  // namespace

TEST_CASE("an answer becomes a part of the dashboard, with the headers that were asked for") {
  const IllServer server;
  const TemporaryDirectory place;
  place.write("token", "s3cr3t-token\n");
  const auto fetched = fetch(
      server.address() + "/ok/{user}?x=1",
      {"--header", "X-Tenant: 7", "--token-file", (place.path() / "token").string()}, "a/b ?&\"%");
  CHECK(fetched.outcome.exit_code == 0);
  const auto& page = fetched.dashboard.at("data").at("page");
  CHECK(page.at("target") == "/ok/a%2Fb%20%3F%26%22%25?x=1");
  CHECK(page.at("headers").at("X-Tenant") == "7");
  CHECK(page.at("headers").at("Authorization") == "Bearer s3cr3t-token");
  CHECK(page.at("headers").at("Accept") == "application/json");
  const auto other = fetch(server.address() + "/ok", {"--header", "accept: text/x"});
  const auto& headers = other.dashboard.at("data").at("page").at("headers");
  CHECK(headers.at("accept") == "text/x");
  CHECK_FALSE(headers.contains("Accept"));
}

TEST_CASE("headers and tokens are in no log, report or event") {
  const IllServer server;
  const TemporaryDirectory place;
  const std::string token = place.write("token", "s3cr3t-token\n");
  const auto fetched =
      fetch(server.address() + "/broken,retries=1",
            {"--header", "X-Key: s3cr3t-header", "--token-file", token, "--verbose", "--report",
             place / "report", "--events", place / "events", "--log-file", place / "log",
             "--metrics-file", place / "metrics"});
  CHECK(fetched.outcome.exit_code == 69);
  std::string all = fetched.outcome.out + fetched.outcome.err;
  for (const auto* const name : {"report", "events", "log", "metrics"}) all += place.read(name);
  CHECK_FALSE(contains(all, "s3cr3t"));
  CHECK(contains(place.read("events"), R"("event":"retry")"));
}

TEST_CASE("no id leads out of its place in the URL") {
  IllServer server;
  for (const std::string id : {"..", "."}) {
    const auto refused = fetch(server.address() + "/ok/{user}/orders", {}, id);
    CHECK(refused.source.at("error").at("type") == "urn:nodeops:error:bad-question");
  }
  CHECK(fetch(server.address() + "/ok/x-{user}/orders", {}, "..").outcome.exit_code == 0);
  CHECK(fetch(server.address() + "/ok?user={user}", {}, "..").outcome.exit_code == 0);
  CHECK(fetch(server.address() + "/ok/{user}/orders", {}, "../..").outcome.exit_code == 0);
  const auto huge = fetch(server.address() + "/ok/{user}", {}, std::string(1 << 20, 'x'));
  CHECK(contains(detail_of(huge), "too long"));
  std::istringstream asked(server.asked());
  std::string words;
  for (std::string line; std::getline(asked, line);) {
    if (line.starts_with("asked ")) words += line.substr(6) + " ";
  }
  CHECK(words == "/ok/x-../orders /ok?user=.. /ok/..%2F../orders ");
}

#ifdef NODEOPS_SLOW_NAMES
TEST_CASE("a name that is being looked up is cut off in time, and nobody waits for it") {
  auto launch = quick_dashboard({"--source", "page=http://h.example/{user},required", "--budget",
                                 "200ms", "--report", "-", "1", "2", "3"});
  launch.environment["LD_PRELOAD"] = NODEOPS_SLOW_NAMES;
  const auto outcome = run_process(launch);
  CHECK(outcome.exit_code == 1);
  const auto report = json::parse(outcome.out.substr(outcome.out.rfind("{\"command\"")));
  CHECK(report.at("sources").at("page").at("timeout") == 3);
  // The resolver takes a minute.
  CHECK(report.at("elapsed_ms") < 50'000);
  CHECK(report.at("overshoot_us").at("max") < 50'000'000);
}
#endif

TEST_CASE("a server that hangs, drips or stops after its headers is cut off in time") {
  const IllServer server;
  for (const auto* const kind : {"hang", "headers-then-hang", "drip"}) {
    CAPTURE(kind);
    const auto fetched = fetch(server.address() + "/" + kind, {"--budget", "200ms"});
    CHECK(fetched.outcome.exit_code == 69);
    CHECK(fetched.dashboard.at("status") == "failed");
    CHECK(fetched.source.at("status") == "timeout");
    CHECK(fetched.source.at("error").at("detail") == "no answer within 200 ms");
    CHECK(fetched.dashboard.at("elapsed_ms") >= 200);
  }
}

TEST_CASE("whatever else a server does is an error of that source that says what it was") {
  const IllServer server;
  const std::vector<std::pair<std::string, std::string>> kinds = {
      {"cut", "transfer closed"},
      {"close", "Empty reply"},
      {"garbage", "HTTP/0.9"},
      {"not-json", "the answer is not JSON: <html>for j***@example.com</html>"},
      {"redirect", "status 302, a redirection, which is not followed"},
      {"broken", "status 500"},
      {"no-content", "an empty answer with status 204"},
      {"not-found", "status 404"},
      {"busy", "status 429"}};
  for (const auto& [kind, detail] : kinds) {
    CAPTURE(kind);
    const auto fetched = fetch(server.address() + "/" + kind);
    CHECK(fetched.outcome.exit_code == 69);
    CHECK(fetched.source.at("status") == "error");
    const std::string said = detail_of(fetched);
    CAPTURE(said);
    CHECK(contains(said, detail));
    CHECK(fetched.dashboard.at("data").contains("profile"));
  }
}

TEST_CASE("an answer of 100 MB is refused at 8 MiB, and not kept in memory") {
  const IllServer server;
  const auto fetched = fetch(server.address() + "/huge", {});
  CHECK(fetched.source.at("error").at("type") == "urn:nodeops:error:answer-too-long");
  CHECK(fetched.outcome.peak_resident_bytes < (std::size_t{64} << 20U) * NODEOPS_MEMORY_FACTOR);
}

TEST_CASE("a failure that may pass is asked again; nobody at all is an error") {
  IllServer server;
  const auto fetched = fetch(server.address() + "/second-time,retries=2");
  CHECK(fetched.outcome.exit_code == 0);
  CHECK(fetched.source.at("attempts") == 2);
  const std::string address = server.address();
  server.asked();
  const auto alone = fetch(address + "/ok");
  CHECK(alone.outcome.exit_code == 69);
  CHECK(contains(detail_of(alone), "connect"));
}

TEST_CASE("a certificate that nobody vouches for is refused, and taken with --tls-ca") {
  const TemporaryDirectory place;
  const Certificate own = make_certificate(place);
  const IllServer server({own.certificate, own.key});
  const auto refused = fetch(server.address("https") + "/ok");
  CHECK(refused.outcome.exit_code == 69);
  CHECK(contains(detail_of(refused), "certificate"));
  const auto trusted = fetch(server.address("https") + "/ok", {"--tls-ca", own.certificate});
  CHECK(trusted.outcome.exit_code == 0);
}

TEST_CASE("many dashboards share a server and none fails") {
  const IllServer server;
  std::string ids;
  for (int i = 0; i < 300; ++i) ids += std::to_string(i) + "\n";
  const auto outcome =
      run_process({.program = NODEOPS_BINARY,
                   .arguments = {"dashboard", "--budget", "30s", "--concurrency", "100", "--source",
                                 "profile=" + server.address() + "/ok/{user}", "--source",
                                 "orders=" + server.address() + "/ok/{user}", "--mock",
                                 "notifications:latency=1ms,fail=0,hang=0", "--report", "-", "-"},
                   .environment = {{"no_proxy", "127.0.0.1"}}},
                  ids);
  CHECK(outcome.exit_code == 0);
  const auto report = json::parse(outcome.out.substr(outcome.out.rfind("{\"command\"")));
  CHECK(report.at("dashboards").at("complete") == 300);
  CHECK(report.at("requests").at("leaked") == 0);
}

TEST_CASE("connections that their server closes before the next question cost nothing") {
  const IllServer server;
  std::string ids;
  for (int i = 0; i < 200; ++i) ids += std::to_string(i) + "\n";
  const auto outcome = run_process(
      quick_dashboard({"--budget", "50s", "--concurrency", "20", "--strict", "--source",
                       "page=" + server.address() + "/once-a-connection,cutoff=50s", "-"}),
      ids);
  CHECK(outcome.exit_code == 0);
  CHECK(lines(outcome.out) == 200);
}

TEST_CASE("a server that asks to wait for ages is not asked again") {
  const IllServer server;
  const auto fetched = fetch(server.address() + "/busy-for-ever,retries=1");
  CHECK(fetched.source.at("attempts") == 1);
  CHECK(contains(detail_of(fetched), "status 503"));
}
