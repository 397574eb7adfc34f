// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace nodeops {

/// The error stream, shared by the log and a status line at the bottom that is redrawn in place.
/// Whoever writes words goes through here, so that a line never lands behind a half-drawn status:
/// the status is wiped, the words come, the status is drawn again, in one write. Needs nothing of a
/// terminal but carriage return. Any thread may call at any time.
class Terminal {
 public:
  explicit Terminal(std::function<void(std::string_view)> write) : write_(std::move(write)) {}

  /// Writes whole lines.
  void words(std::string_view lines);

  /// Shows a status in place of the one before. Plain ASCII without control characters, shorter
  /// than the terminal is wide. Empty: none.
  void status(std::string_view line);

 private:
  /// What wipes the status from the screen.
  std::string wipe() const;

  std::function<void(std::string_view)> write_;
  std::mutex mutex_;
  std::string status_;  // guarded by mutex_
};

}  // namespace nodeops
