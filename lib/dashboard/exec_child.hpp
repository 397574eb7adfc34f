// SPDX-License-Identifier: MIT
#pragma once

#include <signal.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/descriptor.hpp"
#include "task/reactor.hpp"

namespace nodeops::dashboard {

/// A process that has been started and not yet waited for, in a group of its own, its standard
/// input empty.
class ExecChild {
 public:
  struct Started {
    std::unique_ptr<ExecChild> child = nullptr;  ///< null: it could not be started
    Descriptor output{-1};  ///< its standard output, to be read without waiting
    Descriptor errors{-1};  ///< its standard error
    int problem = 0;        ///< why not, an errno value
  };
  static Started start(Reactor& reactor, const std::vector<std::string>& words);

  /// Kills what has not been waited for.
  ~ExecChild();
  ExecChild(const ExecChild&) = delete;
  ExecChild& operator=(const ExecChild&) = delete;

  int process() const { return process_; }

  /// Calls `ended` when the process has ended; it is then still to be waited for.
  void watch(std::function<void()> ended);

  /// Signals the whole group.
  void tell(int signal) const { ::kill(-process_, signal); }

  /// Kills the group after a while, and calls `killed`.
  void kill_later(std::function<void()> killed);

  /// Kills the groups of all that have not been waited for, from any thread: the program ends at
  /// once, and a terminal's Ctrl-C does not reach them.
  static void kill_all();

  /// Waits for the end of a process that has ended or been killed.
  ::siginfo_t wait();

 private:
  ExecChild(Reactor& reactor, int process);

  Reactor& reactor_;
  int process_;
  Descriptor descriptor_;  ///< readable when it has ended
  WatchId watch_ = 0;
  TimerId timer_ = 0;
  bool over_ = false;
};

}  // namespace nodeops::dashboard
