// SPDX-License-Identifier: MIT
// A real HTTP/2 server: nghttpd, which speaks nothing else.
#include <doctest/doctest.h>
#include <signal.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "process/dashboard_runs.hpp"
#include "support/free_port.hpp"

using namespace nodeops::test;
using nlohmann::json;

namespace {

constexpr auto server_program = "/usr/sbin/nghttpd";

struct ServerLog {
  std::size_t questions = 0;
  std::set<std::string> connections;
};

ServerLog read_log(const std::string& text) {
  ServerLog log;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("[id=", 0) == 0) log.connections.insert(line.substr(0, line.find(']')));
    if (contains(line, ":method: GET")) ++log.questions;
  }
  return log;
}

}  // namespace

TEST_CASE("dashboards over TLS share a few HTTP/2 connections, each answer its own") {
  if (!std::filesystem::exists(server_program)) {
    MESSAGE("skipped: nghttpd is not installed");
    return;
  }
  constexpr int count = 300;
  const TemporaryDirectory place;
  const Certificate own = make_certificate(place);
  std::string ids;
  for (int i = 0; i < count; ++i) {
    const std::string id = std::to_string(i);
    place.write(id + ".json", "{\"id\":" + id + "}");
    ids += id + "\n";
  }
  const std::string port = std::to_string(free_port());
  // The log goes to a file: nobody reads a pipe meanwhile.
  Process server({.program = server_program,
                  .arguments = {"-v", "-a", "127.0.0.1", "-d", place.path().string(), port, own.key,
                                own.certificate},
                  .output_path = place / "log"});
  REQUIRE(eventually([&] { return place.has("log") && contains(place.read("log"), "listen"); }));
  const auto outcome = run_process(
      quick_dashboard({"--source", "page=https://127.0.0.1:" + port + "/{user}.json,required",
                       "--tls-ca", own.certificate, "--budget", "50s", "--concurrency", "100",
                       "-"}),
      ids);
  CHECK(outcome.exit_code == 0);
  std::istringstream output(outcome.out);
  int next = 0;
  for (std::string line; std::getline(output, line); ++next)
    CHECK(json::parse(line).at("data").at("page").at("id") == next);
  CHECK(next == count);
  server.signal(SIGTERM);
  server.finish();
  const ServerLog log = read_log(place.read("log"));
  CHECK(log.questions == count);
  CHECK(log.connections.size() < 10);
}
