// SPDX-License-Identifier: MIT
#pragma once

#include "common_options.hpp"
#include "core/io.hpp"
#include "observe/events.hpp"
#include "observe/metrics.hpp"
#include "observe/report.hpp"
#include "observe/terminal.hpp"
#include "observe/totals.hpp"

namespace nodeops {

class Shutdown;

/// What a command gets beside its own options.
struct RunContext {
  const CommonOptions& common;
  Io& io;
  Terminal& words;  ///< for people; whole lines
  RunTotals& totals;
  RunEvents& events;
  RunReport& report;
  MetricBoard& metrics;  ///< the command's own, for --metrics-file and GET /metrics
  Shutdown* shutdown;    ///< may be null
  bool color;            ///< the data may be coloured: standard output is a terminal that likes it
  unsigned workers;      ///< --jobs, or one per usable processor
};

}  // namespace nodeops
