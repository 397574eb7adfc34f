// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace nodeops {

/// Names standard input, or standard output.
inline constexpr const char* standard_stream = "-";

/// auto, always or never: progress and colour.
enum class When { automatic, always, never };

/// The options of every command, as nodeops(1) describes them. Empty texts mean "not given".
struct CommonOptions {
  std::string output = standard_stream;
  unsigned jobs = 0;  ///< 0: one per processor that may be used
  std::optional<std::uint64_t> memory_limit;
  std::string report;
  std::string metrics_file;
  std::string events;
  std::chrono::nanoseconds heartbeat = std::chrono::milliseconds(100);
  std::string health;
  When progress = When::automatic;
  When color = When::automatic;
  bool quiet = false;
  bool verbose = false;
  bool log_json = false;
  std::string log_file;
  std::string config;
  std::string lock;
  bool dry_run = false;
};

}  // namespace nodeops
