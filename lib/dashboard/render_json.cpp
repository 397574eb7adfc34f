// SPDX-License-Identifier: MIT
#include <array>
#include <charconv>
#include <utility>

#include "dashboard/one_line_json.hpp"
#include "dashboard/render.hpp"
#include "observe/json_object.hpp"

namespace nodeops::dashboard {
namespace {

std::string problem(const SourceFailure& failure) {
  return JsonObject()
      .add("type", "urn:nodeops:error:" + failure.type)
      .add("title", failure.title)
      .add("status", failure.status)
      .add("detail", failure.detail)
      .text();
}

/// Dashboards as JSON; the names of the sources are quoted once.
class JsonRenderer : public Renderer {
 public:
  JsonRenderer(Look look, bool indented) : look_(std::move(look)), indented_(indented) {
    for (const SourcePlan& plan : look_.plans) names_.push_back(json_quoted(plan.name));
    budget_ = milliseconds(look_.budget);
  }

  void show(const Dashboard& dashboard, std::string& to) override {
    if (!indented_) return add(dashboard, to);
    std::string line;
    add(dashboard, line);
    line.pop_back();
    to.append(indented_json(line)).append("\n");
  }

 private:
  void add(const Dashboard& dashboard, std::string& line) const {
    line.reserve(line.size() + expected_size(dashboard));  // grown once
    line += "{\"user_id\":";
    line += json_quoted(dashboard.user);
    line += ",\"status\":\"";
    line += name_of(dashboard.status);
    line += "\",\"elapsed_ms\":";
    line += milliseconds(dashboard.elapsed);
    line += ",\"budget_ms\":";
    line += budget_;
    line += ",\"data\":{";
    add_data(dashboard, line);
    line += "},\"sources\":[";
    for (std::size_t i = 0; i < names_.size(); ++i) add_source(dashboard.outcomes[i], i, line);
    line += "]}\n";
  }

  std::size_t expected_size(const Dashboard& dashboard) const {
    constexpr std::size_t own = 128;
    constexpr std::size_t of_source = 128;
    constexpr std::size_t of_failure = 192;
    std::size_t size = own + dashboard.user.size();
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const Outcome& outcome = dashboard.outcomes[i];
      size += of_source + 2 * names_[i].size() + outcome.json.size();
      if (outcome.failure) size += of_failure + outcome.failure->detail.size();
    }
    return size;
  }

  void add_data(const Dashboard& dashboard, std::string& line) const {
    bool first = true;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (dashboard.outcomes[i].status != SourceStatus::ok) continue;
      if (!first) line += ',';
      first = false;
      line += names_[i];
      line += ':';
      line += dashboard.outcomes[i].json;
    }
  }

  void add_source(const Outcome& outcome, std::size_t index, std::string& line) const {
    if (index > 0) line += ',';
    line += "{\"name\":";
    line += names_[index];
    line += look_.plans[index].required ? ",\"required\":true" : ",\"required\":false";
    line += ",\"status\":\"";
    line += name_of(outcome.status);
    line += "\",\"elapsed_ms\":";
    line += milliseconds(outcome.elapsed);
    line += ",\"attempts\":";
    line += std::to_string(outcome.attempts);
    if (outcome.failure) {
      line += ",\"error\":";
      line += problem(*outcome.failure);
    }
    line += '}';
  }

  Look look_;
  bool indented_;
  std::vector<std::string> names_;
  std::string budget_;
};

}  // namespace

std::string milliseconds(Clock::duration time) {
  const auto tenths = (time + std::chrono::microseconds(50)) / std::chrono::microseconds(100);
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), tenths / 10).ptr;
  std::string text(digits.begin(), end);
  if (tenths % 10 != 0) {
    text += '.';
    text += static_cast<char>('0' + tenths % 10);
  }
  return text;
}

std::unique_ptr<Renderer> ndjson_renderer(Look look) {
  return std::make_unique<JsonRenderer>(std::move(look), false);
}

std::unique_ptr<Renderer> json_renderer(Look look) {
  return std::make_unique<JsonRenderer>(std::move(look), true);
}

}  // namespace nodeops::dashboard
