// SPDX-License-Identifier: MIT
#include "webhook/selection.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace nodeops::webhook {
namespace {

/// Takes `count` digits off the front.
bool take_digits(std::string_view& text, std::size_t count, int& number) {
  if (text.size() < count) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + count, number);
  const bool whole = error == std::errc{} && end == text.data() + count && text.front() != '-';
  text.remove_prefix(count);
  return whole;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

/// "12:00:00" as seconds.
bool take_clock(std::string_view& text, std::int64_t& seconds) {
  int hour = 0;
  int minute = 0;
  int second = 0;
  const bool whole = take_digits(text, 2, hour) && take(text, ':') &&
                     take_digits(text, 2, minute) && take(text, ':') &&
                     take_digits(text, 2, second);
  seconds = (hour * 60 + minute) * 60 + second;
  return whole && hour < 24 && minute < 60 && second < 61;
}

/// "Z", "+02:00" as seconds to take off.
bool take_zone(std::string_view& text, std::int64_t& seconds) {
  if (take(text, 'Z') || take(text, 'z')) return true;
  const bool east = take(text, '+');
  if (!east && !take(text, '-')) return false;
  int hour = 0;
  int minute = 0;
  if (!take_digits(text, 2, hour) || !take(text, ':') || !take_digits(text, 2, minute))
    return false;
  seconds = (std::int64_t{hour} * 60 + minute) * 60 * (east ? 1 : -1);
  return hour < 24 && minute < 60;
}

}  // namespace

bool fits(std::string_view text, std::string_view glob) {
  std::size_t at = 0;
  std::size_t in = 0;
  std::size_t star = std::string_view::npos;  // the last one seen, and where its rest began
  std::size_t rest = 0;
  while (at < text.size()) {
    if (in < glob.size() && glob[in] == '*') {
      star = in++;
      rest = at;
    } else if (in < glob.size() && (glob[in] == '?' || glob[in] == text[at])) {
      ++in;
      ++at;
    } else if (star != std::string_view::npos) {
      in = star + 1;
      at = ++rest;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', in) == std::string_view::npos;
}

std::optional<std::int64_t> parse_time(std::string_view text) {
  std::int64_t unix_seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), unix_seconds);
  if (error == std::errc{} && end == text.data() + text.size()) return unix_seconds;
  int year = 0;
  int month = 0;
  int day = 0;
  const bool date = take_digits(text, 4, year) && take(text, '-') && take_digits(text, 2, month) &&
                    take(text, '-') && take_digits(text, 2, day);
  const std::chrono::year_month_day when(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!date || !when.ok()) return std::nullopt;
  const std::chrono::sys_seconds midnight = std::chrono::sys_days(when);
  if (text.empty()) return midnight.time_since_epoch().count();
  if (!take(text, 'T') && !take(text, 't') && !take(text, ' ')) return std::nullopt;
  std::int64_t clock = 0;
  std::int64_t zone = 0;
  if (!take_clock(text, clock) || !take_zone(text, zone) || !text.empty()) return std::nullopt;
  return midnight.time_since_epoch().count() + clock - zone;
}

bool Selection::takes(const Event& event) const {
  const bool typed =
      types.empty() || std::any_of(types.begin(), types.end(),
                                   [&](const auto& glob) { return fits(event.type, glob); });
  return typed && (!since || event.created >= *since) && (!until || event.created < *until);
}

}  // namespace nodeops::webhook
