// SPDX-License-Identifier: MIT
#include "task/circuit_breaker.hpp"

#include <doctest/doctest.h>

using namespace nodeops;
using namespace std::chrono_literals;
using State = CircuitBreaker::State;

namespace {

struct Calls {
  CircuitBreaker breaker{{.failures = 3, .window = 10s, .cooldown = 5s}};
  Clock::time_point now = Clock::time_point(1h);

  void fail(int times) {
    for (int i = 0; i < times; ++i) {
      REQUIRE(breaker.allow(now));
      breaker.failed(now);
    }
  }
  void succeed(int times) {
    for (int i = 0; i < times; ++i) {
      REQUIRE(breaker.allow(now));
      breaker.succeeded(now);
    }
  }
};

}  // namespace

TEST_CASE("a breaker opens after so many failures within the window") {
  Calls calls;
  calls.fail(2);
  CHECK(calls.breaker.state(calls.now) == State::closed);
  calls.fail(1);
  CHECK(calls.breaker.state(calls.now) == State::open);
  CHECK_FALSE(calls.breaker.allow(calls.now + 4s));
  CHECK(calls.breaker.opens_at(calls.now + 4s) == calls.now + 5s);
  CHECK(calls.breaker.openings() == 1);
}

TEST_CASE("failures that are older than the window do not count") {
  Calls calls;
  calls.fail(2);
  calls.now += 11s;
  calls.fail(2);
  CHECK(calls.breaker.state(calls.now) == State::closed);
}

TEST_CASE("failures that are few among many calls do not open it") {
  Calls calls;
  calls.succeed(10);
  calls.fail(9);
  CHECK(calls.breaker.state(calls.now) == State::closed);
  calls.fail(1);
  CHECK(calls.breaker.state(calls.now) == State::open);
}

TEST_CASE("one trial goes after the cooldown; its success closes, its failure opens again") {
  Calls calls;
  calls.fail(3);
  calls.now += 5s;
  CHECK(calls.breaker.state(calls.now) == State::half_open);
  CHECK(calls.breaker.allow(calls.now));
  CHECK_FALSE(calls.breaker.allow(calls.now));
  calls.breaker.failed(calls.now + 1s);
  CHECK_FALSE(calls.breaker.allow(calls.now + 5s));
  calls.now += 6s;
  CHECK(calls.breaker.allow(calls.now));
  calls.breaker.succeeded(calls.now);
  CHECK(calls.breaker.state(calls.now) == State::closed);
  calls.fail(1);  // the slate is clean
  CHECK(calls.breaker.state(calls.now) == State::closed);
}

TEST_CASE("a trial that is cancelled lets the next one go at once") {
  Calls calls;
  calls.fail(3);
  calls.now += 5s;
  CHECK(calls.breaker.allow(calls.now));
  calls.breaker.cancelled(calls.now + 1s);
  CHECK(calls.breaker.allow(calls.now + 1s));
}

TEST_CASE("a trial that never comes back does not keep it half open for ever") {
  Calls calls;
  calls.fail(3);
  calls.now += 5s;
  CHECK(calls.breaker.allow(calls.now));
  CHECK(calls.breaker.allow(calls.now + 5s));
}

TEST_CASE("what was let through before it opened comes back in vain") {
  Calls calls;
  const auto early = calls.breaker.allow(calls.now);
  const auto earlier = calls.breaker.allow(calls.now);
  calls.fail(3);
  // A cancelled one does not bring the trial forward, a failed one does not put it off.
  calls.breaker.cancelled(calls.now + 1s, early);
  calls.breaker.failed(calls.now + 2s, earlier);
  CHECK(calls.breaker.opens_at(calls.now) == calls.now + 5s);
  // An answer to an old call says nothing about now.
  calls.breaker.succeeded(calls.now + 3s, early);
  CHECK(calls.breaker.state(calls.now + 3s) == State::open);
}

TEST_CASE("a trial that comes back after the next one has gone does not decide for it") {
  Calls calls;
  calls.fail(3);
  calls.now += 5s;
  const auto lost = calls.breaker.allow(calls.now);
  calls.now += 5s;
  const auto trial = calls.breaker.allow(calls.now);
  REQUIRE(lost != 0);
  REQUIRE(trial != 0);
  calls.breaker.failed(calls.now, lost);
  CHECK(calls.breaker.opens_at(calls.now) == calls.now + 5s);
  calls.breaker.succeeded(calls.now + 1s, trial);
  CHECK(calls.breaker.state(calls.now + 1s) == State::closed);
  calls.breaker.failed(calls.now + 1s, lost);
  calls.breaker.failed(calls.now + 1s, lost);
  calls.breaker.failed(calls.now + 1s, lost);
  CHECK(calls.breaker.state(calls.now + 1s) == State::closed);
}

TEST_CASE("a burst of failures among many more successes does not open it") {
  Calls calls;
  for (int round = 0; round < 5; ++round) {
    calls.succeed(4000);
    calls.now += 300ms;
    calls.fail(1500);
    CHECK(calls.breaker.state(calls.now) == State::closed);
  }
  // What has left the window counts no more.
  calls.now += 11s;
  calls.fail(3);
  CHECK(calls.breaker.state(calls.now) == State::open);
}
