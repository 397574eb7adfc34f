// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "command_line.hpp"
#include "net/http_server.hpp"
#include "observe/event_stream.hpp"
#include "observe/progress.hpp"
#include "observe/run_figures.hpp"
#include "run_context.hpp"
#include "stream/followed_file.hpp"
#include "task/heartbeat.hpp"
#include "task/run_lock.hpp"
#include "task/shutdown.hpp"

namespace nodeops {

/// What stands around every run: log, lock, events, progress, heartbeat, health endpoint; at the
/// end report and metrics.
class RunFrame {
 public:
  /// Starts the log. `shutdown` may be null.
  RunFrame(const Invocation& invocation, Io& io, Shutdown* shutdown);

  /// Starts the rest. Throws AppError: try_later when the lock is held, cannot_create, unavailable.
  void start();

  RunContext context();

  /// Ends what start() has started, and writes report and metrics. Throws AppError when they cannot
  /// be written; `status` is then only the run's.
  void finish(int status);

 private:
  void start_log();
  void watch_signals();
  void start_health();
  void start_heartbeat();
  RunFigures figures() const;
  void write_file(const std::string& destination, const std::string& text);
  void say_summary(int status);
  bool shows_progress() const;

  const Invocation& invocation_;
  Io& io_;
  Shutdown* shutdown_;
  std::chrono::system_clock::time_point started_at_ = std::chrono::system_clock::now();
  Clock::time_point started_ = Clock::now();
  Terminal words_;
  RunTotals totals_;
  RunEvents events_;
  RunReport report_;
  bool can_report_ = true;
  MetricBoard metrics_;
  std::optional<ProgressLine> progress_;
  std::optional<RunLock> lock_;
  std::optional<FollowedFile> events_file_;
  std::optional<EventStream> event_stream_;
  std::optional<Heartbeat> heartbeat_;
  std::shared_ptr<HealthServer> health_;
  Listeners::Ticket on_hangup_;
  Listeners::Ticket on_user_signal_;
};

}  // namespace nodeops
