// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cli/run_nodeops.hpp"
#include "support/temporary_directory.hpp"

namespace nodeops::test {

inline std::string payment(const std::string& id, const std::string& intent, int amount = 2000,
                           int created = 1756700000) {
  return R"({"id":")" + id + R"(","object":"event","type":"payment_intent.succeeded","created":)" +
         std::to_string(created) + R"(,"data":{"object":{"id":")" + intent +
         R"(","object":"payment_intent","amount":)" + std::to_string(amount) +
         R"(,"amount_received":)" + std::to_string(amount) +
         R"(,"currency":"usd","receipt_email":"jane.roe@example.com"}}})" + "\n";
}

/// A run on a ledger of its own.
struct Replay {
  TemporaryDirectory place;

  RunOutcome run(std::vector<std::string> arguments, std::string_view input = {},
                 const std::map<std::string, std::string>& environment = {}) const {
    arguments.insert(arguments.begin(), {"webhook-replay", "--ledger", "sqlite:" + place / "l.db"});
    return run_nodeops(arguments, input, environment);
  }
  nlohmann::json report() const { return nlohmann::json::parse(place.read("r.json")); }
};

/// "200 processed" for each response.
inline std::vector<std::string> told(const std::string& responses) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < responses.size();) {
    const auto end = responses.find('\n', begin);
    const auto one = nlohmann::json::parse(responses.substr(begin, end - begin));
    lines.push_back(std::to_string(one.at("status").get<int>()) + " " +
                    one.at("outcome").get<std::string>());
    begin = end + 1;
  }
  return lines;
}

}  // namespace nodeops::test
