// SPDX-License-Identifier: MIT
#include "observe/progress.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "core/units.hpp"

namespace nodeops {
namespace {

/// "950", "5.4 M".
std::string short_count(std::uint64_t count) {
  constexpr std::array units = {"", " k", " M", " G", " T"};
  auto value = static_cast<double>(count);
  std::size_t unit = 0;
  for (; value >= 1000 && unit + 1 < units.size(); ++unit) value /= 1000;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f" : "%.1f", value);
  return text.data() + std::string(units[unit]);
}

std::string clock_text(double seconds) {
  const auto whole = static_cast<long>(seconds);
  std::array<char, 32> text{};
  if (whole < 3600) {
    std::snprintf(text.data(), text.size(), "%ld:%02ld left", whole / 60, whole % 60);
  } else {
    std::snprintf(text.data(), text.size(), "%ld:%02ld:%02ld left", whole / 3600, whole / 60 % 60, whole % 60);
  }
  return text.data();
}

}  // namespace

void ErrorStream::wipe() {
  if (shown_) write_("\r\x1b[K");
  shown_ = false;
}

void ErrorStream::write(std::string_view lines) {
  const std::lock_guard lock(mutex_);
  wipe();
  write_(lines);
}

void ErrorStream::show(const std::string& line) {
  const std::lock_guard lock(mutex_);
  wipe();
  if (line.empty()) return;
  constexpr std::size_t widest = 79;
  write_(line.substr(0, widest));
  shown_ = true;
}

ProgressLine::ProgressLine(Options options, const RunTotals& totals, ErrorStream& stream)
    : options_(std::move(options)), totals_(totals), stream_(stream), started_(options_.now()), next_(started_) {
  next_ += std::chrono::milliseconds(500);  // a run that is over at once shows nothing
}

std::string ProgressLine::line() const {
  const std::uint64_t bytes = totals_.bytes_in;
  const std::uint64_t expected = totals_.bytes_expected;
  const double seconds = std::max(std::chrono::duration<double>(options_.now() - started_).count(), 1e-3);
  const double rate = static_cast<double>(bytes) / seconds;
  std::string text = format_size(bytes);
  if (expected > 0) text += "  " + std::to_string(std::min<std::uint64_t>(100, bytes * 100 / expected)) + " %";
  text += "  " + short_count(totals_.items_in) + " items";
  if (totals_.items_failed > 0) text += "  " + short_count(totals_.items_failed) + " failed";
  text += "  " + format_size(static_cast<std::uint64_t>(rate)) + "/s";
  if (expected > bytes && rate > 0) text += "  " + clock_text(static_cast<double>(expected - bytes) / rate);
  return text;
}

void ProgressLine::operator()(const Event& event) {
  if (!options_.shown) return;
  if (std::holds_alternative<Finished>(event)) {
    if (options_.terminal) stream_.show("");
    return;
  }
  const auto now = options_.now();
  if (now < next_) return;
  next_ = now + (options_.terminal ? std::chrono::milliseconds(100) : std::chrono::milliseconds(10'000));
  if (options_.terminal) {
    stream_.show(line());
  } else {
    stream_.write(line() + "\n");
  }
}

}  // namespace nodeops
