// SPDX-License-Identifier: MIT
#include "task/background.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <latch>
#include <stdexcept>

using namespace nodeops;

TEST_CASE("one thing at a time is done beside the work; who comes meanwhile is sent away") {
  std::atomic<int> done{0};
  std::latch started(1);
  std::latch may_end(1);
  Background background;
  CHECK(background.offer([&] {
    started.count_down();
    may_end.wait();
    ++done;
  }));
  started.wait();
  CHECK_FALSE(background.offer([&] { done += 100; }));
  may_end.count_down();
  background.wait();
  CHECK(done == 1);
  CHECK(background.offer([&] { ++done; }));
  background.wait();
  CHECK(done == 2);
}

TEST_CASE("what a thing throws is thrown at whoever comes next, once") {
  Background background;
  CHECK(background.offer([] { throw std::runtime_error("no"); }));
  CHECK_THROWS_WITH(background.wait(), "no");
  background.wait();
  std::atomic<bool> done{false};
  CHECK(background.offer([&] { done = true; }));
  background.wait();
  CHECK(done);
}

TEST_CASE("what is being done is finished before all is over") {
  std::atomic<int> done{0};
  for (int i = 0; i < 50; ++i) {
    Background background;
    background.offer([&] { ++done; });
  }
  CHECK(done == 50);
}
