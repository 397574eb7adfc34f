// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "webhook/json_document.hpp"

namespace nodeops::webhook {

/// What an event does to the ledger.
enum class Effect {
  ignored,  ///< of a type that moves no money: stored
  linked,   ///< of a type about money that another event books: stored
  payment,  ///< books a payment
  refund,   ///< books a refund
};

/// A valid event.
struct Event {
  std::string id;
  std::string type;
  std::string account;    ///< empty: the sender's own
  std::string object_id;  ///< of data.object; empty: it has none
  std::int64_t created = 0;
  Effect effect = Effect::ignored;
  std::int64_t amount = 0;                  ///< in minor units; of payments and refunds
  std::string currency;                     ///< lower case; of payments and refunds
  std::string payment_id;                   ///< the payment intent it belongs to; may be empty
  std::array<std::byte, 32> fingerprint{};  ///< of account, type and data.object
};

/// Parses and validates the bodies of events. Keeps its buffers between calls; for one thread.
class EventParser {
 public:
  /// Without fingerprints they stay zero: for who compares no content.
  explicit EventParser(bool fingerprints = true) : fingerprints_(fingerprints) {}

  /// Throws DeliveryError: 400 for what is no strict JSON, 422 for what is no event.
  Event parse(std::string_view body);

  /// The id of the body that was read last, also when it is no valid event; empty when it has none.
  const std::string& known_id() const { return known_id_; }

 private:
  bool fingerprints_;
  std::string known_id_;
  JsonDocument document_;
  std::string canonical_;
};

}  // namespace nodeops::webhook
