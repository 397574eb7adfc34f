// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "observe/figures.hpp"
#include "observe/totals.hpp"

namespace nodeops {

/// The figures in Prometheus' text format 0.0.4, without time stamps, as node_exporter's textfile
/// collector wants them. `last_success` is a gauge with the time of the last run that ended with 0;
/// it stands only in the figures of such a run.
std::string prometheus_text(const RunFigures& figures, const RunTotals& totals);

}  // namespace nodeops
