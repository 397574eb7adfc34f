// SPDX-License-Identifier: MIT
#include "core/units.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <ctime>

namespace nodeops {
namespace {

struct NumberAndUnit {
  double number;
  std::string_view unit;
};

/// Splits "1.5s" into 1.5 and "s". Only digits and one point: no sign, exponent or space.
std::optional<NumberAndUnit> split_unit(std::string_view text) {
  const auto end = text.find_first_not_of("0123456789.");
  const std::string_view digits = text.substr(0, end);
  double number = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number,
                                             std::chars_format::fixed);
  if (error != std::errc{} || stop != digits.data() + digits.size()) return {};
  return NumberAndUnit{number, end == std::string_view::npos ? "" : text.substr(end)};
}

std::string print(const char* format, double value) {
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

}  // namespace

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  const auto parts = split_unit(text);
  if (!parts) return {};
  double seconds = parts->number;
  if (parts->unit == "ms")
    seconds /= 1000;
  else if (parts->unit == "us")
    seconds /= 1e6;
  else if (parts->unit == "m")
    seconds *= 60;
  else if (parts->unit == "h")
    seconds *= 3600;
  else if (parts->unit != "s" && text != "0")
    return {};
  constexpr double longest = 10'000.0 * 3600;
  if (seconds > longest) return {};
  return std::chrono::nanoseconds(std::llround(seconds * 1e9));
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const auto parts = split_unit(text);
  if (!parts) return {};
  int shift = 0;
  if (parts->unit == "K")
    shift = 10;
  else if (parts->unit == "M")
    shift = 20;
  else if (parts->unit == "G")
    shift = 30;
  else if (parts->unit == "T")
    shift = 40;
  else if (!parts->unit.empty())
    return {};
  const double bytes = std::ldexp(parts->number, shift);
  if (bytes >= std::ldexp(1.0, 63) || bytes != std::floor(bytes)) return {};
  return static_cast<std::uint64_t>(bytes);
}

std::optional<double> parse_rate(std::string_view text) {
  const auto parts = split_unit(text);
  if (!parts || parts->number <= 0) return {};
  if (parts->unit == "/s") return parts->number;
  if (parts->unit == "/m") return parts->number / 60;
  return {};
}

std::string format_size(std::uint64_t bytes) {
  constexpr std::array units = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1024 && unit + 1 < units.size()) {
    value /= 1024;
    ++unit;
  }
  return print(unit == 0 || value >= 100 ? "%.0f " : "%.1f ", value) + units[unit];
}

std::string format_duration(std::chrono::nanoseconds time) {
  const double seconds = std::chrono::duration<double>(time).count();
  if (seconds < 1) return print("%.0f ms", seconds * 1000);
  if (seconds < 60) return print("%.1f s", seconds);
  const auto whole = static_cast<long>(seconds);
  std::array<char, 48> text{};
  if (whole < 3600) {
    std::snprintf(text.data(), text.size(), "%ld min %02ld s", whole / 60, whole % 60);
  } else {
    std::snprintf(text.data(), text.size(), "%ld h %02ld min", whole / 3600, whole / 60 % 60);
  }
  return text.data();
}

std::string format_utc(std::chrono::system_clock::time_point time) {
  const auto since = time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  const std::time_t whole = seconds.count();
  std::tm utc{};
  gmtime_r(&whole, &utc);
  std::array<char, 32> day{};
  std::strftime(day.data(), day.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  std::array<char, 48> text{};
  const auto millis =
      std::chrono::duration_cast<std::chrono::milliseconds>(since - seconds).count();
  std::snprintf(text.data(), text.size(), "%s.%03dZ", day.data(), static_cast<int>(millis));
  return text.data();
}

}  // namespace nodeops
