// SPDX-License-Identifier: MIT
#include "core/units.hpp"

#include <doctest/doctest.h>

using namespace nodeops;
using namespace std::chrono_literals;

TEST_CASE("durations take ms, s, m and h") {
  CHECK(parse_duration("250ms") == 250ms);
  CHECK(parse_duration("2s") == 2s);
  CHECK(parse_duration("5m") == 5min);
  CHECK(parse_duration("1h") == 1h);
  CHECK(parse_duration("1.5s") == 1500ms);
  CHECK(parse_duration("0") == 0s);
}

TEST_CASE("what is not a duration is refused") {
  for (const auto* text :
       {"", "s", "5", "-1s", "1 s", "1d", "soon", "1e9s", "20000h", "1..5s", "+2s", "nan"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text));
  }
}

TEST_CASE("sizes are powers of 1024") {
  CHECK(parse_size("0") == 0U);
  CHECK(parse_size("4096") == 4096U);
  CHECK(parse_size("512K") == 512U << 10);
  CHECK(parse_size("64M") == 64U << 20);
  CHECK(parse_size("2G") == 2ULL << 30);
  CHECK(parse_size("0.5K") == 512U);
}

TEST_CASE("what is not a size is refused") {
  for (const auto* text : {"", "-3", "K", "1KB", "1.0001", "9999999999T", "1 M", "0x10"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_size(text));
  }
}

TEST_CASE("rates are per second or minute and above zero") {
  CHECK(parse_rate("400000/s") == 400000.0);
  CHECK(parse_rate("30/m") == 0.5);
  for (const auto* text : {"", "5", "0/s", "5/h", "/s"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_rate(text));
  }
}

TEST_CASE("sizes and times are printed for people, points in time as RFC 3339") {
  CHECK(format_size(640) == "640 B");
  CHECK(format_size(1536) == "1.5 KiB");
  CHECK(format_size(2ULL << 30) == "2.0 GiB");
  CHECK(format_duration(250ms) == "250 ms");
  CHECK(format_duration(2500ms) == "2.5 s");
  CHECK(format_duration(90s) == "1 min 30 s");
  CHECK(format_duration(3900s) == "1 h 05 min");
  CHECK(format_utc(std::chrono::system_clock::time_point(1756700000123ms)) ==
        "2025-09-01T04:13:20.123Z");
}
