// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "webhook/delivery.hpp"
#include "webhook/delivery_source.hpp"
#include "webhook/event.hpp"
#include "webhook/signature.hpp"

namespace nodeops::webhook {

/// A delivery with what it says of itself.
struct Received {
  Delivery delivery;
  Clock::time_point begun = {};
  std::exception_ptr unverified = nullptr;  ///< why its signature is not good
  std::string event_id = {};                ///< also of what is no valid event; may be empty
  Result<Event> event = Event();            ///< or why its body is none
};

/// Deliveries that are read together, then verified and parsed. That changes nothing and needs no
/// ledger, so that several of these can be at work at a time. Keeps its buffers.
class Intake {
 public:
  explicit Intake(EventParser parser, std::optional<SignatureVerifier> verifier = {})
      : parser_(std::move(parser)), verifier_(std::move(verifier)) {}

  struct Limits {
    std::size_t deliveries;
    std::size_t bytes;  ///< of their bodies, about
  };

  /// Takes deliveries until there are enough, the next would have to be waited for, or a stop is
  /// asked for. False: there is none.
  bool read(DeliverySource& source, const Limits& limits,
            const std::function<Clock::time_point()>& now, const std::stop_token& stop);

  /// Verifies them as of the time of receipt that `received_at` says, in unix seconds, and parses.
  void examine(const std::function<std::int64_t(const Delivery&)>& received_at);

  std::vector<Received>& received() { return received_; }

  /// True when the source has more, but not yet.
  bool has_to_wait() const { return has_to_wait_; }

  /// What has ended the source, when that was no good end.
  const std::exception_ptr& failure() const { return failure_; }

 private:
  EventParser parser_;
  std::optional<SignatureVerifier> verifier_;
  std::vector<Received> received_;
  bool has_to_wait_ = false;
  std::exception_ptr failure_;
};

}  // namespace nodeops::webhook
