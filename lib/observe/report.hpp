// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "observe/events.hpp"
#include "observe/json_object.hpp"
#include "observe/run_figures.hpp"

namespace nodeops {

/// The JSON object of `--report`. Listens to the run for its failures: the first 100 are kept,
/// masked, and all are counted in `failures_total`. Any thread may use it.
class RunReport {
 public:
  static constexpr std::size_t most_failures = 100;

  /// Keeps failures, ignores every other event.
  void watch(const Event& event);

  /// Adds a member of the command's own, which must be JSON; they come last, in the order in which
  /// they were added.
  void add(std::string_view key, std::string_view json_text);

  /// The whole object on one line, with the line's end.
  std::string text(const RunFigures& figures) const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> failures_;  // JSON objects
  std::uint64_t failures_total_ = 0;
  std::vector<std::pair<std::string, std::string>> own_;
};

}  // namespace nodeops
