// SPDX-License-Identifier: MIT
// Disks that are full or broken under the real program.
#include <doctest/doctest.h>

#include "process/webhook_replays.hpp"

using namespace nodeops::test;

namespace {

constexpr int events = 400;

std::set<int> all_events() {
  std::set<int> all;
  for (int number = 0; number < events; ++number) all.insert(number);
  return all;
}

Launch on_a_bad_disk(const TemporaryDirectory& place, const std::string& fault) {
  Launch launch = webhook_replay(place, {"--group-commit", "10", "--retries", "1", "--backoff",
                                         "1ms:1ms", "--breaker", "1000/1s/1s", "in.ndjson"});
  launch.environment = {{"LD_PRELOAD", NODEOPS_DISTURBER}, {"NODEOPS_DISK_FAULT", fault}};
  return launch;
}

void write_events(const TemporaryDirectory& place) {
  std::string input;
  for (int number = 0; number < events; ++number) input += event_line(number);
  place.write("in.ndjson", input);
}

/// Runs on the bad disk and again on a good one; how many deliveries the first has deferred.
int deferred_by(const std::string& fault) {
  const TemporaryDirectory place;
  write_events(place);
  const auto outcome = run_process(on_a_bad_disk(place, fault));
  CHECK(outcome.signal == 0);
  std::set<int> acknowledged;
  int deferred = 0;
  for (const auto& answer : answers(outcome.out)) {
    if (answer.at("status") == 200) {
      acknowledged.insert(answer.at("n").get<int>() - 1);
      continue;
    }
    ++deferred;
    CHECK(answer.at("status") == 503);
    CHECK(answer.at("error").at("type") == "urn:nodeops:error:database-unavailable");
    CHECK(answer.at("retry_after_s") > 0);
  }
  CHECK(acknowledged.size() + static_cast<std::size_t>(deferred) == events);
  CHECK(outcome.exit_code == (deferred == 0 ? 0 : deferred == events ? 69 : 1));
  check_ledger(place, acknowledged, all_events());
  const auto again = run_webhook_replay(place, {"in.ndjson"});
  CHECK(again.exit_code == 0);
  for (const auto& answer : answers(again.out))
    if (acknowledged.contains(answer.at("n").get<int>() - 1))
      CHECK(answer.at("outcome") == "duplicate");
  check_ledger(place, all_events(), all_events());
  return deferred;
}

}  // namespace

TEST_CASE("a disk that is full or broken for a while defers deliveries, and loses none") {
  // Retried once: one failure heals, several in a row do not.
  CHECK(deferred_by("write ENOSPC 100 1") == 10);
  CHECK(deferred_by("write ENOSPC 100 6") > 10);
  CHECK(deferred_by("write EIO 100 1") == 0);
  CHECK(deferred_by("write EIO 100 6") > 0);
  CHECK(deferred_by("sync EIO 12 1") == 0);
  CHECK(deferred_by("sync EIO 12 5") > 0);
}

TEST_CASE(
    "a disk that stays full or broken ends nothing: what was answered stays, the rest may come "
    "again") {
  for (const std::string fault : {"write ENOSPC 100 0", "write EIO 100 0", "sync EIO 12 0"}) {
    CAPTURE(fault);
    const int deferred = deferred_by(fault);
    CHECK(deferred > 100);
    CHECK(deferred < events);
  }
}

TEST_CASE("a disk that is full from the start is told as that") {
  const TemporaryDirectory place;
  write_events(place);
  const auto outcome = run_process(on_a_bad_disk(place, "write ENOSPC 1 0"));
  CHECK(outcome.exit_code == 69);
  CHECK(outcome.out.empty());
  CHECK(outcome.err.find("database or disk is full") != std::string::npos);
}
