// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <map>

#include "webhook/delivery_source.hpp"
#include "webhook/ledger.hpp"

namespace nodeops::webhook {

/// The dead letters that a ledger keeps, as deliveries; what becomes of each is written down there.
class RedrivenDeliveries : public DeliverySource {
 public:
  explicit RedrivenDeliveries(Ledger& ledger) : ledger_(ledger) {}

  std::optional<Delivery> next() override;
  void settled(const Response& response) override;

 private:
  Ledger& ledger_;
  std::deque<DeadLetter> letters_;
  std::int64_t last_ = 0;
  std::uint64_t number_ = 0;
  std::map<std::uint64_t, std::int64_t> on_their_way_;  ///< a delivery's number, its letter's
};

}  // namespace nodeops::webhook
