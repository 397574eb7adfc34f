// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "observe/totals.hpp"

namespace nodeops {

// What happens during a run. The work tells it once; progress, log, report and event stream watch.

struct Started {
  std::string command;
  std::string version;
  std::chrono::system_clock::time_point time;
};

struct InputOpened {
  std::string path;
  std::optional<std::uint64_t> bytes = {};  ///< empty: a pipe
};

struct Progress {
  TotalsSnapshot totals;
  std::chrono::nanoseconds elapsed{};
};

struct ItemFailed {
  std::string item;    ///< which one: "sales.csv:17", "a.jpg", a delivery's number
  std::string type;    ///< slug of `urn:nodeops:error:…`
  std::string detail;  ///< why, for people
  std::optional<std::uint64_t> line = {};    ///< from 1
  std::optional<std::uint64_t> offset = {};  ///< in bytes from the start of the input
  std::optional<std::string> column = {};    ///< name or position
};

struct Retry {
  std::string what;
  unsigned attempt = 0;  ///< that failed, from 1
  std::chrono::nanoseconds wait{};
  std::string detail;
};

struct Warning {
  std::string message;
};

struct OutputWritten {
  std::string path;
  std::uint64_t bytes = 0;
};

struct Finished {
  int exit_code = 0;
  bool interrupted = false;
  std::chrono::nanoseconds elapsed{};
};

using Event = std::variant<Started, InputOpened, Progress, ItemFailed, Retry, Warning,
                           OutputWritten, Finished>;

/// The emitter. Any thread may emit; one event is handed out at a time, to the listeners in the
/// order in which they subscribed, so that a listener needs no lock of its own and all see one
/// order.
class RunEvents {
 public:
  using Listener = std::function<void(const Event&)>;

  /// The listener must live until the last emit(), and must not emit or subscribe itself.
  void subscribe(Listener listener);

  /// Hands the event to every listener. A listener that throws does not keep it from the others. An
  /// AppError (a destination that is full) is thrown on when all have heard, the first one if there
  /// are several; any other exception is logged and does not touch the work.
  void emit(const Event& event);

 private:
  std::mutex mutex_;
  std::vector<Listener> listeners_;  // guarded by mutex_
};

}  // namespace nodeops
