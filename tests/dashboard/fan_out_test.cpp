// SPDX-License-Identifier: MIT
#include "dashboard/fan_out.hpp"

#include <doctest/doctest.h>

#include "dashboard/fakes.hpp"

using namespace nodeops;
using namespace nodeops::dashboard;
using namespace nodeops::test;
using namespace std::chrono_literals;

TEST_CASE("a dashboard is there the moment its last source has answered") {
  FanOutBench bench;
  bench.add({.name = "a", .required = true, .cutoff = 500ms}, {{.after = 40ms, .json = "1"}});
  bench.add({.name = "b", .cutoff = 300ms}, {{.after = 80ms, .json = "2"}});
  const Dashboard& one = bench.settle();
  CHECK(one.status == DashboardStatus::complete);
  CHECK(one.elapsed == 80ms);
  CHECK(one.outcomes[0].elapsed == 40ms);
  CHECK(one.outcomes[0].json == "1");
  CHECK(one.outcomes[1].json == "2");
  CHECK(bench.fan_out->figures().cancelled == 0);
}

TEST_CASE("an optional source is cut off at its cutoff, and its request is gone") {
  FanOutBench bench;
  bench.add({.name = "a", .required = true, .cutoff = 500ms}, {{.after = 40ms}});
  auto& slow = bench.add({.name = "slow", .cutoff = 300ms}, {{.after = 301ms}});
  const Dashboard& one = bench.settle();
  CHECK(one.status == DashboardStatus::partial);
  CHECK(one.elapsed == 300ms);
  CHECK(one.outcomes[1].status == SourceStatus::timeout);
  REQUIRE(one.outcomes[1].failure);
  CHECK(one.outcomes[1].failure->status == 504);
  CHECK(one.outcomes[1].failure->detail == "no answer within 300 ms");
  CHECK(slow.cancelled == 1);
  CHECK(bench.fan_out->figures().cancelled == 1);
  CHECK(bench.fan_out->figures().overshoot.max() == 0us);
}

TEST_CASE("an answer at the very time of the cutoff is in time") {
  FanOutBench bench;
  bench.add({.name = "a", .cutoff = 300ms}, {{.after = 299999us}});
  CHECK(bench.settle().status == DashboardStatus::complete);
}

TEST_CASE("a required source that is not there by the budget makes the dashboard failed") {
  FanOutBench bench;
  bench.add({.name = "a", .required = true, .cutoff = 500ms}, {{.hangs = true}});
  bench.add({.name = "b", .cutoff = 300ms}, {{.after = 10ms, .json = "[]"}});
  const Dashboard& one = bench.settle();
  CHECK(one.status == DashboardStatus::failed);
  CHECK(one.elapsed == 500ms);
  CHECK(one.outcomes[0].status == SourceStatus::timeout);
  CHECK(one.outcomes[1].json == "[]");
}

TEST_CASE("one source's failure neither fails nor delays the others") {
  FanOutBench bench;
  bench.add({.name = "a", .required = true, .cutoff = 500ms}, {{.after = 20ms}});
  auto& broken = bench.add({.name = "b", .cutoff = 300ms}, {{.after = 5ms, .fails = true}});
  const Dashboard& one = bench.settle();
  CHECK(one.status == DashboardStatus::partial);
  CHECK(one.elapsed == 20ms);
  CHECK(one.outcomes[1].status == SourceStatus::error);
  CHECK(one.outcomes[1].elapsed == 5ms);
  CHECK(broken.asked == 1);
}

TEST_CASE("a failure is tried again while there is time, and not when there is not") {
  FanOutBench bench;
  auto& source = bench.add({.name = "a", .cutoff = 300ms, .retries = 3},
                           {{.after = 10ms, .fails = true}, {.after = 10ms, .json = "7"}});
  const Dashboard& one = bench.settle();
  CHECK(one.outcomes[0].status == SourceStatus::ok);
  CHECK(one.outcomes[0].attempts == 2);
  CHECK(one.outcomes[0].json == "7");
  CHECK(source.asked == 2);

  FanOutBench late;
  auto& slow =
      late.add({.name = "a", .cutoff = 300ms, .retries = 3}, {{.after = 290ms, .fails = true}});
  const Dashboard& other = late.settle();
  CHECK(other.outcomes[0].status == SourceStatus::error);
  CHECK(slow.asked == 1);
}

TEST_CASE("a failure that will not change is not tried again; Retry-After is respected") {
  FanOutBench bench;
  auto& wrong = bench.add({.name = "a", .cutoff = 300ms, .retries = 3},
                          {{.fails = true, .retryable = false}});
  CHECK(bench.settle().outcomes[0].attempts == 1);
  CHECK(wrong.asked == 1);

  FanOutBench busy;
  busy.add({.name = "a", .cutoff = 300ms, .retries = 3},
           {{.after = 10ms, .fails = true, .asked_to_wait = 100ms}, {.after = 10ms}});
  CHECK(busy.settle().outcomes[0].elapsed == 120ms);
  FanOutBench too_busy;
  too_busy.add({.name = "a", .cutoff = 300ms, .retries = 3},
               {{.after = 10ms, .fails = true, .asked_to_wait = 5s}});
  CHECK(too_busy.settle().outcomes[0].elapsed == 10ms);
}

TEST_CASE("an open breaker leaves the source alone, and the dashboard does not wait for it") {
  FanOutBench bench;
  auto& down =
      bench.add({.name = "a", .cutoff = 300ms}, {{.hangs = true}},
                {.breaker = CircuitBreaker::Options{.failures = 2, .window = 10s, .cooldown = 5s}});
  bench.add({.name = "b", .required = true, .cutoff = 500ms}, {{.after = 10ms}});
  bench.settle();
  bench.settle();
  CHECK(down.asked == 2);
  const Dashboard& one = bench.settle();
  CHECK(down.asked == 2);
  CHECK(one.status == DashboardStatus::partial);
  CHECK(one.elapsed == 10ms);
  CHECK(one.outcomes[0].status == SourceStatus::open);
  CHECK(one.outcomes[0].attempts == 0);
  CHECK(one.outcomes[0].failure->status == 503);
  // After the cooldown one question goes, is cut off as slow, and the breaker stays open.
  bench.timers.run_until(bench.timers.now() + 5s);
  bench.settle();
  CHECK(down.asked == 3);
  bench.settle();
  CHECK(down.asked == 3);
}

TEST_CASE("a retry that the breaker does not let through leaves the failure before it") {
  FanOutBench bench;
  auto& source =
      bench.add({.name = "a", .cutoff = 300ms, .retries = 5}, {{.after = 1ms, .fails = true}},
                {.breaker = CircuitBreaker::Options{.failures = 2, .window = 10s, .cooldown = 5s}});
  int told = 0;
  bench.options.retrying = [&](const FanOut::Options::Again&) { ++told; };
  const Outcome& outcome = bench.settle().outcomes[0];
  CHECK(source.asked == 2);
  CHECK(told == 1);
  CHECK(bench.fan_out->figures().of_source[0].retries == 1);
  CHECK(outcome.status == SourceStatus::error);
  CHECK(outcome.attempts == 2);
  CHECK(outcome.failure->detail == "scripted");
}

TEST_CASE("what is cut off in its second attempt says what became of the first") {
  FanOutBench bench;
  bench.add({.name = "a", .cutoff = 300ms, .retries = 1},
            {{.after = 1ms, .fails = true}, {.hangs = true}});
  const Outcome& outcome = bench.settle().outcomes[0];
  CHECK(outcome.status == SourceStatus::timeout);
  CHECK(outcome.failure->detail == "no answer within 300 ms; the attempt before: scripted");
}

TEST_CASE("every retry is told, with the wait and the reason") {
  FanOutBench bench;
  bench.add({.name = "a", .cutoff = 300ms}, {{.after = 1ms}});
  bench.add({.name = "b", .cutoff = 300ms, .retries = 2},
            {{.after = 1ms, .fails = true, .asked_to_wait = 50ms},
             {.after = 1ms, .fails = true, .asked_to_wait = 70ms},
             {.after = 1ms}});
  std::vector<std::string> told;
  bench.options.retrying = [&](const FanOut::Options::Again& again) {
    told.push_back(std::to_string(again.source) + " " + std::to_string(again.attempt) + " " +
                   std::to_string(again.wait / 1ms) + " " + again.failure.detail);
  };
  CHECK(bench.settle().status == DashboardStatus::complete);
  CHECK(told == std::vector<std::string>{"1 1 50 scripted", "1 2 70 scripted"});
}

TEST_CASE("what was asked before a breaker opened does not close it, and does not keep it open") {
  FanOutBench bench;
  // The first one hangs until it is cut off, long after the others have opened the breaker.
  auto& source =
      bench.add({.name = "a", .cutoff = 300ms}, {{.after = 200ms}},
                {.breaker = CircuitBreaker::Options{.failures = 2, .window = 10s, .cooldown = 1s}});
  Guard& guard = bench.sources[0].guard;
  const auto now = bench.timers.now();
  bench.start();  // its answer will come
  guard.failed(now, guard.allow(now));
  guard.failed(now, guard.allow(now));
  CHECK(guard.openings() == 1);
  bench.timers.run_until(now + 250ms);
  CHECK(bench.settled.back().outcomes[0].status == SourceStatus::ok);
  CHECK(bench.settle().outcomes[0].status == SourceStatus::open);
  CHECK(source.asked == 1);
}

TEST_CASE("a rate limit spreads the questions, and what finds no room in time is cut off") {
  FanOutBench bench;
  auto& source =
      bench.add({.name = "a", .cutoff = 250ms}, {{.after = 1ms}}, {.questions_per_second = 10});
  const Dashboard& first = bench.settle();
  CHECK(first.outcomes[0].status == SourceStatus::ok);
  CHECK(first.outcomes[0].elapsed == 1ms);  // the first one does not wait
  for (int i = 0; i < 6; ++i) bench.fan_out->start("u", 0);
  while (bench.timers.run_next()) {
  }
  int ok = 0;
  for (std::size_t i = 1; i < bench.settled.size(); ++i)
    ok += bench.settled[i].status == DashboardStatus::complete ? 1 : 0;
  CHECK(ok == 2);
  CHECK(source.asked == 3);
}

TEST_CASE("cancelling settles everything at once and leaves nothing behind") {
  FanOutBench bench;
  auto& source = bench.add({.name = "a", .required = true, .cutoff = 500ms}, {{.after = 100ms}});
  bench.settle();
  bench.fan_out->start("1", 1);
  bench.fan_out->start("2", 2);
  CHECK(bench.fan_out->in_flight() == 2);
  bench.fan_out->cancel_all();
  CHECK(bench.fan_out->in_flight() == 0);
  CHECK(bench.settled.back().outcomes[0].status == SourceStatus::cancelled);
  CHECK(source.cancelled == 2);
  CHECK_FALSE(bench.timers.run_next());
}

TEST_CASE("whatever the sources do, every dashboard settles within its budget") {
  SeededRandom random(11);
  for (int round = 0; round < 300; ++round) {
    FanOutBench bench;
    const auto count = 1 + random.next() % 5;
    for (std::uint64_t i = 0; i < count; ++i) {
      std::vector<Script> script;
      for (int attempt = 0; attempt < 4; ++attempt) {
        script.push_back({.after = std::chrono::milliseconds(random.next() % 400),
                          .hangs = random.chance(0.2),
                          .fails = random.chance(0.4),
                          .retryable = random.chance(0.7)});
      }
      bench.add({.name = "s" + std::to_string(i),
                 .required = random.chance(0.5),
                 .cutoff = std::chrono::milliseconds(50 + random.next() % 600),
                 .retries = static_cast<unsigned>(random.next() % 4)},
                script, {.breaker = CircuitBreaker::Options{.failures = 3}});
    }
    for (int user = 0; user < 5; ++user) {
      const Dashboard& one = bench.settle(std::to_string(user));
      CHECK(one.elapsed <= 500ms);
      bool required_is_missing = false;
      for (std::size_t i = 0; i < count; ++i) {
        const Outcome& outcome = one.outcomes[i];
        CHECK(outcome.status != SourceStatus::pending);
        CHECK(outcome.elapsed <= one.elapsed);
        CHECK((outcome.status == SourceStatus::ok) == (outcome.failure == nullptr));
        required_is_missing |= outcome.status != SourceStatus::ok && bench.sources[i].plan.required;
      }
      CHECK((one.status == DashboardStatus::failed) == required_is_missing);
    }
    CHECK(bench.fan_out->in_flight() == 0);
  }
}

TEST_CASE("a question that is not sent says nothing about its source, and counts for nothing") {
  FanOutBench bench;
  bench.add({.name = "a", .cutoff = 300ms}, {{.fails = true, .retryable = false}},
            {.breaker = CircuitBreaker::Options{.failures = 1, .window = 10s, .cooldown = 1s}});
  bench.settle();
  CHECK(bench.settle().outcomes[0].status == SourceStatus::open);
  bench.timers.run_until(bench.timers.now() + 2s);
  // The breaker's trial is for another.
  auto& source = static_cast<ScriptedSource&>(*bench.sources[0].source);
  source.script = {{.fails = true, .retryable = false, .was_asked = false}};
  const Dashboard& unsent = bench.settle();
  CHECK(unsent.outcomes[0].status == SourceStatus::error);
  CHECK(unsent.outcomes[0].attempts == 0);
  CHECK(bench.fan_out->figures().asked == 1);
  source.script = {{.fails = true, .retryable = false}};
  CHECK(bench.settle().outcomes[0].status == SourceStatus::error);
  CHECK(bench.settle().outcomes[0].status == SourceStatus::open);
}
