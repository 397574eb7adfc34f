// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "roles.hpp"
#include "webhook/fault.hpp"
#include "webhook/guarded_ledger.hpp"
#include "webhook/selection.hpp"
#include "webhook/signature.hpp"

namespace nodeops {

struct RunContext;

struct WebhookReplayOptions {
  std::vector<std::string> inputs;
  std::string ledger = "sqlite:nodeops-ledger.db";
  std::optional<webhook::Scheme> verify;
  std::string secret_file;
  std::chrono::seconds tolerance{300};
  std::optional<std::int64_t> now;  ///< empty: the time of receipt
  std::string dead_letter;
  bool redrive = false;
  webhook::Selection selection;
  webhook::Patience patience;
  std::vector<webhook::Fault> faults;
  std::uint64_t seed = 0;
  std::size_t group_commit = 256;
  std::size_t max_body = 1 << 20;
};

/// The files that the options name.
Roles roles_of(const WebhookReplayOptions& options);

/// Sends webhook deliveries through the pipeline into the ledger. Returns the exit status.
int webhook_replay(const WebhookReplayOptions& options, RunContext& run);

}  // namespace nodeops
