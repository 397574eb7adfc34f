// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "support/process.hpp"
#include "support/temporary_directory.hpp"

namespace nodeops::test {

/// A start of the real `nodeops webhook-replay` on the ledger l.db of that directory.
inline Launch webhook_replay(const TemporaryDirectory& place,
                             const std::vector<std::string>& arguments) {
  Launch launch = {.program = NODEOPS_BINARY,
                   .arguments = {"webhook-replay", "--ledger", "sqlite:l.db"},
                   .directory = place.path().string()};
  launch.arguments.insert(launch.arguments.end(), arguments.begin(), arguments.end());
  return launch;
}

inline ProcessOutcome run_webhook_replay(const TemporaryDirectory& place,
                                         const std::vector<std::string>& arguments,
                                         std::string_view input = {}) {
  return run_process(webhook_replay(place, arguments), input);
}

/// Payments and refunds that are told by their number: each fifth is a refund of the one before.
inline bool is_refund(int number) {
  return number % 5 == 4;
}
inline std::int64_t amount_of(int number) {
  return is_refund(number) ? 7 + number % 50 : 100 + number;
}
inline std::string event_id(int number) {
  return "evt_" + std::to_string(number);
}

/// The event as a line; `attempt` is the part that a provider writes anew each time.
inline std::string event_line(int number, unsigned attempt = 0) {
  const bool refund = is_refund(number);
  const std::string id = (refund ? "re_" : "pi_") + std::to_string(number);
  const std::string amount = std::to_string(amount_of(number));
  const std::string object =
      refund ? R"({"id":")" + id + R"(","object":"refund","amount":)" + amount +
                   R"(,"currency":"usd","payment_intent":"pi_)" + std::to_string(number - 1) +
                   R"(","status":"succeeded"})"
             : R"({"id":")" + id + R"(","object":"payment_intent","amount":)" + amount +
                   R"(,"amount_received":)" + amount + R"(,"currency":"usd","status":"succeeded"})";
  return R"({"id":")" + event_id(number) + R"(","object":"event","type":")" +
         (refund ? "refund.created" : "payment_intent.succeeded") +
         R"(","created":1756700000,"pending_webhooks":)" + std::to_string(attempt) +
         R"(,"data":{"object":)" + object + "}}\n";
}

/// The complete lines of what a run has answered; one that was cut off says nothing.
inline std::vector<nlohmann::json> answers(const std::string& out) {
  std::vector<nlohmann::json> lines;
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = out.find('\n', begin)) != std::string::npos; begin = end + 1)
    lines.push_back(nlohmann::json::parse(out.substr(begin, end - begin)));
  return lines;
}

/// What stands in a ledger, read by another program than ours.
struct LedgerSeen {
  std::multiset<std::string> events;
  std::map<std::string, std::int64_t> payments;
  std::map<std::string, std::int64_t> refunds;
};
LedgerSeen read_ledger(const TemporaryDirectory& place);

/// Checks that the ledger holds these events and nothing else, each once, and the money of them.
void check_ledger(const TemporaryDirectory& place, const std::set<int>& at_least,
                  const std::set<int>& at_most);

}  // namespace nodeops::test
