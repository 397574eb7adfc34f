// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "observe/events.hpp"
#include "observe/figures.hpp"
#include "observe/totals.hpp"

namespace nodeops {

/// Collects what --report tells: the first failures, and what the command adds. Listens to the run's
/// events. Safe for several threads.
class RunReport {
 public:
  static constexpr std::size_t most_failures = 100;

  void operator()(const Event& event);

  /// Adds a member of the command's own; `json` is a JSON text.
  void add(const std::string& key, std::string json);
  /// Adds a text member.
  void add_text(const std::string& key, const std::string& text);

  /// The report, one JSON object and a line end. `failures` holds the first of them,
  /// `failures_total` counts all.
  std::string json(const RunFigures& figures, const RunTotals& totals) const;

 private:
  mutable std::mutex mutex_;
  std::vector<ItemFailed> failures_;
  std::uint64_t failures_total_ = 0;
  std::vector<std::pair<std::string, std::string>> extra_;
};

}  // namespace nodeops
