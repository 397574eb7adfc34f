// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "webhook/pipeline.hpp"

namespace nodeops::test {

/// A payment of `amount` under its own id, as a provider sends it.
inline std::string payment_event(const std::string& id, const std::string& intent,
                                 int amount = 2000) {
  return R"({"id":")" + id +
         R"(","object":"event","type":"payment_intent.succeeded","created":1756700000,)"
         R"("data":{"object":{"id":")" +
         intent + R"(","object":"payment_intent","amount":)" + std::to_string(amount) +
         R"(,"amount_received":)" + std::to_string(amount) +
         R"(,"currency":"usd","receipt_email":"jane.roe@example.com"}}})";
}

/// "1 200 processed" for each answer.
inline std::vector<std::string> told(const std::string& responses) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  while (begin < responses.size()) {
    const auto end = responses.find('\n', begin);
    const auto one = nlohmann::json::parse(responses.substr(begin, end - begin));
    lines.push_back(std::to_string(one.at("n").get<int>()) + " " +
                    std::to_string(one.at("status").get<int>()) + " " +
                    one.at("outcome").get<std::string>());
    begin = end + 1;
  }
  return lines;
}
using Lines = std::vector<std::string>;

/// Deliveries from memory.
class ListedDeliveries : public webhook::DeliverySource {
 public:
  explicit ListedDeliveries(const std::vector<std::string>& bodies) {
    for (const auto& body : bodies) {
      const auto number = list.size() + 1;
      list.push_back({.number = number, .place = "-:" + std::to_string(number), .body = body});
    }
  }
  std::optional<webhook::Delivery> next() override {
    if (list.empty()) {
      if (at_end) at_end();
      return std::nullopt;
    }
    auto first = std::move(list.front());
    list.pop_front();
    return first;
  }
  bool ready() override { return is_ready(); }
  bool can_be_read_ahead() const override { return read_ahead; }

  bool read_ahead = false;
  std::deque<webhook::Delivery> list;
  std::function<bool()> is_ready = [] { return true; };
  std::function<void()> at_end;
};

/// A ledger in memory: the seam's double. `before` is called with each group.
class FakeLedger : public webhook::Ledger {
 public:
  std::vector<Result<webhook::Booking>> apply(std::span<const webhook::Claim> group) override {
    groups.push_back(group.size());
    if (before) before(group);
    std::vector<Result<webhook::Booking>> bookings;
    for (const auto& claim : group) {
      const auto [place, is_new] = applied.emplace(claim.event->id, claim.event->fingerprint);
      if (is_new)
        bookings.emplace_back(claim.event->effect == webhook::Effect::ignored
                                  ? webhook::Booking::ignored
                                  : webhook::Booking::processed);
      else
        bookings.emplace_back(place->second == claim.event->fingerprint
                                  ? webhook::Booking::duplicate
                                  : webhook::Booking::conflict);
    }
    return bookings;
  }
  void keep_dead_letter(const webhook::DeadLetter& letter) override {
    if (keeps_nothing) throw std::runtime_error("no");
    letters.push_back(letter);
  }
  std::vector<webhook::DeadLetter> dead_letters(std::int64_t after, std::size_t) override {
    std::vector<webhook::DeadLetter> rest;
    for (const auto& letter : letters)
      if (letter.number > after) rest.push_back(letter);
    return rest;
  }
  void redriven(std::int64_t number, bool done) override { redrives[number] = done; }
  webhook::LedgerTotals totals() override { return {}; }

  std::map<std::int64_t, bool> redrives;

  std::function<void(std::span<const webhook::Claim>)> before;
  std::map<std::string, std::array<std::byte, 32>> applied;
  std::vector<std::size_t> groups;
  std::vector<webhook::DeadLetter> letters;
  bool keeps_nothing = false;
};

inline std::vector<webhook::Intake> one_intake(
    std::optional<webhook::SignatureVerifier> verifier = {}) {
  std::vector<webhook::Intake> intakes;
  intakes.emplace_back(webhook::EventParser(), std::move(verifier));
  return intakes;
}

/// A pipeline on a clock that only waiting moves.
struct PipelineBench {
  std::vector<webhook::Intake> intakes = one_intake();
  FakeLedger ledger;
  webhook::Faults faults;
  webhook::Patience patience = {};
  webhook::PipelineOptions options = {};
  RunTotals totals;
  RunEvents events;
  MemorySink responses;
  std::stop_source stop;
  Clock::time_point now{};
  std::vector<Clock::duration> waits;
  webhook::DeadLetterFile* dead_letters = nullptr;
  webhook::OutcomeCounts outcomes;
  bool never_answered = false;

  /// Runs the deliveries and gives the answers, one line each.
  std::string run(webhook::DeliverySource& source) {
    const webhook::Timing timing{.now = [this] { return now; },
                                 .pause =
                                     [this](Deadline until) {
                                       waits.push_back(until.at() - now);
                                       now = std::max(now, until.at());
                                       return !stop.stop_requested();
                                     }};
    webhook::GuardedLedger guarded(ledger, faults, patience, timing, events, 1);
    webhook::Pipeline pipeline(options, {.intakes = intakes,
                                         .ledger = &guarded,
                                         .dead_letters = dead_letters,
                                         .faults = faults,
                                         .responses = responses,
                                         .totals = totals,
                                         .events = events,
                                         .stop = stop.get_token(),
                                         .now = timing.now,
                                         .unix_now = [] { return 1756700000; }});
    pipeline.run(source);
    outcomes = pipeline.outcomes();
    never_answered = guarded.never_answered().has_value();
    return responses.text();
  }
  std::string run(const std::vector<std::string>& bodies) {
    ListedDeliveries source(bodies);
    return run(source);
  }
};

}  // namespace nodeops::test
