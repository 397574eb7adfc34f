// SPDX-License-Identifier: MIT
#include "task/rate_limiter.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

using namespace nodeops;
using namespace std::chrono_literals;

TEST_CASE("a bucket starts empty and fills at its rate up to its burst") {
  const Clock::time_point start{};
  TokenBucket bucket({.rate_per_second = 10, .burst = 4}, start);
  CHECK(bucket.tokens(start) == 0);
  CHECK(bucket.tokens(start + 200ms) == doctest::Approx(2));
  CHECK(bucket.tokens(start + 1h) == 4);
}

TEST_CASE("more than there is goes into debt, and waits until it is paid") {
  const Clock::time_point start{};
  TokenBucket bucket({.rate_per_second = 100, .burst = 10}, start);
  CHECK(bucket.take(250, start) == 2500ms);
  CHECK(bucket.tokens(start + 1s) == doctest::Approx(-150));
  CHECK(bucket.take(50, start + 1s) == 2s);
  CHECK(bucket.take(0, start + 3s) == 0s);
}

TEST_CASE("no span of time sees more than the burst and its share of the rate") {
  const Clock::time_point start{};
  TokenBucket bucket({.rate_per_second = 100, .burst = 20}, start);
  auto now = start;
  // The first second from the start gives no more than any other.
  for (int taken = 0; taken < 100; ++taken) now += bucket.take(1, now);
  CHECK(now - start >= 1s);
  CHECK(now - start < 1001ms);
  // Idle for long, then as fast as it goes: one burst, not two.
  now += 1h;
  const auto back = now;
  for (int taken = 0; taken < 120; ++taken) now += bucket.take(1, now);
  CHECK(now - back >= 1s);
  CHECK(now - back < 1001ms);
}

TEST_CASE("a clock that goes backwards neither gives nor takes tokens") {
  const Clock::time_point start{};
  TokenBucket bucket({.rate_per_second = 1, .burst = 100}, start);
  CHECK(bucket.tokens(start + 10s) == doctest::Approx(10));
  CHECK(bucket.tokens(start + 5s) == doctest::Approx(10));
  CHECK(bucket.tokens(start + 10s) == doctest::Approx(10));
}

TEST_CASE("an endless debt is a long wait, not an overflow") {
  TokenBucket bucket({.rate_per_second = 1e-9, .burst = 0}, Clock::time_point{});
  const auto wait = bucket.take(1e18, Clock::time_point{});
  CHECK(wait > 1000h);
  CHECK(Clock::now() + wait > Clock::now());
}

TEST_CASE("waiting for tokens takes as long as they need to drip in") {
  const auto start = Clock::now();
  TokenBucket bucket({.rate_per_second = 1e6, .burst = 0}, start);
  CHECK(wait_for(bucket, 5000, {}));
  CHECK(Clock::now() - start >= 5ms);
}

TEST_CASE("a wait that is stopped ends at once and puts the tokens back") {
  const auto start = Clock::now();
  TokenBucket bucket({.rate_per_second = 1, .burst = 0}, start);
  std::stop_source stop;
  std::jthread stopper([&] { stop.request_stop(); });
  CHECK_FALSE(wait_for(bucket, 1e9, stop.get_token()));
  CHECK(bucket.tokens(start) > -1e8);
}
