// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/deadline.hpp"
#include "task/message_socket.hpp"
#include "task/restart_policy.hpp"

namespace nodeops {

/// A program that this process has started, with one end of a MessageSocket as its descriptor 3 and
/// nothing else of ours: no other file, no standard streams, no environment, the default signals.
class WorkerProcess {
 public:
  static constexpr int socket_of_worker = 3;

  /// Throws AppError unavailable when the program cannot be started.
  explicit WorkerProcess(const std::vector<std::string>& command);

  /// Kills it if it still runs.
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  const MessageSocket& socket() const { return socket_; }

  /// Bounds what it may use from now on: addresses in all, processor time besides what it has had,
  /// and the size of a file. Best effort.
  struct Limits {
    std::uint64_t address_bytes;  ///< 0: no limit
    std::chrono::seconds processor_time;
    std::uint64_t file_bytes;
  };
  void limit(const Limits& limits) const;

  /// May be called from another thread while end() has not been called.
  void kill() const;

  /// Waits for its end and tells how that was: "crashed (SIGSEGV)", "ended with status 3".
  std::string end();

 private:
  MessageSocket socket_;
  pid_t process_ = -1;
};

/// Keeps one worker process running. For one thread: the worker dies with the thread that started
/// it, if it asks the kernel for that (PR_SET_PDEATHSIG).
class Supervisor {
 public:
  struct Options {
    std::vector<std::string> command;
    RestartPolicy::Options restarts = {};
    /// From the start to its first message, which says that it is ready.
    std::chrono::milliseconds start_limit = std::chrono::seconds(20);
  };

  explicit Supervisor(Options options) : options_(std::move(options)), policy_(options_.restarts) {}

  /// The worker; started, if there is none, and waited for until it is ready. Null: the stop came,
  /// or the worker has died too often in a row. Throws AppError unavailable when the very first one
  /// does not get ready.
  WorkerProcess* worker(const std::stop_token& stop);

  /// What the worker said when it was ready.
  const std::string& greeting() const { return greeting_; }

  /// Waits for the worker's next message. What there is instead of one:
  enum class Silence { none, died, late, stopped };
  Silence receive(MessageSocket::Message& message, Deadline deadline, const std::stop_token& stop);

  /// The worker has done a piece of work well.
  void worked() { policy_.worked(); }

  /// The worker has died by itself: how. A new one waits for its turn.
  std::string bury();

  /// Ends the worker, which has done nothing wrong but take too long: the next starts at once.
  void replace();

  bool given_up() const { return policy_.given_up(); }

 private:
  bool start(const std::stop_token& stop);

  Options options_;
  RestartPolicy policy_;
  std::optional<WorkerProcess> worker_;
  std::string greeting_;
  std::optional<Clock::time_point> start_at_;
  bool was_ready_ = false;
};

}  // namespace nodeops
