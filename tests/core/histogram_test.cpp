// SPDX-License-Identifier: MIT
#include "core/histogram.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <thread>
#include <vector>

using namespace nodeops;
using namespace std::chrono_literals;

TEST_CASE("an empty histogram says zero to everything") {
  const auto histogram = std::make_unique<Histogram>();
  CHECK(histogram->count() == 0);
  CHECK(histogram->max() == 0us);
  CHECK(histogram->quantile(0.5) == 0us);
}

TEST_CASE("short times are kept exactly") {
  const auto histogram = std::make_unique<Histogram>();
  for (int time = 1; time <= 100; ++time) histogram->record(std::chrono::microseconds(time));
  CHECK(histogram->count() == 100);
  CHECK(histogram->quantile(0) == 1us);
  CHECK(histogram->quantile(0.5) == 50us);
  CHECK(histogram->quantile(0.99) == 99us);
  CHECK(histogram->quantile(1) == 100us);
}

TEST_CASE("a quantile is at most 0.8 percent above the true one, and never below it") {
  for (std::int64_t time = 1; time < (std::int64_t{1} << 40); time = time + time / 7 + 1) {
    const auto histogram = std::make_unique<Histogram>();
    histogram->record(std::chrono::microseconds(time));
    histogram->record(1000h);
    const auto median = histogram->quantile(0.5).count();
    CAPTURE(time);
    CHECK(median >= time);
    CHECK(static_cast<double>(median) <= static_cast<double>(time) * 1.008);
  }
}

TEST_CASE("a negative time counts as zero, an absurd one keeps its maximum") {
  const auto histogram = std::make_unique<Histogram>();
  histogram->record(-5us);
  CHECK(histogram->count() == 1);
  CHECK(histogram->max() == 0us);
  histogram->record(std::chrono::microseconds::max());
  CHECK(histogram->max() == std::chrono::microseconds::max());
  CHECK(histogram->quantile(1) == std::chrono::microseconds::max());
  CHECK(histogram->quantile(0.5) == 0us);
}

TEST_CASE("a histogram counts what several threads record") {
  const auto histogram = std::make_unique<Histogram>();
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&histogram, thread] {
        for (int time = 0; time < 1000; ++time)
          histogram->record(std::chrono::microseconds(time * 4 + thread));
      });
    }
  }
  CHECK(histogram->count() == 4000);
  CHECK(histogram->max() == 3999us);
}
