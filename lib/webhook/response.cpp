// SPDX-License-Identifier: MIT
#include "webhook/response.hpp"

#include "observe/json_object.hpp"

namespace nodeops::webhook {
namespace {

constexpr std::array<std::string_view, 6> outcome_names = {
    "processed", "duplicate", "ignored", "rejected", "deferred", "dead_lettered"};

std::string errors_json(const std::vector<FieldError>& errors) {
  std::string json = "[";
  for (const FieldError& error : errors) {
    if (json.size() > 1) json += ',';
    json += JsonObject().add("pointer", error.pointer).add("detail", error.detail).text();
  }
  return json + "]";
}

}  // namespace

std::string_view name_of(Outcome outcome) {
  return outcome_names[static_cast<std::size_t>(outcome)];
}

std::string OutcomeCounts::json() const {
  JsonObject json;
  for (std::size_t i = 0; i < outcome_names.size(); ++i) json.add(outcome_names[i], counts_[i]);
  return json.text();
}

std::string problem_json(const Problem& problem, std::string_view instance) {
  JsonObject json;
  json.add("type", "urn:nodeops:error:" + problem.type)
      .add("title", problem.title)
      .add("status", problem.status);
  if (!problem.detail.empty()) json.add("detail", problem.detail);
  if (!instance.empty()) json.add("instance", instance);
  if (!problem.errors.empty()) json.add_json("errors", errors_json(problem.errors));
  return json.text();
}

void append_response(std::string& lines, const Response& response) {
  lines += "{\"n\":";
  lines += std::to_string(response.number);
  lines += ",\"event_id\":";
  lines += response.event_id.empty() ? "null" : json_quoted(response.event_id);
  lines += ",\"status\":";
  lines += std::to_string(response.status());
  lines += ",\"outcome\":\"";
  lines += name_of(response.outcome);
  lines += "\",\"elapsed_us\":";
  lines += std::to_string(response.elapsed.count());
  if (response.problem) {
    if (response.problem->retry_after_s) {
      lines += ",\"retry_after_s\":";
      lines += std::to_string(*response.problem->retry_after_s);
    }
    lines += ",\"error\":";
    lines += problem_json(*response.problem, response.instance);
  }
  lines += "}\n";
}

std::string new_instance(SeededRandom& random) {
  constexpr std::string_view form = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
  constexpr std::string_view digits = "0123456789abcdef";
  std::string name = "urn:uuid:";
  for (const char c : form) {
    const auto digit = random.next() & 15U;
    if (c == 'x')
      name += digits[digit];
    else if (c == 'y')
      name += digits[8 | (digit & 3U)];
    else
      name += c;
  }
  return name;
}

}  // namespace nodeops::webhook
