// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nodeops {

/// "250ms", "2s", "5m", "1h", and "0". Whole numbers or decimals ("1.5s"); at most 10 000 hours.
/// Empty when the text is anything else.
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);

/// "4096", "512K", "64M", "2G", "1T" (powers of 1024). Empty when the text is anything else or does
/// not fit into 63 bits.
std::optional<std::uint64_t> parse_size(std::string_view text);

/// "100/s", "2.5/s", "600/m": events per second, above zero. Empty when the text is anything else.
std::optional<double> parse_rate(std::string_view text);

/// "1.5 GiB", "640 B".
std::string format_size(std::uint64_t bytes);

/// "250 ms", "2.5 s", "1 h 05 min": for people.
std::string format_duration(std::chrono::nanoseconds time);

/// UTC as RFC 3339 with milliseconds: "2026-11-20T12:00:00.000Z".
std::string format_utc(std::chrono::system_clock::time_point time);

}  // namespace nodeops
