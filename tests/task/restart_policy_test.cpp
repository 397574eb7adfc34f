// SPDX-License-Identifier: MIT
#include "task/restart_policy.hpp"

#include <doctest/doctest.h>

using namespace nodeops;
using namespace std::chrono_literals;

TEST_CASE("a worker that keeps dying waits twice as long each time, and is given up in the end") {
  const Clock::time_point now{};
  RestartPolicy policy({.most_in_a_row = 5, .first_delay = 50ms});
  for (const auto delay : {50ms, 100ms, 200ms, 400ms, 800ms})
    CHECK(policy.died(now) == now + delay);
  CHECK_FALSE(policy.given_up());
  CHECK_FALSE(policy.died(now).has_value());
  CHECK(policy.given_up());
}

TEST_CASE("a worker that has done something starts its row anew") {
  const Clock::time_point now = Clock::time_point{} + 1h;
  RestartPolicy policy({.most_in_a_row = 2, .first_delay = 10ms});
  for (int n = 0; n < 100; ++n) {
    CHECK(policy.died(now) == now + 10ms);
    CHECK(policy.died(now) == now + 20ms);
    policy.worked();
  }
  CHECK_FALSE(policy.given_up());
}
