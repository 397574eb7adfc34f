// SPDX-License-Identifier: MIT
// Writes webhook events as NDJSON, the same ones for the same seed:
//   gen_webhooks EVENTS [REDELIVERED-PERCENT] [SEED]
// Of ten events four are payments and one is a refund; the others move no money. About 2 KB each.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/seeded_random.hpp"

namespace {

std::string id(const char* kind, std::uint64_t number) {
  return std::string(kind) + "_" + std::to_string(nodeops::mixed(number));
}

/// What makes a real event long: addresses, links, settings that nobody reads.
std::string details(nodeops::SeededRandom& random) {
  std::string text =
      R"("billing_details":{"address":{"city":"Lyon","country":"FR","line1":null},)"
      R"("email":"jane.roe@example.com","name":"Jane Roe","phone":null},"metadata":{)";
  for (int i = 0; i < 8; ++i) {
    text += i == 0 ? "" : ",";
    text += "\"field_" + std::to_string(i) + "\":\"" + std::to_string(random.next()) + "\"";
  }
  text +=
      R"(},"payment_method_options":{"card":{"installments":null,"network":null,"mandate":null}},)";
  text += R"("description":")";
  for (int i = 0; i < 40; ++i)
    text += "subscription " + std::to_string(random.next() % 100000) + " ";
  return text + "\"";
}

std::string event(std::uint64_t number, std::uint64_t seed, unsigned attempt) {
  nodeops::SeededRandom random(nodeops::mixed(seed ^ (number << 8U)));
  const auto kind = number % 10;
  const std::string amount = std::to_string(100 + random.next() % 100000);
  std::string type = "customer.updated";
  std::string object = R"("id":")" + id("cus", number) + R"(","object":"customer")";
  if (kind < 4) {
    type = "payment_intent.succeeded";
    object = R"("id":")" + id("pi", number) + R"(","object":"payment_intent","amount":)" + amount +
             R"(,"amount_received":)" + amount + R"(,"currency":"usd","status":"succeeded")";
  } else if (kind == 4) {
    type = "refund.created";
    object = R"("id":")" + id("re", number) + R"(","object":"refund","amount":)" + amount +
             R"(,"currency":"usd","payment_intent":")" + id("pi", number - 1) + "\"";
  }
  return R"({"id":")" + id("evt", number) +
         R"(","object":"event","api_version":"2026-07-29.dahlia","created":)" +
         std::to_string(1756700000 + number / 100) + R"(,"livemode":false,"pending_webhooks":)" +
         std::to_string(attempt) + R"(,"type":")" + type + R"(","data":{"object":{)" + object +
         "," + details(random) + "}}}\n";
}

std::uint64_t argument(int count, char** arguments, int place, std::uint64_t otherwise) {
  return place < count ? std::strtoull(arguments[place], nullptr, 10) : otherwise;
}

}  // namespace

int main(int count, char** arguments) {
  const auto events = argument(count, arguments, 1, 100000);
  const auto redelivered = argument(count, arguments, 2, 0);
  const auto seed = argument(count, arguments, 3, 1);
  nodeops::SeededRandom random(seed);
  for (std::uint64_t number = 0; number < events; ++number) {
    std::string lines = event(number, seed, 0);
    if (random.next() % 100 < redelivered) lines += event(random.next() % (number + 1), seed, 1);
    if (std::fwrite(lines.data(), 1, lines.size(), stdout) != lines.size()) return 1;
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}
