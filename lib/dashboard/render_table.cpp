// SPDX-License-Identifier: MIT
#include <algorithm>
#include <utility>

#include "dashboard/render.hpp"
#include "dashboard/screen_text.hpp"
#include "observe/printable.hpp"

namespace nodeops::dashboard {
namespace {

constexpr std::size_t screen = 80;
constexpr std::size_t user_width = 16;
constexpr std::size_t status_width = 8;
constexpr std::size_t time_width = 7;
constexpr std::size_t least_source_width = 11;

std::string right(const std::string& text, std::size_t width) {
  return text.size() >= width ? text : std::string(width - text.size(), ' ') + text;
}

/// USER  STATUS  MS and a column for each source, or one for all if they do not fit; below it what
/// went wrong.
class TableRenderer : public Renderer {
 public:
  explicit TableRenderer(Look look) : look_(std::move(look)) {
    const std::size_t left = screen - user_width - status_width - time_width - 4;
    const std::size_t columns = std::max<std::size_t>(look_.plans.size(), 1);
    fits_ = left / columns >= least_source_width + 2;
    width_ = fits_ ? left / columns - 2 : left - 2;
  }

  std::string start() override {
    std::string line = in_column("USER", user_width) + "  " + in_column("STATUS", status_width) +
                       right("MS", time_width);
    if (!fits_) return line + "  SOURCES\n";
    for (const SourcePlan& plan : look_.plans) line += "  " + in_column(plan.name, width_);
    return without_end_spaces(line);
  }

  void show(const Dashboard& dashboard, std::string& to) override {
    const std::string status(name_of(dashboard.status));
    std::string text = in_column(dashboard.user, user_width) + "  " +
                       colored(in_column(status, status_width), dashboard.status, look_.color) +
                       right(milliseconds(dashboard.elapsed), time_width);
    if (!fits_) text += "  " + in_one_column(dashboard);
    for (const Outcome& outcome : dashboard.outcomes) {
      if (!fits_) break;
      const std::string cell =
          std::string(name_of(outcome.status)) + " " + milliseconds(outcome.elapsed);
      text += "  " + colored(in_column(cell, width_), outcome.status, look_.color);
    }
    to += without_end_spaces(text);
    if (look_.timeline) to += timeline(dashboard, look_);
    for (std::size_t i = 0; i < dashboard.outcomes.size(); ++i) {
      const auto& failure = dashboard.outcomes[i].failure;
      if (!failure) continue;
      to += "  " + printable(look_.plans[i].name) + ": " + printable(failure->detail) + "\n";
    }
  }

 private:
  std::string in_one_column(const Dashboard& dashboard) const {
    const auto ok =
        std::count_if(dashboard.outcomes.begin(), dashboard.outcomes.end(),
                      [](const Outcome& outcome) { return outcome.status == SourceStatus::ok; });
    return in_column(std::to_string(ok) + " of " + std::to_string(look_.plans.size()) + " ok",
                     width_);
  }

  static std::string without_end_spaces(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    return line + "\n";
  }

  Look look_;
  std::size_t width_;
  bool fits_;  ///< all sources have columns of their own
};

}  // namespace

std::unique_ptr<Renderer> table_renderer(Look look) {
  return std::make_unique<TableRenderer>(std::move(look));
}

}  // namespace nodeops::dashboard
