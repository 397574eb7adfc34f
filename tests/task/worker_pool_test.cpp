// SPDX-License-Identifier: MIT
#include "task/worker_pool.hpp"

#include <doctest/doctest.h>
#include <sched.h>

#include <atomic>
#include <stdexcept>

using namespace nodeops;

TEST_CASE("a pool does everything that was submitted, each with the number of its worker") {
  std::atomic<unsigned> done{0};
  std::atomic<bool> numbers_fit{true};
  WorkerPool pool({.workers = 3, .waiting = 2});
  for (int n = 0; n < 200; ++n) {
    REQUIRE(pool.submit([&](unsigned worker) {
      if (worker >= 3) numbers_fit = false;
      ++done;
    }));
  }
  pool.finish();
  CHECK(done == 200);
  CHECK(numbers_fit);
}

TEST_CASE("the first failure of a task is thrown at the end, and ends the pool") {
  std::atomic<unsigned> done{0};
  WorkerPool pool({.workers = 1, .waiting = 1});
  pool.submit([](unsigned) { throw std::runtime_error("no"); });
  while (pool.submit([&](unsigned) { ++done; })) {
  }
  CHECK_THROWS_WITH(pool.finish(), "no");
  CHECK(done == 0);
  CHECK_NOTHROW(pool.finish());
}

TEST_CASE("workers are in the kernel's batch class") {
  std::atomic<int> policy{-1};
  WorkerPool pool({.workers = 1, .waiting = 1});
  pool.submit([&](unsigned) { policy = ::sched_getscheduler(0); });
  pool.finish();
  CHECK(policy == SCHED_BATCH);
}

TEST_CASE("a pool that is not finished still does its work before it goes") {
  std::atomic<unsigned> done{0};
  {
    WorkerPool pool({.workers = 2, .waiting = 10});
    for (int n = 0; n < 10; ++n) pool.submit([&](unsigned) { ++done; });
  }
  CHECK(done == 10);
}
