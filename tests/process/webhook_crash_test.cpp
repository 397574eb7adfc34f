// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>
#include <signal.h>

#include <cstdlib>

#include "process/webhook_replays.hpp"

using namespace nodeops::test;

namespace {

/// NODEOPS_CRASH_ROUNDS, for more than the usual number.
int rounds() {
  constexpr int usual = 200;
  const char* const wanted = std::getenv("NODEOPS_CRASH_ROUNDS");
  return wanted == nullptr ? usual : std::atoi(wanted);
}

/// One ledger that many runs crash on.
class Series {
 public:
  static constexpr int events = 4000;

  explicit Series(unsigned seed) : random_(seed) {}

  /// A run over some of the events, redeliveries among them, that is killed or kills itself.
  void crash() {
    const std::vector<int> numbers = choose();
    std::string input;
    for (const int number : numbers) input += event_line(number, static_cast<unsigned>(below(100)));
    place_.write("in.ndjson", input);
    static const std::vector<std::string> stages = {
        "read", "verify", "parse", "validate", "claim", "apply", "db", "commit", "respond"};
    std::vector<std::string> arguments = {"--group-commit", std::to_string(1 + below(64))};
    const bool kills_itself = below(2) == 0;
    if (kills_itself) {
      const std::string stage = stages[below(stages.size())];
      const bool per_group = stage == "commit";
      arguments.insert(arguments.end(),
                       {"--fault", stage + ":crash:" + (per_group ? "0.2" : "0.01"), "--seed",
                        std::to_string(random_())});
    }
    arguments.emplace_back("in.ndjson");
    Process process(webhook_replay(place_, arguments));
    const std::size_t enough = below(input.size() / 4);
    if (!kills_itself) {
      process.wait_for([&] { return process.out().size() >= enough; });
      process.signal(SIGKILL);
    }
    const auto outcome = process.finish();
    killed_ += outcome.signal == SIGKILL ? 1 : 0;
    acknowledge(numbers, outcome);
  }

  /// Everything once more, to the end: all of it is answered with 200.
  void finish() {
    std::string input;
    for (int number = 0; number < events; ++number) {
      input += event_line(number);
      offered_.insert(number);
    }
    const auto outcome = run_webhook_replay(place_, {"--report", "r.json", "-"}, input);
    CHECK(outcome.exit_code == 0);
    CHECK(answers(outcome.out).size() == static_cast<std::size_t>(events));
    acknowledged_ = offered_;
    const auto report = nlohmann::json::parse(place_.read("r.json"));
    std::int64_t succeeded = 0;
    for (int number = 0; number < events; ++number)
      succeeded += is_refund(number) ? 0 : amount_of(number);
    CHECK(report.at("ledger").at("succeeded").at("usd") == succeeded);
  }

  void check() const { check_ledger(place_, acknowledged_, offered_); }
  int killed() const { return killed_; }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }

  std::vector<int> choose() {
    std::vector<int> numbers;
    int number = static_cast<int>(below(events));
    const std::size_t count = 200 + below(400);
    while (numbers.size() < count) {
      const bool again = below(10) < 3 && !numbers.empty();
      number = again ? numbers[below(numbers.size())] : (number + 1) % events;
      numbers.push_back(number);
      if (again) number = static_cast<int>(below(events));
    }
    return numbers;
  }

  void acknowledge(const std::vector<int>& numbers, const ProcessOutcome& outcome) {
    offered_.insert(numbers.begin(), numbers.end());
    std::uint64_t expected = 1;
    for (const auto& answer : answers(outcome.out)) {
      CHECK(answer.at("n") == expected);
      if (answer.at("status") == 200) acknowledged_.insert(numbers.at(expected - 1));
      ++expected;
    }
  }

  std::mt19937 random_;
  TemporaryDirectory place_;
  std::set<int> offered_;
  std::set<int> acknowledged_;
  int killed_ = 0;
};

}  // namespace

TEST_CASE("kill -9 at any time loses nothing that was acknowledged, and applies nothing twice") {
  constexpr int rounds_per_look = 10;
  Series series(20261121);
  const int count = rounds();
  for (int round = 1; round <= count; ++round) {
    series.crash();
    if (round % rounds_per_look == 0) series.check();
  }
  CHECK(series.killed() > count / 2);
  MESSAGE(series.killed() << " of " << count << " runs were killed");
  series.finish();
  series.check();
}

TEST_CASE("runs at the same time on one ledger apply each event once, one of them killed") {
  const TemporaryDirectory place;
  constexpr int events = 3000;
  std::set<int> all;
  std::vector<std::string> inputs(3);
  for (int i = 0; i < events; ++i) {
    all.insert(i);
    inputs[0] += event_line(i, 0);
    inputs[1] += event_line(events - 1 - i, 1);
    inputs[2] += event_line((i * 7) % events, 2);
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) place.write("in" + std::to_string(i), inputs[i]);
  Process first(webhook_replay(place, {"--group-commit", "16", "in0"}));
  Process second(webhook_replay(place, {"--group-commit", "32", "in1"}));
  Process third(webhook_replay(place, {"--group-commit", "16", "in2"}));
  third.wait_for([&] { return third.out().size() > 20000; });
  third.signal(SIGKILL);
  const auto killed = third.finish();
  std::map<std::string, int> processed;
  for (const auto& outcome : {first.finish(), second.finish(), killed}) {
    CAPTURE(outcome.err);
    for (const auto& answer : answers(outcome.out)) {
      CHECK(answer.at("status") == 200);
      if (answer.at("outcome") == "processed") ++processed[answer.at("event_id")];
    }
    if (outcome.signal == 0) CHECK(answers(outcome.out).size() == static_cast<std::size_t>(events));
  }
  for (const auto& one : processed) CHECK_MESSAGE(one.second == 1, one.first);
  check_ledger(place, all, all);
}

TEST_CASE("a fatal signal leaves a mark and status 70, and what was answered is in the ledger") {
  const TemporaryDirectory place;
  for (const int number : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL}) {
    CAPTURE(number);
    Process process(webhook_replay(place, {"-"}));
    process.send(event_line(number));
    REQUIRE(process.wait_for_output(R"("status":200)"));
    process.signal(number);
    const auto outcome = process.finish();
    CHECK(outcome.exit_code == 70);
    CHECK(outcome.err.starts_with("nodeops: a bug: SIG"));
    CHECK(outcome.err.find("has ended the run") != std::string::npos);
  }
  check_ledger(place, {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL},
               {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL});
}
