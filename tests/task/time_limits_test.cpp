// SPDX-License-Identifier: MIT
#include "task/time_limits.hpp"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

#include "task/pause.hpp"

using namespace nodeops;
using namespace std::chrono_literals;

TEST_CASE("work is asked to stop when its deadline passes") {
  TimeLimits limits;
  const auto limit = limits.start(Deadline::after(1ms), {});
  CHECK_FALSE(pause_until(Deadline::after(1h), limit.token()));
  CHECK(limit.passed());
}

TEST_CASE("the stop of the run passes on, and is no deadline") {
  TimeLimits limits;
  std::stop_source run;
  const auto limit = limits.start(Deadline::after(1h), run.get_token());
  CHECK_FALSE(limit.token().stop_requested());
  run.request_stop();
  CHECK(limit.token().stop_requested());
  CHECK_FALSE(limit.passed());
}

TEST_CASE("a run that was stopped before stops the work at once") {
  TimeLimits limits;
  std::stop_source run;
  run.request_stop();
  const auto limit = limits.start(Deadline::never(), run.get_token());
  CHECK(limit.token().stop_requested());
}

TEST_CASE("a sooner limit overtakes those that were set before") {
  TimeLimits limits;
  const auto late = limits.start(Deadline::after(1h), {});
  const auto never = limits.start(Deadline::never(), {});
  const auto soon = limits.start(Deadline::after(1ms), {});
  CHECK_FALSE(pause_until(Deadline::after(1h), soon.token()));
  CHECK_FALSE(late.token().stop_requested());
  CHECK_FALSE(never.token().stop_requested());
}

TEST_CASE("limits come and go in many threads") {
  TimeLimits limits;
  std::vector<std::jthread> threads;
  for (int n = 0; n < 4; ++n) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        const auto limit = limits.start(Deadline::after(i % 2 == 0 ? 0ms : 1h), {});
        if (i % 2 == 0) pause_until(Deadline::after(1h), limit.token());
      }
    });
  }
}
