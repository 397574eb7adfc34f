// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "dashboard/exec_child.hpp"
#include "dashboard/source.hpp"
#include "task/reactor.hpp"

namespace nodeops::dashboard {

/// A source whose answers are what a command prints: `exec:COMMAND` with {user} in its words. No
/// shell is between, so an id is always one part of one argument. An id that would become an option
/// of the command, or a part of a shell's script, is refused. The command runs in a process group
/// of its own, without standard input; what it says on standard error is the reason when it fails.
/// Cancelled, the group gets SIGTERM and, 100 ms later, SIGKILL.
class ExecSource : public Source {
 public:
  /// Throws AppError usage when the command is not to be split into words, or its name would be
  /// made of the id.
  ExecSource(Reactor& reactor, const std::string& command);
  /// Kills what still runs.
  ~ExecSource() override;

  std::unique_ptr<Request> ask(const Question& question, Done done) override;
  std::size_t reaping() const override { return dying_.size(); }

 private:
  class Pending;
  /// Why a command does not get this id; empty when it does.
  std::string objection(const std::string& user) const;
  void reap(ExecChild::Started started);

  Reactor& reactor_;
  std::vector<std::string> words_;
  bool id_could_be_option_ = false;
  bool id_is_in_script_ = false;
  std::unordered_map<int, ExecChild::Started> dying_;  ///< by process id
};

}  // namespace nodeops::dashboard
