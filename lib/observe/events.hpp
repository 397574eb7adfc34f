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

#include "core/io.hpp"
#include "observe/totals.hpp"

namespace nodeops {

struct Started {
  std::string command;
  std::string version;
};

struct InputOpened {
  std::string path;
  std::optional<std::uint64_t> bytes;  ///< its size, where it has one
};

/// Some work has been counted in the totals.
struct Progress {};

struct ItemFailed {
  std::string item;    ///< "sales.csv:17"
  std::string type;    ///< the slug of `urn:nodeops:error:…`
  std::string detail;  ///< for people, without personal data
  std::optional<std::uint64_t> line = {};
  std::optional<std::uint64_t> offset = {};
  std::string column = {};
};

struct Retry {
  std::string what;
  unsigned attempt = 0;
  std::chrono::milliseconds wait{};
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
  std::chrono::milliseconds elapsed{};
};

using Event = std::variant<Started, InputOpened, Progress, ItemFailed, Retry, Warning,
                           OutputWritten, Finished>;

/// Where the work tells what happens, once; whoever watches listens here. Safe for several threads.
class RunEvents {
 public:
  using Listener = std::function<void(const Event&)>;

  /// Listeners are called in the order in which they came, one event at a time, in the thread that
  /// emits. What one throws comes out of emit().
  void subscribe(Listener listener);
  void emit(const Event& event);

 private:
  std::mutex mutex_;
  std::vector<Listener> listeners_;
};

/// Writes the events as NDJSON, one object a line, as they happen; Progress at most ten times a
/// second. Details pass the mask.
class EventStream {
 public:
  /// `to` must outlive it; what it throws stops the run.
  EventStream(ByteSink& to, const RunTotals& totals) : to_(to), totals_(totals) {}
  void operator()(const Event& event);

 private:
  ByteSink& to_;
  const RunTotals& totals_;
  std::chrono::steady_clock::time_point next_progress_{};
};

}  // namespace nodeops
