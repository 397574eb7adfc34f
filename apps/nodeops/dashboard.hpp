// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dashboard/mock_source.hpp"
#include "dashboard/source_address.hpp"
#include "roles.hpp"
#include "task/circuit_breaker.hpp"

namespace nodeops {

struct RunContext;

/// `--mock NAME:latency=DIST,fail=P,hang=P`: what it does not say stays as it is.
struct MockText {
  std::string name;
  std::optional<dashboard::Latency> latency;
  std::optional<double> fails;
  std::optional<double> hangs;
};

enum class DashboardFormat { automatic, json, ndjson, table, html };

struct DashboardOptions {
  std::vector<std::string> users;
  std::vector<dashboard::SourceText> sources;
  std::vector<MockText> mocks;
  std::string mock_data;
  std::uint64_t seed = 1;
  std::chrono::nanoseconds cutoff = std::chrono::milliseconds(300);
  std::chrono::nanoseconds budget = std::chrono::milliseconds(500);
  std::size_t concurrency = 64;
  bool unordered = false;
  std::optional<CircuitBreaker::Options> breaker;  ///< empty: the default
  double questions_per_second = 0;                 ///< 0: no limit
  std::vector<std::string> headers;
  std::string token_file;
  std::string tls_ca;
  DashboardFormat format = DashboardFormat::automatic;
  bool timeline = false;
  std::optional<std::chrono::nanoseconds> watch;
  bool virtual_clock = false;
  bool strict = false;
};

/// The files that the options name.
Roles roles_of(const DashboardOptions& options);

/// Fetches the dashboards and prints them. Returns the exit status.
int dashboard_command(const DashboardOptions& options, RunContext& run);

}  // namespace nodeops
