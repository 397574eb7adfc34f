// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "observe/totals.hpp"

namespace nodeops {

/// How punctual the heartbeat was.
struct HeartbeatFigures {
  std::chrono::nanoseconds interval{};
  std::uint64_t beats = 0;
  std::chrono::microseconds late_p50{};
  std::chrono::microseconds late_p99{};
  std::chrono::microseconds late_max{};
};

/// The figures of one run that report and metrics show. Filled by the command.
struct RunFigures {
  std::string command;
  std::string version;
  std::chrono::system_clock::time_point started_at{};
  std::chrono::nanoseconds elapsed{};
  std::optional<int> exit_code = {};  ///< empty while the run lasts
  bool interrupted = false;
  TotalsSnapshot totals = {};
  std::uint64_t peak_rss_bytes = 0;
  std::chrono::microseconds user_time{};
  std::chrono::microseconds system_time{};
  std::optional<HeartbeatFigures> heartbeat = {};                          ///< empty: it was off
  std::optional<std::chrono::system_clock::time_point> last_success = {};  ///< of an earlier run
};

}  // namespace nodeops
