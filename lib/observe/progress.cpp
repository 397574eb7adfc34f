// SPDX-License-Identifier: MIT
#include "observe/progress.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "core/units.hpp"

namespace nodeops {
namespace {

using namespace std::chrono_literals;

/// "640", "5.4 M".
std::string format_count(double count) {
  constexpr std::array units = {"", " k", " M", " G", " T"};
  std::size_t unit = 0;
  while (count >= 999.5 && unit + 1 < units.size()) {
    count /= 1000;
    ++unit;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit != 0 && count < 99.95 ? "%.1f%s" : "%.0f%s", count,
                units[unit]);
  return text.data();
}

/// "0:12", "1:02:03".
std::string format_clock(double seconds) {
  const long whole = std::lround(std::min(seconds, 3.6e8));
  std::array<char, 48> text{};
  if (whole < 3600)
    std::snprintf(text.data(), text.size(), "%ld:%02ld", whole / 60, whole % 60);
  else
    std::snprintf(text.data(), text.size(), "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60,
                  whole % 60);
  return text.data();
}

double seconds_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

ProgressLine::ProgressLine(Terminal& terminal, const RunTotals& totals, Options options)
    : terminal_(terminal),
      totals_(totals),
      options_(std::move(options)),
      shown_(options_.choice == ProgressChoice::always ||
             (options_.choice == ProgressChoice::automatic && options_.is_terminal)),
      started_(options_.now()),
      drawn_(started_),
      measured_(started_) {}

void ProgressLine::tick() {
  const auto now = options_.now();
  const std::lock_guard lock(mutex_);
  const Clock::duration pause =
      options_.is_terminal ? Clock::duration(100ms) : Clock::duration(10s);
  if (!shown_ || now - drawn_ < pause) return;
  drawn_ = now;
  measure(now);
  if (options_.is_terminal)
    terminal_.status(text(now));
  else
    terminal_.words(text(now) + "\n");
}

void ProgressLine::finish() {
  const std::lock_guard lock(mutex_);
  shown_ = false;
  terminal_.status("");
}

std::string ProgressLine::line() {
  const auto now = options_.now();
  const std::lock_guard lock(mutex_);
  measure(now);
  return text(now);
}

void ProgressLine::measure(Clock::time_point now) {
  const double passed = seconds_between(measured_, now);
  if (passed < 0.09) return;
  const TotalsSnapshot totals = totals_.snapshot();
  const double bytes = static_cast<double>(totals.bytes_in - seen_.bytes_in) / passed;
  const double items = static_cast<double>(totals.items_in - seen_.items_in) / passed;
  // A mean in which the last seconds weigh most: steady to read, and soon right after a change.
  constexpr double memory_seconds = 4;
  const double weight = measured_ == started_ ? 1 : 1 - std::exp(-passed / memory_seconds);
  bytes_per_second_ += weight * (bytes - bytes_per_second_);
  items_per_second_ += weight * (items - items_per_second_);
  measured_ = now;
  seen_ = totals;
}

std::string ProgressLine::text(Clock::time_point now) const {
  const TotalsSnapshot totals = totals_.snapshot();
  const auto done = static_cast<double>(totals.bytes_in);
  const auto expected = static_cast<double>(totals.expected_bytes);
  // An input that grew while it was read has no sensible percentage any more.
  const bool sized = totals.expected_bytes != 0 && totals.bytes_in <= totals.expected_bytes;
  std::string made;
  if (totals.bytes_in != 0) made += format_size(totals.bytes_in) + "  ";
  if (sized) made += std::to_string(static_cast<int>(done / expected * 100)) + " %  ";
  made += format_count(static_cast<double>(totals.items_in)) + " " + options_.noun + "  ";
  if (totals.bytes_in != 0)
    made += format_size(static_cast<std::uint64_t>(bytes_per_second_)) + "/s  ";
  else
    made += format_count(items_per_second_) + "/s  ";
  if (sized && bytes_per_second_ > 0)
    made += format_clock((expected - done) / bytes_per_second_) + " left";
  else
    made += format_clock(seconds_between(started_, now));
  constexpr std::size_t widest = 79;
  return made.substr(0, widest);
}

}  // namespace nodeops
