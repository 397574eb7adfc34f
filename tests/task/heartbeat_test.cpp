// SPDX-License-Identifier: MIT
#include "task/heartbeat.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>

using namespace nodeops;
using namespace std::chrono_literals;

TEST_CASE("beats are due at multiples of the interval, however late the last one was") {
  const Clock::time_point start{};
  BeatSchedule schedule(start, 100ms);
  CHECK(schedule.due() == start + 100ms);
  CHECK(schedule.beat(start + 103ms).late == 3ms);
  CHECK(schedule.due() == start + 200ms);
  CHECK(schedule.beat(start + 299ms).missed == 0);
  CHECK(schedule.due() == start + 300ms);
}

TEST_CASE("a beat that comes after the next ones were due skips them") {
  const Clock::time_point start{};
  BeatSchedule schedule(start, 100ms);
  const auto beat = schedule.beat(start + 450ms);
  CHECK(beat.late == 350ms);
  CHECK(beat.missed == 3);
  CHECK(schedule.due() == start + 500ms);
  CHECK(schedule.beat(start + 600ms).missed == 1);
  CHECK(schedule.due() == start + 700ms);
}

TEST_CASE("a beat that comes early is not late") {
  const Clock::time_point start{};
  BeatSchedule schedule(start, 100ms);
  const auto beat = schedule.beat(start + 99ms);
  CHECK(beat.late == 0ms);
  CHECK(beat.missed == 0);
  CHECK(schedule.due() == start + 200ms);
}

TEST_CASE("a heartbeat beats at its start, and stops at once in the middle of a long wait") {
  const Heartbeat heart({.interval = 24h});
  while (heart.figures().beats == 0) std::this_thread::yield();
  const auto figures = heart.figures();
  CHECK(figures.interval == 24h);
  CHECK(figures.beats == 1);
}

TEST_CASE("every beat is counted with its lateness, and the late ones are told") {
  std::promise<std::chrono::microseconds> told;
  std::once_flag first;
  const Heartbeat heart({.interval = 1ms,
                         .late_after = -1ns,  // every beat is late
                         .on_late = [&](std::chrono::microseconds late) {
                           std::call_once(first, [&] { told.set_value(late); });
                         }});
  const auto late = told.get_future().get();
  const auto figures = heart.figures();
  CHECK(late >= 0us);
  CHECK(figures.beats >= 1);
  CHECK(figures.max >= late);
  CHECK(figures.p50 <= figures.p99);
  CHECK(figures.p99 <= figures.max);
  CHECK_FALSE(heart.failure());
}

TEST_CASE("a heart that was held up has missed beats, each with a lateness") {
  // The hold-up is over when twenty intervals have passed on the clock.
  std::promise<void> beating_again;
  int calls = 0;
  const Heartbeat heart({.interval = 1ms, .late_after = -1ns, .on_late = [&](auto) {
                           if (++calls == 2) beating_again.set_value();
                           const auto end = Clock::now() + 20ms;
                           while (calls == 1 && Clock::now() < end) std::this_thread::yield();
                         }});
  beating_again.get_future().get();
  const auto figures = heart.figures();
  CHECK(figures.missed >= 18);
  CHECK(figures.beats >= figures.missed + 2);
  CHECK(figures.max >= 18ms);
}

TEST_CASE("what the listener throws ends the heartbeat and is kept") {
  std::optional<Heartbeat> heart(
      std::in_place, Heartbeat::Options{.interval = 1us, .late_after = -1ns, .on_late = [](auto) {
                                          throw std::runtime_error("deaf");
                                        }});
  while (!heart->failure()) std::this_thread::yield();
  CHECK_THROWS_WITH(std::rethrow_exception(heart->failure()), "deaf");
}
