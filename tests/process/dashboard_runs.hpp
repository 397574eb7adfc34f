// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "core/deadline.hpp"
#include "process/run_nodeops.hpp"

namespace nodeops::test {

/// A start of the real `nodeops dashboard` with these arguments.
inline Launch dashboard(const std::vector<std::string>& arguments) {
  Launch launch{.program = NODEOPS_BINARY,
                .arguments = {"dashboard"},
                .environment = {{"no_proxy", "127.0.0.1"}}};
  launch.arguments.insert(launch.arguments.end(), arguments.begin(), arguments.end());
  return launch;
}

/// The same, with mocks that answer at once and never fail.
inline Launch quick_dashboard(std::vector<std::string> arguments) {
  const std::vector<std::string> quick = {"--mock", "notifications:latency=1ms,fail=0,hang=0",
                                          "--mock", "orders:latency=1ms",
                                          "--mock", "profile:latency=1ms"};
  arguments.insert(arguments.begin(), quick.begin(), quick.end());
  return dashboard(arguments);
}

/// Waits until it holds: for what no pipe tells. False: it did not, within the patience.
inline bool eventually(const std::function<bool()>& holds) {
  const auto deadline = Deadline::after(Process::patience);
  while (!deadline.passed()) {
    if (holds()) return true;
    std::this_thread::yield();
  }
  return false;
}

/// Files of a server's certificate, which only its own key vouches for, for 127.0.0.1.
struct Certificate {
  std::string certificate;
  std::string key;
};

inline Certificate make_certificate(const TemporaryDirectory& place) {
  Certificate made{.certificate = place / "certificate", .key = place / "key"};
  const auto outcome = run_process(
      {.program = "/usr/bin/openssl",
       .arguments = {"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                     "-nodes", "-keyout", made.key, "-out", made.certificate, "-days", "2", "-subj",
                     "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"}});
  if (outcome.exit_code != 0) throw std::runtime_error(outcome.err);
  return made;
}

inline std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace nodeops::test
