// SPDX-License-Identifier: MIT
#include "task/timer_queue.hpp"

#include <doctest/doctest.h>

#include <map>
#include <vector>

#include "core/seeded_random.hpp"

using namespace nodeops;
using namespace std::chrono_literals;

namespace {

/// A queue under setting and cancelling at random, with times of some hundred units, against a
/// sorted map.
void compare_with_map(std::chrono::microseconds unit) {
  TimerQueue queue;
  std::map<std::pair<Clock::time_point, int>, TimerId> expected;
  std::vector<int> called;
  SeededRandom random(7);
  Clock::time_point now{};
  for (int step = 0; step < 20'000; ++step) {
    const auto choice = random.next() % 4;
    if (choice < 2) {
      const auto delay = unit * (random.next() % 500);
      // A few delays that come often, others, and times that were told without one, past ones, too.
      const auto usual = unit * (100 * (1 + delay / unit % 3));
      const bool told = choice == 0;
      const auto past = told && step % 11 == 0 ? 200 * unit : 0 * unit;
      const auto time = now + (told || step % 7 == 0 ? delay : usual) - past;
      const auto task = [&called, step] { called.push_back(step); };
      const TimerId id = told ? queue.at(time, task) : queue.after(now, time - now, task);
      expected.emplace(std::pair(time, step), id);
    } else if (choice == 2 && !expected.empty()) {
      auto one = expected.begin();
      std::advance(one,
                   static_cast<long>(random.next() % std::min<std::size_t>(expected.size(), 50)));
      queue.cancel(one->second);
      expected.erase(one);
    } else {
      now += unit * (random.next() % 100);
      std::vector<int> wanted;
      while (!expected.empty() && expected.begin()->first.first <= now) {
        wanted.push_back(expected.begin()->first.second);
        expected.erase(expected.begin());
      }
      called.clear();
      while (const auto task = queue.take_due(now)) task();
      REQUIRE(called == wanted);
    }
    REQUIRE(queue.size() == expected.size());
    REQUIRE(queue.next() ==
            (expected.empty() ? std::nullopt : std::optional(expected.begin()->first.first)));
  }
}

}  // namespace

TEST_CASE("tasks are called in the order of their times, those of one time as they were set") {
  VirtualTimers timers;
  std::vector<int> called;
  timers.at(timers.now() + 2ms, [&] { called.push_back(3); });
  timers.at(timers.now() + 1ms, [&] { called.push_back(1); });
  timers.at(timers.now() + 1ms, [&] { called.push_back(2); });
  while (timers.run_next()) {
  }
  CHECK(called == std::vector<int>{1, 2, 3});
  CHECK(timers.now() == Clock::time_point(2ms));
}

TEST_CASE("a task that was cancelled is not called, and its name means nothing afterwards") {
  VirtualTimers timers;
  int called = 0;
  const TimerId first = timers.at(timers.now() + 1ms, [&] { ++called; });
  timers.cancel(first);
  timers.at(timers.now() + 1ms, [&] { called += 10; });
  timers.cancel(first);  // the slot has another task now
  timers.cancel(0);
  while (timers.run_next()) {
  }
  CHECK(called == 10);
}

TEST_CASE("a task may set and cancel others, also of the present time") {
  VirtualTimers timers;
  std::vector<int> called;
  TimerId later = 0;
  timers.at(timers.now() + 1ms, [&] {
    called.push_back(1);
    timers.cancel(later);
    timers.at(timers.now(), [&] { called.push_back(2); });
  });
  later = timers.at(timers.now() + 1ms, [&] { called.push_back(9); });
  timers.run_until(timers.now() + 1ms);
  CHECK(called == std::vector<int>{1, 2});
}

TEST_CASE("a queue under setting and cancelling at random calls the same as a sorted map") {
  compare_with_map(1us);
  compare_with_map(100us);
  compare_with_map(100ms);
}
