// SPDX-License-Identifier: MIT
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>

#include "process/dashboard_runs.hpp"

using namespace nodeops::test;

namespace {

/// The whole answer to a GET on 127.0.0.1, or nothing when nobody listens there.
std::string http_get(int port, const std::string& path) {
  const int connection = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience = {.tv_sec = 30, .tv_usec = 0};
  ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (::connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    const std::string request =
        "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    std::array<char, 4096> piece;
    ssize_t got = ::send(connection, request.data(), request.size(), MSG_NOSIGNAL);
    while (got > 0 && (got = ::recv(connection, piece.data(), piece.size(), 0)) > 0) {
      answer.append(piece.data(), static_cast<std::size_t>(got));
    }
  }
  ::close(connection);
  return answer;
}

/// The port behind "127.0.0.1:" in what was logged, 0 while there is none.
int logged_port(const std::string& err) {
  const std::size_t at = err.find("127.0.0.1:");
  if (at == std::string::npos || err.find('\n', at) == std::string::npos) return 0;
  return std::atoi(err.c_str() + at + 10);
}

}  // namespace

TEST_CASE("a record is through although the input has not ended") {
  const TemporaryDirectory place;
  for (const char* const jobs : {"1", "2"}) {
    Process process(csv_transform(place, {"--jobs", jobs, "--upper", "a", "-"}));
    process.send("a,b\nx,1\n");
    CHECK(process.wait_for_output("a,b\nX,1\n"));
    process.send("y,2\nhalf a rec");
    CHECK(process.wait_for_output("Y,2\n"));
    process.send("ord,3\n");
    CHECK(process.wait_for_output("HALF A RECORD,3\n"));
    process.end_input();
    const auto outcome = process.finish();
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.out == "a,b\nX,1\nY,2\nHALF A RECORD,3\n");
  }
}

TEST_CASE("a lock that another run holds exits with 75 at once, and is free after it") {
  const TemporaryDirectory place;
  Process holder(csv_transform(place, {"--lock", "run.lock", "-"}));
  holder.send("a\n1\n");
  REQUIRE(holder.wait_for_output("1\n"));
  const auto second = run_csv_transform(place, {"--lock", "run.lock", "-"}, "a\n");
  CHECK(second.exit_code == 75);
  CHECK(is_one_message(second.err));
  CHECK(contains(second.err, "run.lock"));
  holder.end_input();
  CHECK(holder.finish().exit_code == 0);
  CHECK(run_csv_transform(place, {"--lock", "run.lock", "-"}, "a\n").exit_code == 0);
}

TEST_CASE("a lock is free again after kill -9") {
  const TemporaryDirectory place;
  Process holder(csv_transform(place, {"--lock", "run.lock", "-"}));
  holder.send("a\n1\n");
  REQUIRE(holder.wait_for_output("1\n"));
  holder.signal(SIGKILL);
  holder.finish();
  CHECK(run_csv_transform(place, {"--lock", "run.lock", "-"}, "a\n").exit_code == 0);
}

TEST_CASE("--health logs the port that it picked and answers while the run lasts") {
  const TemporaryDirectory place;
  Process process(csv_transform(place, {"--health", "127.0.0.1:0", "-"}));
  process.send("a\n1\n");
  REQUIRE(process.wait_for_output("1\n"));
  REQUIRE(process.wait_for([&] { return logged_port(process.err()) != 0; }));
  const int port = logged_port(process.err());
  CHECK(contains(http_get(port, "/healthz"), " 200 "));
  CHECK(contains(http_get(port, "/readyz"), " 200 "));
  const std::string metrics = http_get(port, "/metrics");
  CHECK(contains(metrics, " 200 "));
  CHECK(contains(metrics, "nodeops_"));
  CHECK(contains(metrics, "# TYPE "));
  CHECK(contains(http_get(port, "/nothing"), " 404 "));
  process.end_input();
  CHECK(process.finish().exit_code == 0);
  CHECK(http_get(port, "/healthz").empty());
}

TEST_CASE("a dashboard that runs shows its figures at /metrics as they are") {
  Process process({.program = NODEOPS_BINARY,
                   .arguments = {"dashboard", "--mock", "notifications:latency=1ms,fail=0,hang=0",
                                 "--health", "127.0.0.1:0", "-"}});
  process.send("1\n2\n");
  REQUIRE(process.wait_for_output("\"2\""));
  REQUIRE(process.wait_for([&] { return logged_port(process.err()) != 0; }));
  const int port = logged_port(process.err());
  // They are shown ten times a second; who asks more often sees the last ones.
  const auto shows = [&](const std::string& line) {
    return eventually([&] { return contains(http_get(port, "/metrics"), line); });
  };
  CHECK(shows(R"(nodeops_dashboards_total{command="dashboard",status="complete"} 2)"));
  process.send("3\n");
  REQUIRE(process.wait_for_output("\"3\""));
  CHECK(shows(R"(nodeops_dashboards_total{command="dashboard",status="complete"} 3)"));
  CHECK(
      shows(R"(nodeops_source_outcomes_total{command="dashboard",source="orders",status="ok"} 3)"));
  process.end_input();
  CHECK(process.finish().exit_code == 0);
}

TEST_CASE("a health address that is taken is an error before the run") {
  const TemporaryDirectory place;
  Process first(csv_transform(place, {"--health", "127.0.0.1:0", "-"}));
  REQUIRE(first.wait_for([&] { return logged_port(first.err()) != 0; }));
  const std::string address = "127.0.0.1:" + std::to_string(logged_port(first.err()));
  const auto second = run_csv_transform(place, {"--health", address, "-"}, "a\n");
  CHECK(second.exit_code != 0);
  CHECK(is_one_message(second.err));
  CHECK(contains(second.err, address));
}

TEST_CASE("SIGHUP opens the log file anew, after it was renamed") {
  const TemporaryDirectory place;
  Process process(csv_transform(place, {"-v", "--log-file", "log", "-"}));
  process.send("a\n1\n");
  REQUIRE(process.wait_for_output("1\n"));
  std::filesystem::rename(place / "log", place / "log.1");
  process.signal(SIGHUP);
  // Signals are served in turn: with the progress line here, the log has been opened.
  process.signal(SIGUSR1);
  REQUIRE(process.wait_for_error("\n"));
  CHECK(place.has("log"));
  process.end_input();
  CHECK(process.finish().exit_code == 0);
  CHECK(place.has("log.1"));
}

TEST_CASE("a FIFO that nobody opens at its other end does not hold a signal up") {
  const TemporaryDirectory place;
  REQUIRE(::mkfifo((place / "pipe").c_str(), 0600) == 0);
  const std::vector<std::vector<std::string>> ways = {{"pipe"}, {"-", "-o", "pipe"}};
  for (const auto& way : ways) {
    CAPTURE(way);
    auto arguments = way;
    arguments.insert(arguments.end(), {"--events", "-"});
    Process process(csv_transform(place, arguments));
    // The run has started: what comes next is the wait for the FIFO.
    REQUIRE(process.wait_for_output("started"));
    process.signal(SIGTERM);
    CHECK(process.finish().exit_code == 143);
  }
}

TEST_CASE("what comes through a FIFO that is opened later is read to its end") {
  const TemporaryDirectory place;
  REQUIRE(::mkfifo((place / "in").c_str(), 0600) == 0);
  Process process(csv_transform(place, {"in", "--upper", "a"}));
  std::ofstream(place / "in") << "a\nx\n";
  const auto outcome = process.finish();
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out == "a\nX\n");
}

TEST_CASE("SIGUSR1 prints a progress line and the run goes on") {
  const TemporaryDirectory place;
  Process process(csv_transform(place, {"-"}));
  process.send("a\n1\n2\n");
  REQUIRE(process.wait_for_output("2\n"));
  CHECK(process.err().empty());
  process.signal(SIGUSR1);
  CHECK(process.wait_for_error("\n"));
  process.send("3\n");
  process.end_input();
  const auto outcome = process.finish();
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out == "a\n1\n2\n3\n");
}

TEST_CASE("an input that shrinks while it is read never crashes the run") {
  const TemporaryDirectory place;
  const std::string text = numbered_records(2000000);
  place.write("in.csv", text);
  Process process(csv_transform(place, {"in.csv"}));
  REQUIRE(process.wait_for_output("\n"));
  // Nobody reads any more, so that the run stands still while its input changes.
  process.hold_output();
  std::filesystem::resize_file(place / "in.csv", text.size() / 2 + 3);
  process.release_output();
  const auto outcome = process.finish();
  CHECK(outcome.signal == 0);
  CHECK(outcome.out == text.substr(0, outcome.out.size()));
  CHECK(outcome.out.size() < text.size());
}

TEST_CASE("an input that grows while it is read comes through as far as it was read, in whole") {
  const TemporaryDirectory place;
  const std::string text = numbered_records(2000000);
  place.write("in.csv", text);
  Process process(csv_transform(place, {"in.csv"}));
  REQUIRE(process.wait_for_output("\n"));
  process.hold_output();
  std::ofstream(place / "in.csv", std::ios::app) << "more,records\n";
  process.release_output();
  const auto outcome = process.finish();
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.substr(0, text.size()) == text);
}
