// SPDX-License-Identifier: MIT
#include "webhook/intake.hpp"

namespace nodeops::webhook {

bool Intake::read(DeliverySource& source, const Limits& limits,
                  const std::function<Clock::time_point()>& now, const std::stop_token& stop) {
  received_.clear();
  has_to_wait_ = false;
  std::size_t bytes = 0;
  const auto taken = settle([&] {
    while (!stop.stop_requested() && !has_to_wait_) {
      auto delivery = source.next();
      if (!delivery) break;
      bytes += delivery->body.size();
      received_.push_back({.delivery = std::move(*delivery), .begun = now()});
      has_to_wait_ = !source.ready();
      if (received_.size() >= limits.deliveries || bytes >= limits.bytes) break;
    }
    return true;
  });
  failure_ = taken.error();
  return !received_.empty() || failure_;
}

void Intake::examine(const std::function<std::int64_t(const Delivery&)>& received_at) {
  for (Received& one : received_) {
    const Delivery& delivery = one.delivery;
    if (delivery.unreadable) continue;
    if (verifier_) {
      const auto verified =
          settle([&] { return verifier_->verify(delivery, received_at(delivery)), true; });
      one.unverified = verified.error();
      if (one.unverified) continue;
    }
    one.event = settle([&] { return parser_.parse(delivery.body); });
    one.event_id = parser_.known_id();
  }
}

}  // namespace nodeops::webhook
