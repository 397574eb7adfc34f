// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/deadline.hpp"
#include "dashboard/source.hpp"

namespace nodeops::dashboard {

/// What became of one source of one dashboard.
enum class SourceStatus {
  pending,  ///< not settled yet
  ok,
  timeout,    ///< cut off
  error,      ///< it failed, or answered with something else than JSON
  cancelled,  ///< the run ended first
  open,       ///< its circuit breaker let no question through
};

/// complete: every source has answered; partial: an optional one is missing; failed: a required
/// one.
enum class DashboardStatus { complete, partial, failed };

std::string_view name_of(SourceStatus status);
std::string_view name_of(DashboardStatus status);

struct Outcome {
  SourceStatus status = SourceStatus::pending;
  unsigned attempts = 0;
  Clock::duration elapsed{};  ///< from the dashboard's start
  std::string json;           ///< ok: what was answered
  std::unique_ptr<SourceFailure> failure;
};

/// One source as the command line describes it.
struct SourcePlan {
  std::string name;
  bool required = false;
  Clock::duration cutoff{};  ///< from the dashboard's start; at most the budget
  unsigned retries = 0;
};

/// A dashboard that is settled.
struct Dashboard {
  std::string user;
  std::uint64_t number = 0;  ///< from 0, in the order of the input
  DashboardStatus status = DashboardStatus::complete;
  Clock::duration elapsed{};
  std::vector<Outcome> outcomes = {};  ///< one for each plan, in their order
};

}  // namespace nodeops::dashboard
