// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "webhook/delivery.hpp"
#include "webhook/response.hpp"

namespace nodeops::webhook {

/// Where deliveries come from: files and pipes, or the ledger's dead letters.
class DeliverySource {
 public:
  virtual ~DeliverySource() = default;
  /// The next one; empty at the end. Throws AppError.
  virtual std::optional<Delivery> next() = 0;
  /// False when next() would wait: what has arrived is then committed and answered. Throws
  /// AppError.
  virtual bool ready() { return true; }
  /// True when next() waits for nobody and does not look at what settled() changes: it is then
  /// called from several threads, one at a time, while earlier deliveries are on their way.
  virtual bool can_be_read_ahead() const { return false; }
  /// What became of one, after it is durable and before its answer is written.
  virtual void settled(const Response& response) { static_cast<void>(response); }
};

}  // namespace nodeops::webhook
