// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/deadline.hpp"

namespace nodeops::test {

/// How a program is started.
struct Launch {
  std::string program;
  std::vector<std::string> arguments = {};              ///< behind the program's name
  std::map<std::string, std::string> environment = {};  ///< besides what the test itself was given
  std::string directory = {};                           ///< to run in; empty: the test's own
  std::string output_path = {};  ///< standard output goes to this file instead of to the test
  std::optional<std::uint64_t> file_size_limit = {};  ///< longest file it may write: a full disk
  bool keep_output = true;  ///< false: standard output is counted and thrown away
};

/// How a program ended.
struct ProcessOutcome {
  int exit_code = -1;  ///< -1 when a signal ended it
  int signal = 0;      ///< the signal that ended it, 0 when it exited
  std::string out;
  std::string err;
  std::size_t out_bytes = 0;  ///< what came on standard output, kept or not
  std::size_t peak_resident_bytes = 0;
};

/// A running program, its standard streams served through pipes by whoever waits for it here: no
/// thread, no sleep. Every wait ends after `patience` at the latest; the destructor kills what
/// still runs.
class Process {
 public:
  static constexpr auto patience = std::chrono::minutes(5);

  /// Throws std::runtime_error when no process can be made; a program that cannot be executed
  /// exits with 127.
  explicit Process(const Launch& launch);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Queues bytes for its standard input.
  void send(std::string_view bytes) { pending_input_ += bytes; }

  /// Asks for more input whenever the last piece is through; an empty piece ends the input.
  void send_from(std::function<std::string()> next) { next_input_ = std::move(next); }

  /// Closes its standard input behind what is queued.
  void end_input() { input_ends_ = true; }

  /// Stops and resumes reading its standard output: a reader that has fallen asleep.
  void hold_output() { output_held_ = true; }
  void release_output() { output_held_ = false; }

  /// Goes away as `head` does.
  void close_output();

  /// Serves the pipes until the condition holds. False: it ended, or the patience did, before.
  bool wait_for(const std::function<bool()>& condition);
  bool wait_for_output(std::string_view text);
  bool wait_for_error(std::string_view text);

  /// Waits until everything queued has been taken by the process, but for what fits into a pipe.
  bool wait_until_sent();

  void signal(int number);

  /// Waits for its end, and kills it when it outlasts the patience (signal is 9 then).
  ProcessOutcome finish();

  const std::string& out() const { return outcome_.out; }
  const std::string& err() const { return outcome_.err; }

 private:
  bool serve_once(Deadline deadline);
  void write_input();
  void read_output();
  void read_error();
  void reap();

  pid_t process_ = -1;
  int process_handle_ = -1;  ///< readable when the process has ended
  int input_ = -1;
  int output_ = -1;
  int error_ = -1;
  bool ended_ = false;
  bool input_ends_ = false;
  bool output_held_ = false;
  bool keep_output_ = true;
  std::string pending_input_;
  std::function<std::string()> next_input_;
  ProcessOutcome outcome_;
};

/// Starts it, sends `input`, waits for its end.
ProcessOutcome run_process(const Launch& launch, std::string_view input = {});

}  // namespace nodeops::test
