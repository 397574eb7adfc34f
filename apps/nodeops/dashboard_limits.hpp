// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "common_options.hpp"
#include "dashboard.hpp"

namespace nodeops {

/// No more dashboards at a time than there is memory and descriptors for; says so when it is the
/// descriptors.
std::size_t concurrency_for(const DashboardOptions& options, const CommonOptions& common);

/// What large ids and answers may hold: half of the memory, the other half is for what is on its
/// way.
std::size_t bytes_for(const CommonOptions& common);

/// So many dashboards of the largest answers go into --memory-limit; as many as there may be where
/// it is not given, or nobody answers but mocks.
std::size_t first_wave_for(const DashboardOptions& options, const CommonOptions& common);

}  // namespace nodeops
