// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "observe/totals.hpp"

namespace nodeops {

/// How late the heartbeat was.
struct HeartbeatFigures {
  std::chrono::nanoseconds interval{};
  std::uint64_t beats = 0;
  std::chrono::microseconds late_p50{};
  std::chrono::microseconds late_p99{};
  std::chrono::microseconds late_max{};
};

/// The figures of a run at one moment: what the report says in JSON and the metrics say in
/// Prometheus' form.
struct RunFigures {
  std::string command;
  std::string version;
  std::chrono::system_clock::time_point started_at;
  std::chrono::nanoseconds elapsed{};
  int exit_code = 0;
  bool interrupted = false;
  bool finished = false;  ///< false while the run lasts: there is no exit code yet
  std::uint64_t peak_rss_bytes = 0;
  std::chrono::microseconds user_time{};
  std::chrono::microseconds system_time{};
  std::optional<HeartbeatFigures> heartbeat;
};

}  // namespace nodeops
