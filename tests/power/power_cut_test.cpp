// SPDX-License-Identifier: MIT
// Power cuts: from what a run has written and synced, in order, the files are made as they may be
// after a cut at any moment: all that was synced, and any part of the rest. Every answer that was
// out by then must be true of them.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>
#include <sstream>
#include <utility>

#include "power/disk_record.hpp"
#include "store/sqlite.hpp"
#include "support/temporary_directory.hpp"

using namespace nodeops;
using namespace nodeops::test;

namespace {

/// The events that were answered with 200 before a cut behind `end` entries.
std::set<std::string> answered(const std::vector<DiskOperation>& operations, std::size_t end) {
  std::string text;
  for (std::size_t i = 0; i < end; ++i)
    if (operations[i].kind == DiskOperation::Kind::answer) text += operations[i].bytes;
  std::set<std::string> ids;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto start = line.find("evt_");
    if (line.find("\"status\":200") != std::string::npos && start != std::string::npos)
      ids.insert(line.substr(start, line.find('"', start) - start));
  }
  return ids;
}

/// What is wrong with the files after a cut; empty when every answer is true and money agrees.
std::string fault_of(const Files& files, const std::set<std::string>& promised) {
  const TemporaryDirectory place;
  for (const auto& [name, bytes] : files) {
    // The third file of SQLite is memory that is shared; it is made anew.
    if (name == "l.db" || name == "l.db-wal") place.write(name, bytes);
  }
  try {
    store::Sqlite database(place / "l.db", std::chrono::seconds(1));
    auto check = database.prepare("PRAGMA integrity_check");
    if (!check.step() || check.text(0) != "ok") return "the database is damaged";
    std::set<std::string> stored;
    if (!promised.empty()) {
      auto select = database.prepare(
          "SELECT e.id FROM events e JOIN payments p ON p.event_id = e.id"
          " JOIN outbox o ON o.event_id = e.id");
      while (select.step()) stored.emplace(select.text(0));
      auto count = database.prepare("SELECT count(*) FROM events");
      if (!count.step() || count.integer(0) != static_cast<std::int64_t>(stored.size()))
        return "an event without its payment";
    }
    for (const auto& id : promised)
      if (!stored.contains(id)) return id + " was answered and is lost";
  } catch (const store::StoreError& error) {
    return error.what();
  }
  return {};
}

/// A run of the program, or of a mutant of it (disturber.cpp).
std::vector<DiskOperation> record_a_run(const std::string& mutant) {
  const TemporaryDirectory place;
  std::string input;
  constexpr int events = 120;
  for (int i = 0; i < events; ++i) {
    const auto number = std::to_string(i);
    input += R"({"id":"evt_)" + number +
             R"(","object":"event","type":"payment_intent.succeeded","created":1,"data":{"object":)"
             R"({"id":"pi_)" +
             number + R"(","amount_received":5,"currency":"usd"}}})" + "\n";
  }
  place.write("in.ndjson", input);
  auto run = record_run({.program = NODEOPS_BINARY,
                         .arguments = {"webhook-replay", "--group-commit", "10", "--ledger",
                                       "sqlite:l.db", "-o", "-", "in.ndjson"},
                         .environment = {{"NODEOPS_MUTANT", mutant}},
                         .directory = place.path().string()},
                        NODEOPS_RECORDER ":" NODEOPS_DISTURBER);
  REQUIRE_MESSAGE(run.outcome.exit_code == 0, run.outcome.err);
  REQUIRE(answered(run.operations, run.operations.size()).size() == events);
  return std::move(run.operations);
}

/// How many of so many cuts, at random moments, find something wrong.
int faults(const std::vector<DiskOperation>& operations, std::string& first) {
  std::mt19937 random(7);
  int found = 0;
  constexpr int cuts = 150;
  // Before the first sync of its log the ledger is being made, by other means, and holds nothing.
  using Kind = DiskOperation::Kind;
  const auto syncs_log = [](const DiskOperation& operation) {
    return operation.kind == Kind::sync && operation.name.ends_with("-wal");
  };
  const auto answers = [](const DiskOperation& operation) {
    return operation.kind == Kind::answer;
  };
  auto begin = std::find_if(operations.begin(), operations.end(), syncs_log);
  if (begin == operations.end())
    begin = std::find_if(operations.begin(), operations.end(), answers);
  const auto from = static_cast<std::size_t>(begin - operations.begin());
  for (int i = 0; i < cuts; ++i) {
    const std::size_t end = from + 1 + random() % (operations.size() - from);
    const auto files = files_after_cut(operations, end, Names::at_once, {}, random);
    const auto fault = fault_of(files, answered(operations, end));
    if (fault.empty()) continue;
    if (found++ == 0) first = "cut behind " + std::to_string(end) + ": " + fault;
  }
  return found;
}

}  // namespace

TEST_CASE("no answer is untrue after a power cut at any moment") {
  std::string first;
  CHECK_MESSAGE(faults(record_a_run(""), first) == 0, first);
}

TEST_CASE("a ledger that does not sync, answers early or cuts an event in two is found out") {
  for (const std::string mutant : {"sync-off", "early-answer", "two-transactions"}) {
    CAPTURE(mutant);
    std::string first;
    const int found = faults(record_a_run(mutant), first);
    CHECK(found > 0);
    MESSAGE(mutant << ": wrong after " << found << " of 150 cuts, first: " << first);
  }
}
