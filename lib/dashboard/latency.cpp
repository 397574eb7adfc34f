// SPDX-License-Identifier: MIT
#include "dashboard/latency.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/units.hpp"

namespace nodeops::dashboard {
namespace {

constexpr Clock::duration longest = std::chrono::hours(1);

struct Arguments {
  std::string_view first;
  std::string_view second;
};

/// The two arguments of "name(first,second)"; empty when the text is no such call.
std::optional<Arguments> arguments_of(std::string_view text, std::string_view name) {
  if (!text.starts_with(name) || !text.ends_with(')')) return std::nullopt;
  text.remove_prefix(name.size());
  if (!text.starts_with('(')) return std::nullopt;
  text = text.substr(1, text.size() - 2);
  const auto comma = text.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  Arguments arguments{text.substr(0, comma), text.substr(comma + 1)};
  while (arguments.second.starts_with(' ')) arguments.second.remove_prefix(1);
  return arguments;
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Clock::duration> time(std::string_view text) {
  const auto parsed = parse_duration(text);
  if (!parsed || *parsed > longest) return std::nullopt;
  return std::chrono::duration_cast<Clock::duration>(*parsed);
}

}  // namespace

std::optional<Latency> Latency::parse(std::string_view text) {
  if (const auto arguments = arguments_of(text, "uniform")) {
    const auto least = time(arguments->first);
    const auto most = time(arguments->second);
    if (!least || !most || *least > *most) return std::nullopt;
    return uniform(*least, *most);
  }
  if (const auto arguments = arguments_of(text, "lognormal")) {
    const auto median = time(arguments->first);
    const auto sigma = number(arguments->second);
    constexpr double widest = 10;
    if (!median || !sigma || !(*sigma >= 0 && *sigma <= widest)) return std::nullopt;
    return lognormal(*median, *sigma);
  }
  const auto fixed_time = time(text);
  if (!fixed_time) return std::nullopt;
  return fixed(*fixed_time);
}

Clock::duration Latency::draw(SeededRandom& random) const {
  double factor = 1;
  switch (kind_) {
    case Kind::fixed:
      return first_;
    case Kind::uniform:
      return first_ + Clock::duration(static_cast<Clock::duration::rep>(
                          static_cast<double>((second_ - first_).count()) * random.fraction()));
    case Kind::lognormal:
      factor = std::exp(sigma_ * random.normal());
      break;
  }
  const double drawn = static_cast<double>(first_.count()) * factor;
  return drawn >= static_cast<double>(longest.count())
             ? longest
             : Clock::duration(static_cast<Clock::duration::rep>(drawn));
}

}  // namespace nodeops::dashboard
