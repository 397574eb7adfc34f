// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "dashboard.hpp"
#include "dashboard/fan_out.hpp"
#include "run_context.hpp"
#include "task/reactor.hpp"

namespace nodeops {

/// The default sources with what the command line replaces and adds, ready to be asked. `reactor`
/// is null on the virtual clock, where only mocks answer. Throws AppError: usage, no_input,
/// bad_data (a mock's table), unavailable (no HTTP library).
std::vector<dashboard::PlannedSource> dashboard_sources(const DashboardOptions& options,
                                                        Timers& timers, Reactor* reactor);

/// How many descriptors one dashboard in flight may hold.
std::size_t descriptors_per_dashboard(const DashboardOptions& options);

}  // namespace nodeops
