// SPDX-License-Identifier: MIT
// csv-transform killed in every way, and gone on with: the bytes in the end are those of a run that
// never stopped.
#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <random>

#include "process/run_nodeops.hpp"

using namespace nodeops::test;

namespace {

constexpr auto fault_variable = "NODEOPS_TEST_CHECKPOINT_FAULT";

const std::vector<std::string> kill_points = {
    "before-note",  "after-note",     "before-sync",   "after-sync",      "before-rename",
    "after-rename", "before-placing", "after-placing", "between-renames", "before-remove"};

/// NODEOPS_CRASH_ROUNDS, for more than the usual number.
int rounds() {
  constexpr int usual = 60;
  const char* const wanted = std::getenv("NODEOPS_CRASH_ROUNDS");
  return wanted == nullptr ? usual : std::atoi(wanted);
}

/// `count` records of which some are malformed, quoted, long, or blank lines.
std::string table(std::size_t count, std::mt19937& random) {
  std::string text = "id,name,note,date\r\n";
  for (std::size_t i = 0; i < count; ++i) {
    text += std::to_string(i);
    switch (random() % 16) {
      case 0:
        text += ",too,few\r\n";
        break;
      case 1:
        text += ",\"a \"\"b\"\"\r\nc\",x,2020\n";
        break;
      case 2:
        text += ",jean,x,nodate\r\n\r\n";
        break;
      case 3:
        text += "," + std::string(random() % 900, 'l') + ",x,2021\r\n";
        break;
      default:
        text += ",jean-luc o'neil,note " + std::to_string(i) + ",2020\r\n";
    }
  }
  return text;
}

/// One job whose runs die, beside the same one done without a stop.
class Job {
 public:
  Job(std::string output, std::vector<std::string> options, std::size_t inputs, unsigned seed)
      : random_(seed), output_(std::move(output)), options_(std::move(options)) {
    for (std::size_t i = 0; i < inputs; ++i) {
      const std::string name = "in" + std::to_string(i) + ".csv";
      place_.write(name, table(400 + 300 * i, random_));
      inputs_.push_back(name);
    }
    const auto outcome = run_process(launch({"--report", "r.json"}, "none"));
    REQUIRE_MESSAGE(outcome.exit_code == 1, outcome.err);
    for (const auto& name : outputs()) {
      whole_.push_back(place_.read(name));
      std::filesystem::remove(place_.path() / name);
    }
    whole_items_ = items();
  }

  /// A run that goes on, and dies at the kill point.
  ProcessOutcome run(const std::string& fault) const { return run_process(launch(go_on, fault)); }

  /// A run that goes on, and gets the signal when it has told so much of what happens.
  ProcessOutcome run_until(std::size_t told, int signal) const {
    auto arguments = go_on;
    arguments.insert(arguments.end(), {"--events", "-"});
    Process process(launch(arguments, "none"));
    process.wait_for([&] { return process.out().size() >= told; });
    process.signal(signal);
    return process.finish();
  }

  /// Gets signals at random moments, and is then done.
  int stop_and_end(int stops) {
    int stopped = 0;
    for (int i = 0; i < stops; ++i) {
      const int signal = random_() % 2 == 0 ? SIGKILL : SIGTERM;
      const auto outcome = run_until(random_() % 12'000, signal);
      if (outcome.signal == 0 && outcome.exit_code != 128 + SIGTERM) {
        check_end(outcome);
        return stopped;
      }
      ++stopped;
    }
    check_end(run("none"));
    return stopped;
  }

  /// Dies many times and is then done.
  int die_and_end(int deaths) {
    int died = 0;
    for (int i = 0; i < deaths; ++i) {
      const std::string fault =
          kill_points[random_() % kill_points.size()] + ":" + std::to_string(1 + random_() % 3);
      const auto outcome = run(fault);
      if (outcome.signal != SIGKILL) {
        check_end(outcome);
        return died;
      }
      ++died;
      for (const auto& name : outputs()) {
        // Whole or not at all.
        if (place_.has(name)) CHECK(place_.read(name) == whole_of(name));
      }
    }
    check_end(run("none"));
    return died;
  }

  void check_end(const ProcessOutcome& outcome) {
    CHECK_MESSAGE(outcome.exit_code == 1, outcome.err);
    for (const auto& name : outputs()) CHECK(place_.read(name) == whole_of(name));
    CHECK(items() == whole_items_);
    auto expected = outputs();
    expected.insert(expected.end(), inputs_.begin(), inputs_.end());
    expected.emplace_back("r.json");
    std::sort(expected.begin(), expected.end());
    CHECK(place_.names() == expected);
    for (const auto& name : outputs()) std::filesystem::remove(place_.path() / name);
  }

 private:
  Launch launch(std::vector<std::string> arguments, const std::string& fault) const {
    arguments.insert(arguments.end(), options_.begin(), options_.end());
    arguments.insert(arguments.end(), {"-o", output_});
    arguments.insert(arguments.end(), inputs_.begin(), inputs_.end());
    Launch made = csv_transform(place_, arguments);
    made.environment = {{fault_variable, fault}};
    return made;
  }

  std::vector<std::string> outputs() const {
    if (std::find(options_.begin(), options_.end(), "--rejects") == options_.end())
      return {output_};
    return {output_, "bad", "bad.why.ndjson"};
  }

  const std::string& whole_of(const std::string& name) const {
    const auto names = outputs();
    return whole_.at(
        static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin()));
  }

  nlohmann::json items() const {
    const auto report = nlohmann::json::parse(place_.read("r.json"));
    return {report.at("items"), report.at("bytes"), report.value("digest", nlohmann::json())};
  }

  static inline const std::vector<std::string> go_on = {"--checkpoint", "c", "--resume", "--report",
                                                        "r.json"};
  TemporaryDirectory place_;
  std::mt19937 random_;
  std::string output_;
  std::vector<std::string> options_;
  std::vector<std::string> inputs_;
  std::vector<std::string> whole_;
  nlohmann::json whole_items_;
};

struct Kind {
  std::string output;
  std::vector<std::string> options;
  std::size_t inputs;
};

const std::vector<Kind> kinds = {
    {"out.csv",
     {"--on-error", "skip", "--rejects", "bad", "--capitalize", "name", "--buffer", "8K"},
     1},
    {"out.csv.gz", {"--on-error", "keep", "--where", "id != 7", "--buffer", "50000"}, 3},
    {"out.ndjson.zst",
     {"--on-error", "skip", "--rejects", "bad", "--to", "ndjson", "--digest", "sha256",
      "--max-record", "500", "--buffer", "4K", "--max-errors", "100000"},
     2},
    {"out.csv",
     {"--on-error", "keep", "--select", "date,name", "--date", "date=%Y:%y", "--shard", "2/3",
      "--rejects", "bad", "--sniff", "--buffer", "3K"},
     2}};

/// Jobs of each kind in turn until so many runs have ended early.
template <class Series>
void until_enough(int wanted, Series series) {
  int ended_early = 0;
  for (unsigned seed = 0; ended_early < wanted; ++seed) {
    CAPTURE(seed);
    const Kind& kind = kinds[seed % kinds.size()];
    Job job(kind.output, kind.options, kind.inputs, seed);
    ended_early += series(job);
    REQUIRE(seed < 1000);
  }
}

}  // namespace

TEST_CASE(
    "a run that dies at any step, again and again, ends with the bytes of one that does not") {
  until_enough(rounds(), [](Job& job) { return job.die_and_end(6) + job.die_and_end(3); });
}

TEST_CASE("a run that is stopped at any moment ends with the bytes of one that is not") {
  until_enough(rounds(), [](Job& job) { return job.stop_and_end(8); });
}
