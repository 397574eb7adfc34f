// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <mutex>
#include <string>

#include "core/deadline.hpp"
#include "observe/terminal.hpp"
#include "observe/totals.hpp"

namespace nodeops {

/// What `--progress` says.
enum class ProgressChoice { automatic, always, never };

/// The progress of a run: "1.2 GiB  35 %  5.4 M records  412 MiB/s  0:12 left". On a terminal it is
/// redrawn in place at most ten times a second; where there is none (`--progress always` into a
/// log) it is a whole line at most every ten seconds. At most 79 columns. Without a known size the
/// time is the one that has passed. Any thread may use it.
class ProgressLine {
 public:
  struct Options {
    ProgressChoice choice = ProgressChoice::automatic;
    bool is_terminal =
        false;  ///< the error stream is a terminal that can redraw (TERM is not dumb)
    std::string noun = "records";  ///< of what items are
    std::function<Clock::time_point()> now = [] { return Clock::now(); };
  };

  /// Terminal and totals must outlive it. The run starts now.
  ProgressLine(Terminal& terminal, const RunTotals& totals, Options options);

  /// Draws if it is time to; cheap if not. To be called again and again, by the heartbeat.
  void tick();

  /// Wipes the line; nothing is drawn any more.
  void finish();

  /// The line as it would be drawn now, for SIGUSR1; also if progress is off.
  std::string line();

 private:
  void measure(Clock::time_point now);
  std::string text(Clock::time_point now) const;

  Terminal& terminal_;
  const RunTotals& totals_;
  Options options_;
  std::mutex mutex_;  // guards what follows
  bool shown_;
  Clock::time_point started_;
  Clock::time_point drawn_;
  Clock::time_point measured_;
  TotalsSnapshot seen_;
  double bytes_per_second_ = 0;
  double items_per_second_ = 0;
};

}  // namespace nodeops
