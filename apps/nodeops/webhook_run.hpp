// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "destination.hpp"
#include "run_context.hpp"
#include "webhook/dead_letter_file.hpp"
#include "webhook/guarded_ledger.hpp"
#include "webhook/ledger.hpp"
#include "webhook/pipeline.hpp"
#include "webhook_replay.hpp"

namespace nodeops {

/// One run of webhook-replay: everything opened before the first delivery, and closed in order.
class WebhookRun {
 public:
  /// Throws AppError: usage, no_input, cannot_create, unavailable.
  WebhookRun(const WebhookReplayOptions& options, RunContext& run);

  /// Everything through the pipeline. The responses are put in their place also when a signal has
  /// ended it: they tell what was applied.
  void run();

  const webhook::OutcomeCounts& outcomes() const { return pipeline_->outcomes(); }
  std::uint64_t disagreements() const { return pipeline_->disagreements(); }
  std::optional<webhook::Problem> never_answered() const {
    return guarded_ ? guarded_->never_answered() : std::nullopt;
  }

  /// What the ledger holds now; in a dry run nothing.
  Result<webhook::LedgerTotals> totals();

 private:
  void open_intakes();
  void open_ledger();
  void open_pipeline();

  const WebhookReplayOptions& options_;
  RunContext& run_;
  webhook::Faults faults_;
  std::unique_ptr<webhook::DeliverySource> source_;
  std::unique_ptr<Destination> output_;
  std::optional<CountingSink> counted_;
  std::unique_ptr<webhook::DeadLetterFile> dead_letters_;
  std::unique_ptr<webhook::Ledger> ledger_;
  std::optional<webhook::GuardedLedger> guarded_;
  std::vector<webhook::Intake> intakes_;
  std::optional<webhook::Pipeline> pipeline_;
};

}  // namespace nodeops
