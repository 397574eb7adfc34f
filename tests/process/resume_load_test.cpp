// SPDX-License-Identifier: MIT
// Loads of tables that are killed or stopped in every way, and gone on with: in the end the table
// has each record once, and what was refused stands in its files as if the load had never stopped.
#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <random>

#include "load/load_support.hpp"
#include "process/run_nodeops.hpp"

using namespace nodeops::test;

namespace {

/// A step of the load, or of the checkpoint's file, at which the process is killed.
struct KillPoint {
  std::string variable;
  std::string name;
};

const std::vector<KillPoint> kill_points = {
    {"NODEOPS_TEST_LOAD_FAULT", "before-commit"},
    {"NODEOPS_TEST_LOAD_FAULT", "after-commit"},
    {"NODEOPS_TEST_LOAD_FAULT", "before-commit"},
    {"NODEOPS_TEST_LOAD_FAULT", "after-commit"},
    {"NODEOPS_TEST_LOAD_FAULT", "before-swap"},
    {"NODEOPS_TEST_LOAD_FAULT", "after-swap"},
    {"NODEOPS_TEST_CHECKPOINT_FAULT", "before-rename"},
    {"NODEOPS_TEST_CHECKPOINT_FAULT", "after-rename"},
    {"NODEOPS_TEST_CHECKPOINT_FAULT", "before-placing"},
    {"NODEOPS_TEST_CHECKPOINT_FAULT", "after-placing"},
    {"NODEOPS_TEST_CHECKPOINT_FAULT", "between-renames"},
    {"NODEOPS_TEST_CHECKPOINT_FAULT", "before-remove"},
};

int rounds() {
  constexpr int usual = 48;
  const char* const wanted = std::getenv("NODEOPS_CRASH_ROUNDS");
  return wanted == nullptr ? usual : std::atoi(wanted);
}

/// Records of which some are malformed, too long, filtered, of a wrong type, or refused by the
/// database for what is in them or for a key that was there.
std::string table(int count, std::mt19937& random) {
  std::string text = "id,name,n\n";
  for (int i = 0; i < count; ++i) {
    const auto id = std::to_string(random() % 12 == 0 && i > 0 ? i - 1 : i);
    switch (random() % 12) {
      case 0:
        text += id + ",few\n";
        break;
      case 1:
        text += id + ",\"a\nb \"\"c\"\"\",7\n";
        break;
      case 2:
        text += id + ",typed,seven\n";
        break;
      case 3:
        text += id + "," + std::string(random() % 900, 'l') + ",3\n";
        break;
      case 4:
        text += id + ",bad,-1\n";
        break;
      case 5:
        text += id + ",left out,4\n";
        break;
      default:
        text += id + ",name " + id + "," + std::to_string(i) + "\n";
    }
  }
  return text;
}

struct Kind {
  std::string mode;
  std::vector<std::string> options;
  std::size_t inputs;
};

const std::vector<Kind> kinds = {
    {"append", {"--batch", "37", "--types", "n=integer"}, 2},
    {"create", {"--batch", "50", "--buffer", "2K"}, 1},
    {"replace", {"--batch", "41", "--empty-as-null", "--buffer", "3K"}, 2},
    {"upsert", {"--batch", "29", "--key", "id", "--jobs", "1", "--buffer", "2K"}, 1},
    {"replace", {"--batch", "64", "--infer-types", "--buffer", "4K"}, 1},
    {"append", {"--batch", "1000", "--shard", "2/3", "--buffer", "1K"}, 2}};

/// One load whose runs die, beside the same one done without a stop.
class Job {
 public:
  Job(const Kind& kind, Place place, unsigned seed)
      : kind_(kind), place_(std::move(place)), random_(seed) {
    for (std::size_t i = 0; i < kind.inputs; ++i) {
      const std::string name = "in" + std::to_string(i) + ".csv";
      files_.write(name, table(300, random_));
      inputs_.push_back(name);
    }
    prepare();
    const auto outcome = run_process(launch({}));
    REQUIRE_MESSAGE(outcome.exit_code == 1, outcome.err);
    whole_ = result();
    REQUIRE(whole_.at("table") != "");
    prepare();
  }

  int die_and_end(int deaths) {
    for (int died = 0; died < deaths; ++died) {
      const auto& point = kill_points[random_() % kill_points.size()];
      const std::string fault = point.name + ":" + std::to_string(1 + random_() % 6);
      Launch run = launch(go_on);
      run.environment.emplace(point.variable, fault);
      const auto outcome = run_process(run);
      if (outcome.signal != SIGKILL) {
        check_end(outcome);
        return died;
      }
    }
    check_end(run_process(launch(go_on)));
    return deaths;
  }

  int stop_and_end(int stops) {
    for (int stopped = 0; stopped < stops; ++stopped) {
      auto arguments = go_on;
      arguments.insert(arguments.end(), {"--events", "-"});
      Process process(launch(arguments));
      const std::size_t told = random_() % 20'000;
      process.wait_for([&] { return process.out().size() >= told; });
      process.signal(random_() % 3 == 0 ? SIGTERM : SIGKILL);
      const auto outcome = process.finish();
      if (outcome.signal == 0 && outcome.exit_code != 128 + SIGTERM) {
        check_end(outcome);
        return stopped;
      }
    }
    check_end(run_process(launch(go_on)));
    return stops;
  }

 private:
  Launch launch(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), kind_.options.begin(), kind_.options.end());
    arguments.insert(arguments.end(),
                     {"--mode", kind_.mode, "-o", place_.table("t"), "--report", "r.json",
                      "--on-error", "skip", "--rejects", "bad", "--max-record", "500", "--where",
                      "name != left out", "--capitalize", "name"});
    arguments.insert(arguments.end(), inputs_.begin(), inputs_.end());
    return csv_transform(files_, arguments);
  }

  void prepare() {
    for (const char* const name : {"bad", "bad.why.ndjson", "r.json"})
      std::filesystem::remove(files_.path() / name);
    place_.run("DROP TABLE IF EXISTS t");
    if (kind_.mode == "create") return;
    // Of rows with one key in one batch PostgreSQL's table sees only the last: which of them it
    // refuses would depend on the batches.
    const std::string rule =
        kind_.mode == "upsert" ? "INTEGER, UNIQUE(id)" : "INTEGER CHECK(n<>-1)";
    place_.run("CREATE TABLE t(id TEXT, name TEXT, n " + rule +
               "); INSERT INTO t VALUES('old','row',1)");
  }

  /// All that can be told from outside.
  nlohmann::json result() const {
    const auto report = nlohmann::json::parse(files_.read("r.json"));
    return {{"table", place_.ask("SELECT id,name,n FROM t ORDER BY id,name,n", 3)},
            {"tables", place_.ask(place_.kind == "sqlite"
                                      ? "SELECT count(*) FROM sqlite_master WHERE type='table'"
                                      : "SELECT count(*) FROM pg_class WHERE relkind='r' AND "
                                        "relnamespace=current_schema()::regnamespace",
                                  1)},
            {"rejects", files_.read("bad")},
            {"reasons", files_.read("bad.why.ndjson")},
            {"items", report.at("items")},
            {"bytes", report.at("bytes")}};
  }

  void check_end(const ProcessOutcome& outcome) {
    CHECK_MESSAGE(outcome.exit_code == 1, outcome.err);
    const auto now = result();
    for (const auto& was : whole_.items()) {
      CAPTURE(was.key());
      CHECK(now.at(was.key()) == was.value());
    }
    auto expected = inputs_;
    expected.insert(expected.end(), {"bad", "bad.why.ndjson", "r.json"});
    std::sort(expected.begin(), expected.end());
    CHECK(files_.names() == expected);
    prepare();
  }

  static inline const std::vector<std::string> go_on = {"--checkpoint", "c", "--resume"};
  const Kind& kind_;
  Place place_;
  TemporaryDirectory files_;
  std::mt19937 random_;
  std::vector<std::string> inputs_;
  nlohmann::json whole_;
};

/// Loads of each kind and place in turn until so many runs have ended early.
template <class Series>
void until_enough(int wanted, Series series) {
  const TemporaryDirectory databases;
  const auto places = load_places(databases);
  int ended_early = 0;
  for (unsigned seed = 0; ended_early < wanted; ++seed) {
    const Kind& kind = kinds[seed % kinds.size()];
    const Place& place = places[seed / kinds.size() % places.size()];
    CAPTURE(seed);
    CAPTURE(kind.mode);
    CAPTURE(place.kind);
    Job job(kind, place, seed);
    ended_early += series(job);
    REQUIRE(seed < 1000);
  }
}

}  // namespace

TEST_CASE("a load that dies at any step, again and again, has each record once") {
  until_enough(rounds(), [](Job& job) { return job.die_and_end(4) + job.die_and_end(3); });
}

TEST_CASE("a load that is stopped at any moment has each record once") {
  until_enough(rounds(), [](Job& job) { return job.stop_and_end(6); });
}
