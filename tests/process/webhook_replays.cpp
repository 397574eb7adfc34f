// SPDX-License-Identifier: MIT
#include "process/webhook_replays.hpp"

#include <doctest/doctest.h>

namespace nodeops::test {
namespace {

/// Python's sqlite3 is the oracle: it opens the ledger as whoever comes after a crash does.
constexpr auto oracle = R"(
import json, sqlite3
db = sqlite3.connect("l.db")
rows = lambda sql: [list(row) for row in db.execute(sql)]
print(json.dumps({
    "check": rows("PRAGMA integrity_check")[0][0],
    "events": [row[0] for row in rows("SELECT id FROM events")],
    "payments": rows("SELECT id, amount FROM payments"),
    "refunds": rows("SELECT id, amount FROM refunds")}))
)";

}  // namespace

LedgerSeen read_ledger(const TemporaryDirectory& place) {
  const auto outcome = run_process({.program = "/usr/bin/env",
                                    .arguments = {"python3", "-c", oracle},
                                    .directory = place.path().string()});
  REQUIRE_MESSAGE(outcome.exit_code == 0, outcome.err);
  const auto seen = nlohmann::json::parse(outcome.out);
  CHECK(seen.at("check") == "ok");
  LedgerSeen ledger;
  for (const auto& id : seen.at("events")) ledger.events.insert(id.get<std::string>());
  for (const auto& row : seen.at("payments"))
    CHECK(ledger.payments.emplace(row[0], row[1].get<std::int64_t>()).second);
  for (const auto& row : seen.at("refunds"))
    CHECK(ledger.refunds.emplace(row[0], row[1].get<std::int64_t>()).second);
  return ledger;
}

void check_ledger(const TemporaryDirectory& place, const std::set<int>& at_least,
                  const std::set<int>& at_most) {
  const LedgerSeen seen = read_ledger(place);
  std::map<std::string, std::int64_t> payments;
  std::map<std::string, std::int64_t> refunds;
  std::size_t known = 0;
  for (const int number : at_most) {
    const auto times = seen.events.count(event_id(number));
    known += times;
    CHECK(times <= 1);
    const bool missing = times == 0 && at_least.contains(number);
    CHECK_MESSAGE(!missing, event_id(number) << " was acknowledged and is lost");
    if (times == 0) continue;
    if (is_refund(number))
      refunds.emplace("re_" + std::to_string(number), amount_of(number));
    else
      payments.emplace("pi_" + std::to_string(number), amount_of(number));
  }
  CHECK(known == seen.events.size());
  CHECK(payments == seen.payments);
  CHECK(refunds == seen.refunds);
}

}  // namespace nodeops::test
