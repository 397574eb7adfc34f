// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "dashboard/source.hpp"
#include "task/reactor.hpp"

namespace nodeops::dashboard {

/// A source whose answers are what a command prints: `exec:COMMAND` with {user} in its words. No
/// shell is between, so an id is always one part of one argument. The command runs in a process
/// group of its own, without standard input; cancelled, the group gets SIGTERM and, 100 ms later,
/// SIGKILL.
class ExecSource : public Source {
 public:
  /// Throws AppError usage when the command is not to be split into words.
  ExecSource(Reactor& reactor, const std::string& command);
  /// Kills what still runs.
  ~ExecSource() override;

  std::unique_ptr<Request> ask(const Question& question, Done done) override;
  std::size_t reaping() const override { return dying_.size(); }

 private:
  class Child;
  class Pending;
  void reap(std::unique_ptr<Child> child);

  Reactor& reactor_;
  std::vector<std::string> words_;
  std::unordered_map<int, std::unique_ptr<Child>> dying_;  ///< by process id
};

}  // namespace nodeops::dashboard
