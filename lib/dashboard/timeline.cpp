// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <string_view>

#include "dashboard/render.hpp"
#include "dashboard/screen_text.hpp"

namespace nodeops::dashboard {
namespace {

constexpr std::size_t name_width = 14;
constexpr std::size_t bar_width = 44;
constexpr std::size_t eighths = 8;

/// Blocks that fill one to seven eighths of a cell.
constexpr std::array<std::string_view, eighths> part = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};

std::size_t cell_of(Clock::duration time, Clock::duration scale) {
  const auto cells = static_cast<std::size_t>(std::max<Clock::rep>(
      0,
      time.count() * static_cast<Clock::rep>(bar_width) / std::max<Clock::rep>(scale.count(), 1)));
  return std::min(cells, bar_width);
}

/// A bar as long as the time, with a mark where the cutoff is.
std::string bar(Clock::duration elapsed, Clock::duration cutoff, Clock::duration scale) {
  const auto filled =
      std::clamp<Clock::rep>(elapsed.count() * static_cast<Clock::rep>(bar_width * eighths) /
                                 std::max<Clock::rep>(scale.count(), 1),
                             1, static_cast<Clock::rep>(bar_width * eighths));
  const auto whole = static_cast<std::size_t>(filled) / eighths;
  const auto rest = static_cast<std::size_t>(filled) % eighths;
  const std::size_t mark = cell_of(cutoff, scale);
  std::string text;
  for (std::size_t i = 0; i <= bar_width; ++i) {
    if (i == mark)
      text += "│";
    else if (i < whole)
      text += "█";
    else
      text += i == whole && rest > 0 ? part[rest] : " ";
  }
  return text;
}

std::string right(const std::string& text, std::size_t width) {
  return text.size() >= width ? text : std::string(width - text.size(), ' ') + text;
}

/// "0" at the left, the budget at the right, and below their marks the cutoffs, as far as there is
/// room between.
std::string axis(const Look& look, Clock::duration scale) {
  std::string line(bar_width + 1, ' ');
  const auto put = [&](const std::string& label, std::size_t end) {
    const std::size_t from = end >= label.size() ? end - label.size() : 0;
    // A free cell on each side, or it would read as one with its neighbour.
    const std::size_t first = from > 0 ? from - 1 : 0;
    const std::size_t behind = std::min(end + 1, line.size());
    if (line.substr(first, behind - first).find_first_not_of(' ') != std::string::npos) return;
    line.replace(from, label.size(), label);
  };
  put("0", 1);
  put(milliseconds(scale) + " ms", line.size());
  for (const SourcePlan& plan : look.plans) {
    if (plan.cutoff < scale) put(milliseconds(plan.cutoff), cell_of(plan.cutoff, scale) + 1);
  }
  return "  " + std::string(name_width, ' ') + " " + line + "\n";
}

}  // namespace

std::string timeline(const Dashboard& dashboard, const Look& look) {
  const Clock::duration scale = std::max(look.budget, dashboard.elapsed);
  std::string text;
  constexpr std::size_t time_width = 8;
  for (std::size_t i = 0; i < dashboard.outcomes.size(); ++i) {
    const Outcome& outcome = dashboard.outcomes[i];
    text += "  " + in_column(look.plans[i].name, name_width) + " ";
    text += colored(bar(outcome.elapsed, std::min(look.plans[i].cutoff, look.budget), scale),
                    outcome.status, look.color);
    text += right(milliseconds(outcome.elapsed), time_width) + " ";
    text += std::string(name_of(outcome.status)) + "\n";
  }
  return text + axis(look, scale);
}

}  // namespace nodeops::dashboard
