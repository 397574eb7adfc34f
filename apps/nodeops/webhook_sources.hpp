// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "run_context.hpp"
#include "webhook/ledger.hpp"
#include "webhook/pipeline.hpp"
#include "webhook_replay.hpp"

namespace nodeops {

/// Whether a file of this name is, or would be, read as one of an INPUT that is a directory.
bool would_be_found(const std::string& path, const std::vector<std::string>& inputs);

/// The deliveries of the inputs. Throws AppError: usage when there is nothing to read, no_input.
std::unique_ptr<webhook::DeliverySource> open_deliveries(const WebhookReplayOptions& options,
                                                         RunContext& run);

/// The dead letters that the ledger keeps; what becomes of each is written down there.
std::unique_ptr<webhook::DeliverySource> redriven_deliveries(webhook::Ledger& ledger);

}  // namespace nodeops
