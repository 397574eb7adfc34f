// SPDX-License-Identifier: MIT
// Power cuts under csv-transform --checkpoint: whatever of a run's writing the disk has kept, the
// next run goes on from it, and ends with the bytes and rows of one that was never cut off.
#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <random>
#include <stdexcept>
#include <utility>

#include "power/disk_record.hpp"
#include "process/run_nodeops.hpp"
#include "store/sqlite.hpp"

using namespace nodeops;
using namespace nodeops::test;

namespace {

struct Kind {
  std::string output;
  std::vector<std::string> options;
  std::vector<std::string> results = {};  ///< files besides the output
  Names names = Names::when_synced;
};

const std::vector<Kind> kinds = {
    {"out.csv",
     {"--on-error", "skip", "--rejects", "bad", "--capitalize", "name", "--buffer", "8K"},
     {"bad", "bad.why.ndjson"}},
    {"out.csv.gz", {"--on-error", "keep", "--where", "id != 7", "--buffer", "20000"}},
    // SQLite leaves it to the file system that a database that was synced is found.
    {"sqlite:l.db?table=t",
     {"--on-error", "skip", "--rejects", "bad", "--batch", "300", "--buffer", "8K"},
     {"bad", "bad.why.ndjson"},
     Names::at_once}};

std::string table() {
  std::string text = "id,name,note\n";
  for (int i = 0; i < 12'000; ++i) {
    const auto id = std::to_string(i);
    text += i % 13 == 5 ? id + ",too few\n" : id + ",\"jean, luc\",note of " + id + "\n";
  }
  return text;
}

bool is_table(const Kind& kind) {
  return kind.output.starts_with("sqlite:");
}

/// What is in the output, and beside it.
Files result_of(const TemporaryDirectory& place, const Kind& kind) {
  Files result;
  for (const auto& name : kind.results) result[name] = place.has(name) ? place.read(name) : "none";
  if (!is_table(kind)) {
    result[kind.output] = place.has(kind.output) ? place.read(kind.output) : "none";
    return result;
  }
  try {
    store::Sqlite database(place / "l.db", std::chrono::seconds(1));
    auto check = database.prepare("PRAGMA integrity_check");
    if (!check.step() || check.text(0) != "ok") throw std::runtime_error("damaged");
    auto select = database.prepare("SELECT id, name, note FROM t ORDER BY rowid");
    while (select.step())
      for (const int column : {0, 1, 2}) result["l.db"].append(select.text(column)) += '\n';
  } catch (const std::exception& error) {
    result["l.db"] = error.what();
  }
  return result;
}

enum class Boot { anew, same };

Launch load(const TemporaryDirectory& place, const Kind& kind, Boot boot = Boot::anew) {
  auto arguments = kind.options;
  arguments.insert(arguments.end(), {"--checkpoint", "c", "--resume", "-o", kind.output, "in.csv"});
  Launch launch = csv_transform(place, arguments);
  // Saves at every step.
  launch.environment["NODEOPS_TEST_CHECKPOINT_FAULT"] = "none";
  static int boots = 0;
  if (boot == Boot::anew) ++boots;
  launch.environment["NODEOPS_TEST_BOOT_ID"] = std::to_string(boots);
  return launch;
}

void put_files(const TemporaryDirectory& place, const Files& files) {
  for (const auto& [name, bytes] : files) place.write(name, bytes);
  // Its time is part of what a checkpoint knows of an input.
  std::filesystem::last_write_time(place.path() / "in.csv", std::filesystem::file_time_type{});
}

const Files input = {{"in.csv", table()}};

/// What a run makes that is not cut off.
Files whole_of(const Kind& kind) {
  const TemporaryDirectory place;
  put_files(place, input);
  const auto outcome = run_process(load(place, kind));
  REQUIRE_MESSAGE(outcome.exit_code == 1, outcome.err);
  return result_of(place, kind);
}

/// A run on those files, and what it did.
std::vector<DiskOperation> record(const Kind& kind, const Files& files) {
  const TemporaryDirectory place;
  put_files(place, files);
  auto run = record_run(load(place, kind), NODEOPS_RECORDER);
  CHECK_MESSAGE(run.outcome.exit_code == 1, run.outcome.err);
  return std::move(run.operations);
}

/// What is wrong behind the run that goes on with those files; empty when it ends as it should.
std::string fault_of(const Kind& kind, const Files& files, const Files& whole,
                     Boot boot = Boot::anew) {
  const TemporaryDirectory place;
  put_files(place, files);
  const auto outcome = run_process(load(place, kind, boot));
  if (outcome.exit_code != 1) return outcome.err;
  if (result_of(place, kind) != whole) return "the result is another one";
  auto names = place.names();
  std::erase(names, "in.csv");
  for (const auto& [name, bytes] : whole) std::erase(names, name);
  return names.empty() ? std::string() : names.front() + " is left";
}

using Change = std::function<void(std::vector<DiskOperation>&)>;

struct Found {
  int cuts = 0;           ///< behind which something is wrong
  std::string first;      ///< what is wrong behind the first of them
  bool end_lost = false;  ///< a cut after the end takes from the result
};

/// What is wrong after cuts at random moments.
Found faults(const Kind& kind, const Change& change, Boot boot = Boot::anew) {
  const Files whole = whole_of(kind);
  auto operations = record(kind, input);
  constexpr std::size_t cuts = 60;
  REQUIRE(operations.size() > 40);
  change(operations);
  std::mt19937 random(11);
  Found found;
  for (std::size_t i = 0; i < cuts; ++i) {
    const std::size_t end = random() % operations.size();
    const auto files = files_after_cut(operations, end, kind.names, input, random);
    const auto fault = fault_of(kind, files, whole, boot);
    if (fault.empty()) continue;
    if (found.cuts++ == 0) found.first = "cut behind " + std::to_string(end) + ": " + fault;
  }
  const TemporaryDirectory place;
  put_files(place, files_after_cut(operations, operations.size(), kind.names, input, random));
  found.end_lost = result_of(place, kind) != whole;
  return found;
}

}  // namespace

TEST_CASE("a run goes on from what a power cut at any moment has left") {
  for (const Kind& kind : kinds) {
    CAPTURE(kind.output);
    const auto found = faults(kind, [](std::vector<DiskOperation>&) {});
    CHECK_MESSAGE(found.cuts == 0, found.first);
    CHECK_FALSE(found.end_lost);
  }
}

TEST_CASE("runs that are cut off again and again end in the same way") {
  for (const Kind& kind : kinds) {
    CAPTURE(kind.output);
    const Files whole = whole_of(kind);
    std::mt19937 random(5);
    for (int series = 0; series < 6; ++series) {
      Files files = input;
      for (int cut = 0; cut < 4; ++cut) {
        const auto operations = record(kind, files);
        const std::size_t end = random() % (operations.size() / 2);
        files = files_after_cut(operations, end, kind.names, files, random);
      }
      CHECK(fault_of(kind, files, whole).empty());
    }
  }
}

TEST_CASE("a run that does not sync what it should is found out") {
  using Sync = DiskOperation::Kind;
  const auto without = [](Sync kind, const std::string& part) {
    return [kind, part](std::vector<DiskOperation>& operations) {
      for (auto& operation : operations)
        if (operation.kind == kind && operation.name.find(part) != std::string::npos)
          operation.offset = 0;
    };
  };
  const auto in_files = [](const Kind& kind, const Change& change) {
    const auto found = faults(kind, change);
    CHECK(found.cuts > 0);
    MESSAGE(found.cuts << " of 60 cuts, first: " << found.first);
  };
  in_files(kinds[0], without(Sync::sync, ".out.csv"));
  in_files(kinds[0], without(Sync::sync, ".c.nodeops-new"));
  in_files(kinds[2], without(Sync::sync, ".bad"));
  in_files(kinds[2], without(Sync::sync, "l.db"));
  CHECK(faults(kinds[0], without(Sync::sync_directory, "")).end_lost);
}

TEST_CASE("what is noted and not synced is worth nothing when the machine has started anew") {
  Kind kind = kinds[0];
  kind.names = Names::at_once;
  const Change none = [](std::vector<DiskOperation>&) {};
  CHECK(faults(kind, none).cuts == 0);
  const auto found = faults(kind, none, Boot::same);
  CHECK(found.cuts > 0);
  MESSAGE(found.cuts << " of 60 cuts, first: " << found.first);
}
