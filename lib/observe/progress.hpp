// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "core/deadline.hpp"
#include "observe/events.hpp"
#include "observe/totals.hpp"

namespace nodeops {

/// The error stream with a progress line at its bottom. Whole lines written through it stand above
/// the progress line, which is wiped first and drawn again at the next occasion. Safe for several
/// threads.
class ErrorStream {
 public:
  explicit ErrorStream(std::function<void(std::string_view)> write) : write_(std::move(write)) {}

  /// Writes whole lines.
  void write(std::string_view lines);

  /// Draws the line over the one before; an empty one wipes it.
  void show(const std::string& line);

 private:
  void wipe();

  std::mutex mutex_;
  std::function<void(std::string_view)> write_;
  bool shown_ = false;
};

/// Shows how far a run is: "1.2 GiB  35 %  5.4 M items  412 MiB/s  0:12 left". Listens to the run's
/// events; draws at most ten times a second on a terminal, and writes a line every ten seconds
/// elsewhere.
class ProgressLine {
 public:
  struct Options {
    bool shown = false;     ///< false: only line() is asked
    bool terminal = false;  ///< redraw in place
    std::function<Clock::time_point()> now;
  };

  ProgressLine(Options options, const RunTotals& totals, ErrorStream& stream);

  void operator()(const Event& event);

  /// The line as it stands now, for SIGUSR1 and the end of a run.
  std::string line() const;

 private:
  Options options_;
  const RunTotals& totals_;
  ErrorStream& stream_;
  Clock::time_point started_;
  Clock::time_point next_;
};

}  // namespace nodeops
