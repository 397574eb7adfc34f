// SPDX-License-Identifier: MIT
// Power cuts: from what a run has written and synced, in order, the files are made as they may be
// after a cut at any moment: all that was synced, and any part of the rest. Every answer that was
// out by then must be true of them.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "store/sqlite.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

using namespace nodeops;
using namespace nodeops::test;

namespace {

struct Entry {
  char kind = 0;  ///< W write, T truncate, S sync, A answer
  std::string path;
  std::uint64_t offset = 0;
  std::string bytes;
};

std::vector<Entry> read_record(const std::string& record) {
  std::vector<Entry> entries;
  for (std::size_t at = 0; at < record.size();) {
    Entry entry{.kind = record[at++], .path = {}, .offset = 0, .bytes = {}};
    std::uint64_t name = 0;
    std::uint64_t size = 0;
    for (auto* const number : {&name, &entry.offset, &size}) {
      std::memcpy(number, record.data() + at, sizeof *number);
      at += sizeof *number;
    }
    entry.path = record.substr(at, name);
    at += name;
    if (entry.kind == 'W' || entry.kind == 'A') {
      entry.bytes = record.substr(at, size);
      at += size;
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

void apply(const Entry& entry, std::string& file, std::size_t most) {
  if (entry.kind == 'T') {
    file.resize(entry.offset);
    return;
  }
  const auto size = std::min(entry.bytes.size(), most);
  if (file.size() < entry.offset + size) file.resize(entry.offset + size);
  file.replace(entry.offset, size, entry.bytes, 0, size);
}

/// The files after a cut behind `end` entries.
std::map<std::string, std::string> files_after(const std::vector<Entry>& entries, std::size_t end,
                                               std::mt19937& random) {
  std::map<std::string, std::size_t> synced;
  for (std::size_t i = 0; i < end; ++i)
    if (entries[i].kind == 'S') synced[entries[i].path] = i;
  std::map<std::string, std::string> files;
  for (std::size_t i = 0; i < end; ++i) {
    const Entry& entry = entries[i];
    if (entry.kind != 'W' && entry.kind != 'T') continue;
    auto& file = files[entry.path];
    const bool durable = synced.contains(entry.path) && i < synced[entry.path];
    // The rest: whole, lost, or torn between two sectors.
    const auto fate = random() % 3;
    if (durable || fate == 0)
      apply(entry, file, entry.bytes.size());
    else if (fate == 1 && entry.kind == 'W')
      apply(entry, file, random() % (entry.bytes.size() / 512 + 1) * 512);
  }
  return files;
}

/// The events that were answered with 200 before a cut behind `end` entries.
std::set<std::string> answered(const std::vector<Entry>& entries, std::size_t end) {
  std::string text;
  for (std::size_t i = 0; i < end; ++i)
    if (entries[i].kind == 'A') text += entries[i].bytes;
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
std::string fault_of(const std::map<std::string, std::string>& files,
                     const std::set<std::string>& promised) {
  const TemporaryDirectory place;
  for (const auto& [path, bytes] : files) {
    const std::string name = path.substr(path.rfind('/') + 1);
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
std::vector<Entry> record_a_run(const std::string& mutant) {
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
  const auto record = place / "record";
  constexpr int descriptor = 200;
  const auto shell = "exec " + std::to_string(descriptor) + ">'" + record +
                     "'; LD_PRELOAD='" NODEOPS_RECORDER ":" NODEOPS_DISTURBER
                     "' exec '" NODEOPS_BINARY
                     "' webhook-replay --group-commit 10 --ledger sqlite:l.db -o - in.ndjson";
  const auto outcome = run_process(
      {.program = "/bin/bash",
       .arguments = {"-c", shell},
       .environment = {{"NODEOPS_RECORD", std::to_string(descriptor)}, {"NODEOPS_MUTANT", mutant}},
       .directory = place.path().string()});
  REQUIRE_MESSAGE(outcome.exit_code == 0, outcome.err);
  auto entries = read_record(place.read("record"));
  REQUIRE(answered(entries, entries.size()).size() == events);
  return entries;
}

/// How many of so many cuts, at random moments, find something wrong.
int faults(const std::vector<Entry>& entries, std::string& first) {
  std::mt19937 random(7);
  int found = 0;
  constexpr int cuts = 150;
  // Before the first sync of its log the ledger is being made, by other means, and holds nothing.
  const auto syncs_log = [](const Entry& entry) {
    return entry.kind == 'S' && entry.path.ends_with("-wal");
  };
  const auto synced = std::find_if(entries.begin(), entries.end(), syncs_log);
  const auto begin = synced != entries.end()
                         ? synced
                         : std::find_if(entries.begin(), entries.end(),
                                        [](const Entry& entry) { return entry.kind == 'A'; });
  const auto from = static_cast<std::size_t>(begin - entries.begin());
  for (int i = 0; i < cuts; ++i) {
    const std::size_t end = from + 1 + random() % (entries.size() - from);
    const auto files = files_after(entries, end, random);
    const auto fault = fault_of(files, answered(entries, end));
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
