// SPDX-License-Identifier: MIT
#include "task/retry.hpp"

#include <doctest/doctest.h>

using namespace nodeops;
using namespace std::chrono_literals;

TEST_CASE("full jitter stays below the base doubled each time, and below the cap") {
  SeededRandom random(1);
  const Backoff backoff{.base = 50ms, .cap = 2s};
  Clock::duration longest{};
  for (int i = 0; i < 1000; ++i) {
    CHECK(full_jitter(backoff, 1, random) < 50ms);
    CHECK(full_jitter(backoff, 3, random) < 200ms);
    longest = std::max(longest, full_jitter(backoff, 60, random));
  }
  CHECK(longest < 2s);
  CHECK(longest > 1900ms);
}

TEST_CASE("decorrelated jitter lies between the base and three times the wait before") {
  SeededRandom random(1);
  const Backoff backoff{.base = 10ms, .cap = 100ms};
  for (int i = 0; i < 1000; ++i) {
    const auto first = decorrelated_jitter(backoff, 0ms, random);
    CHECK(first >= 10ms);
    CHECK(first <= 30ms);
    const auto later = decorrelated_jitter(backoff, 90ms, random);
    CHECK(later >= 10ms);
    CHECK(later <= 100ms);
  }
}

TEST_CASE("a budget allows a few retries at once and then one for every few calls") {
  RetryBudget budget({.per_call = 0.25, .most = 2});
  CHECK(budget.take());
  CHECK(budget.take());
  CHECK_FALSE(budget.take());
  for (int i = 0; i < 4; ++i) budget.called();
  CHECK(budget.take());
  CHECK_FALSE(budget.take());
}

TEST_CASE("no retry is started when too little time is left, or less than was asked for") {
  const Clock::time_point now(1h);
  const Deadline deadline(now + 100ms);
  CHECK(retry_at(now, 20ms, {}, deadline, 10ms) == now + 20ms);
  CHECK(retry_at(now, 20ms, 60ms, deadline, 10ms) == now + 60ms);
  CHECK_FALSE(retry_at(now, 91ms, {}, deadline, 10ms).has_value());
  CHECK_FALSE(retry_at(now, 20ms, 1s, deadline, 10ms).has_value());
  CHECK_FALSE(retry_at(now + 1s, 0ms, {}, deadline, 0ms).has_value());
}
