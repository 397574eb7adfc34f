// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "common_options.hpp"
#include "core/io.hpp"
#include "observe/events.hpp"
#include "observe/report.hpp"
#include "observe/totals.hpp"

namespace nodeops {

/// What a command gets beside its own options.
struct RunContext {
  const CommonOptions& common;
  Io& io;
  RunTotals& totals;
  RunEvents& events;
  RunReport& report;
  unsigned workers;           ///< --jobs, or one per usable processor
};

}  // namespace nodeops
