// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <string>
#include <string_view>

namespace nodeops {

/// Where tests have a run die. "after-rename:3": at the third pass of the place of that name, by
/// SIGKILL, so that nothing can be flushed by accident. Only in builds with tests
/// (NODEOPS_FAULTS).
class KillPoint {
 public:
  explicit KillPoint(std::string_view text);

  /// True when there is any text: the run is a test's, and saves its place as often as it can.
  bool is_set() const { return is_set_; }

  /// Passes a place.
  void pass(std::string_view name);

 private:
  bool is_set_ = false;
  std::string name_;
  std::atomic<unsigned> left_{1};
};

}  // namespace nodeops
