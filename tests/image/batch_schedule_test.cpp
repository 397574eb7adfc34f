// SPDX-License-Identifier: MIT
#include "image/batch_schedule.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace nodeops::image;

TEST_CASE("images come in order, while there is room") {
  BatchSchedule schedule({1, 1}, {.memory_limit = 100});
  auto first = schedule.next();
  auto second = schedule.next();
  REQUIRE((first && second));
  CHECK(first->item == 0);
  CHECK(second->item == 1);
  CHECK(schedule.grow(*first, 60));
  CHECK(schedule.grow(*second, 40));
  schedule.done(*first);
  schedule.done(*second);
  CHECK_FALSE(schedule.next().has_value());
}

TEST_CASE("an image without room is parked, smaller ones flow past, and it comes back") {
  BatchSchedule schedule({1, 1, 1}, {.memory_limit = 100});
  auto running = schedule.next();
  REQUIRE(schedule.grow(*running, 60));
  auto large = schedule.next();
  CHECK_FALSE(schedule.grow(*large, 50));
  auto small = schedule.next();
  CHECK(small->item == 2);
  CHECK(schedule.grow(*small, 10));
  schedule.done(*small);
  schedule.done(*running);
  auto again = schedule.next();
  REQUIRE(again.has_value());
  CHECK(again->item == 1);
  CHECK(again->measured);
  CHECK(again->claim == 50);
  CHECK(schedule.grow(*again, 50));
  schedule.done(*again);
  CHECK_FALSE(schedule.next().has_value());
}

TEST_CASE("an image larger than the limit runs alone instead of never") {
  BatchSchedule schedule({1, 1000}, {.memory_limit = 100});
  auto large = schedule.next();
  CHECK(schedule.grow(*large, 500));
  schedule.done(*large);
  auto larger = schedule.next();
  REQUIRE(larger.has_value());
  CHECK(schedule.grow(*larger, 5000));
  schedule.done(*larger);
  CHECK_FALSE(schedule.next().has_value());
}

TEST_CASE("nothing overtakes a parked image more often than the patience says") {
  BatchSchedule schedule(std::vector<std::uint64_t>(10, 1), {.memory_limit = 100, .patience = 3});
  auto running = schedule.next();
  REQUIRE(schedule.grow(*running, 80));
  auto large = schedule.next();
  REQUIRE_FALSE(schedule.grow(*large, 90));
  for (std::size_t item = 2; item < 5; ++item) {
    auto small = schedule.next();
    CHECK(small->item == item);
    CHECK(schedule.grow(*small, 2));
    schedule.done(*small);
  }
  // Three have overtaken it: whoever asks now waits for it.
  std::optional<BatchSchedule::Turn> got;
  {
    std::jthread asks([&] { got = schedule.next(); });
    schedule.done(*running);
  }
  REQUIRE(got.has_value());
  CHECK(got->item == 1);
}

TEST_CASE("who asks while the last image may still be parked waits for that") {
  BatchSchedule schedule({1, 1}, {.memory_limit = 100});
  auto running = schedule.next();
  REQUIRE(schedule.grow(*running, 90));
  auto last = schedule.next();
  std::optional<BatchSchedule::Turn> got;
  {
    std::jthread asks([&] { got = schedule.next(); });
    CHECK_FALSE(schedule.grow(*last, 90));
    schedule.done(*running);
  }
  REQUIRE(got.has_value());
  CHECK(got->item == 1);
}

TEST_CASE("stopping lets everybody go, and what is left can be taken") {
  BatchSchedule schedule({1, 1, 1}, {.memory_limit = 100});
  auto running = schedule.next();
  REQUIRE(schedule.grow(*running, 90));
  auto parked = schedule.next();
  REQUIRE_FALSE(schedule.grow(*parked, 90));
  schedule.stop();
  CHECK_FALSE(schedule.next().has_value());
  schedule.done(*running);
  CHECK(schedule.take_left() == 1);
  CHECK(schedule.take_left() == 2);
  CHECK_FALSE(schedule.take_left().has_value());
}

TEST_CASE("many workers together never exceed the limit, and leave nothing out") {
  constexpr std::uint64_t limit = 1000;
  constexpr std::size_t images = 400;
  BatchSchedule schedule(std::vector<std::uint64_t>(images, 5), {.memory_limit = limit});
  std::atomic<std::uint64_t> in_flight{0};
  std::atomic<std::uint64_t> most{0};
  std::atomic<std::size_t> done{0};
  {
    std::vector<std::jthread> workers;
    for (int n = 0; n < 4; ++n) {
      workers.emplace_back([&] {
        while (auto turn = schedule.next()) {
          const std::uint64_t needed = 5 + turn->item * 7919 % 900;
          if (!schedule.grow(*turn, needed)) continue;
          const auto now = in_flight += needed;
          auto seen = most.load();
          while (seen < now && !most.compare_exchange_weak(seen, now)) {
          }
          in_flight -= needed;
          ++done;
          schedule.done(*turn);
        }
      });
    }
  }
  CHECK(done == images);
  CHECK(most <= limit);
}
