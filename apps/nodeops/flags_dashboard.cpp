// SPDX-License-Identifier: MIT
#include <charconv>
#include <map>

#include "core/error.hpp"
#include "core/units.hpp"
#include "flags.hpp"

namespace nodeops {
namespace {

bool parse_probability(std::string_view text, std::optional<double>& probability) {
  double value = 0;
  if (!parse_number(text, value) || !(value >= 0 && value <= 1)) return false;
  probability = value;
  return true;
}

/// "NAME:latency=DIST,fail=P,hang=P"; commas inside parentheses belong to DIST.
bool parse_mock(std::string_view text, MockText& mock) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  mock.name = text.substr(0, colon);
  std::string_view left = text.substr(colon + 1);
  if (left.empty()) return false;
  while (!left.empty()) {
    std::size_t end = left.find(',');
    const auto opening = left.find('(');
    if (opening < end) end = left.find(',', left.find(')', opening));
    const std::string_view part = left.substr(0, end);
    left = end == std::string_view::npos ? std::string_view() : left.substr(end + 1);
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) return false;
    const auto key = part.substr(0, equals);
    const auto value = part.substr(equals + 1);
    if (key == "latency") {
      mock.latency = dashboard::Latency::parse(value);
      if (!mock.latency) return false;
    } else if (key == "fail" || key == "hang") {
      if (!parse_probability(value, key == "fail" ? mock.fails : mock.hangs)) return false;
    } else {
      return false;
    }
  }
  return true;
}

bool parse_positive_duration(const std::string& text, std::chrono::nanoseconds& duration) {
  const auto parsed = parse_duration(text);
  if (!parsed || parsed->count() <= 0 || *parsed > std::chrono::hours(1)) return false;
  duration = *parsed;
  return true;
}

/// A header that cannot become two.
bool parse_header(const std::string& text) {
  const auto colon = text.find(':');
  return colon != std::string::npos && colon > 0 &&
         text.find_first_of("\r\n") == std::string::npos &&
         text.substr(0, colon).find_first_of(" \t") == std::string::npos;
}

void add_source_flags(CLI::App& app, DashboardOptions& options) {
  const auto* const group = "Sources";
  const auto add_source = [&options](const CLI::results_t& results) {
    options.sources.clear();
    for (const auto& text : results) options.sources.push_back(dashboard::parse_source(text));
    return true;
  };
  add_repeated(app, "--source", "NAME=URL[,OPTION]",
               "replaces or adds a source: mock:, http(s)://…/{user}, file:…, exec:…; options: "
               "required, optional, cutoff=300ms, retries=N",
               add_source)
      ->group(group);
  add_repeated(app, "--mock", "NAME:MODEL",
               "how a mock behaves: latency=DIST,fail=P,hang=P; DIST: 40ms, uniform(20ms,80ms), "
               "lognormal(120ms,0.9)",
               [&options](const CLI::results_t& results) {
                 options.mocks.clear();
                 for (const auto& text : results) {
                   if (parse_mock(text, options.mocks.emplace_back())) continue;
                   throw CLI::ValidationError(
                       "--mock", "'" + text +
                                     "' is not allowed; allowed: NAME:latency=DIST,fail=P,hang=P "
                                     "with P from 0 to 1");
                 }
                 return true;
               })
      ->group(group);
  add_parsed(app, "--seed", "N", "of the mocks' times, failures and contents (default: 1)",
             "a whole number",
             [&](const std::string& text) { return parse_number(text, options.seed); })
      ->group(group);
  add_file(app, "--mock-data", "DIR", "the mocks' tables (default: bundled)", options.mock_data)
      ->group(group);
  add_repeated(app, "--header", "'K: V'", "sent to every HTTP source",
               [&options](const CLI::results_t& results) {
                 options.headers = results;
                 for (const auto& text : results) {
                   if (parse_header(text)) continue;
                   throw CLI::ValidationError("--header", "'" + text.substr(0, text.find(':')) +
                                                              "' is not allowed; allowed: "
                                                              "'NAME: VALUE' on one line");
                 }
                 return true;
               })
      ->group(group);
  add_file(app, "--token-file", "FILE", "sends its text as bearer token to every HTTP source",
           options.token_file)
      ->group(group);
  add_file(app, "--tls-ca", "FILE", "trusts these certificates (PEM) in place of the system's",
           options.tls_ca)
      ->group(group);
}

/// "FAILURES/WINDOW/COOLDOWN".
bool parse_breaker(const std::string& text, CircuitBreaker::Options& breaker) {
  const auto first = text.find('/');
  const auto second = text.find('/', first + 1);
  if (first == std::string::npos || second == std::string::npos) return false;
  std::chrono::nanoseconds window{};
  std::chrono::nanoseconds cooldown{};
  if (!parse_number(std::string_view(text).substr(0, first), breaker.failures) ||
      breaker.failures == 0 ||
      !parse_positive_duration(text.substr(first + 1, second - first - 1), window) ||
      !parse_positive_duration(text.substr(second + 1), cooldown)) {
    return false;
  }
  breaker.window = window;
  breaker.cooldown = cooldown;
  return true;
}

void add_time_flags(CLI::App& app, DashboardOptions& options) {
  const auto* const group = "Time";
  add_parsed(app, "--cutoff", "DURATION", "what an optional source gets (default: 300ms)",
             "above 0 to 1h, such as 300ms",
             [&](const std::string& text) { return parse_positive_duration(text, options.cutoff); })
      ->group(group);
  add_parsed(app, "--budget", "DURATION", "what the whole dashboard gets (default: 500ms)",
             "above 0 to 1h, such as 500ms",
             [&](const std::string& text) { return parse_positive_duration(text, options.budget); })
      ->group(group);
  add_parsed(app, "--concurrency", "N", "dashboards in flight (default: 64)", "1 to 1000000",
             [&](const std::string& text) {
               constexpr std::size_t most = 1'000'000;
               return parse_number(text, options.concurrency) && options.concurrency >= 1 &&
                      options.concurrency <= most;
             })
      ->group(group);
  add_parsed(
      app, "--breaker", "F/WINDOW/COOLDOWN",
      "leaves a source alone after F failures (default: 5/10s/5s)",
      "FAILURES/WINDOW/COOLDOWN, such as 5/10s/5s",
      [&](const std::string& text) { return parse_breaker(text, options.breaker.emplace()); })
      ->group(group);
  add_parsed(app, "--rate", "N/s", "at most so many questions a second to each source",
             "a rate such as 100/s or 30/m",
             [&](const std::string& text) {
               const auto rate = parse_rate(text);
               options.questions_per_second = rate.value_or(0);
               return rate.has_value();
             })
      ->group(group);
  add_parsed(app, "--clock", "CLOCK", "real, or virtual: mocks on simulated time (default: real)",
             "real, virtual",
             [&](const std::string& text) {
               options.virtual_clock = text == "virtual";
               return text == "real" || text == "virtual";
             })
      ->group(group);
}

void add_output_flags(CLI::App& app, DashboardOptions& options) {
  const auto* const group = "Output";
  add_parsed(app, "--format", "FORM", "auto, json, ndjson, table, html (default: auto)",
             "auto, json, ndjson, table, html",
             [&](const std::string& text) {
               const std::map<std::string, DashboardFormat> names = {
                   {"auto", DashboardFormat::automatic},
                   {"json", DashboardFormat::json},
                   {"ndjson", DashboardFormat::ndjson},
                   {"table", DashboardFormat::table},
                   {"html", DashboardFormat::html}};
               const auto found = names.find(text);
               if (found != names.end()) options.format = found->second;
               return found != names.end();
             })
      ->group(group);
  app.add_flag("--timeline", options.timeline, "a waterfall against cutoff and budget")
      ->group(group);
  app.add_flag("--unordered", options.unordered, "prints each dashboard as it settles")
      ->group(group);
  add_parsed(
      app, "--watch", "DURATION", "refreshes in place until interrupted", "10ms to 1h, such as 2s",
      [&](const std::string& text) {
        constexpr auto least = std::chrono::milliseconds(10);
        return parse_positive_duration(text, options.watch.emplace()) && *options.watch >= least;
      })
      ->group(group);
  app.add_flag("--strict", options.strict, "a partial dashboard counts as failed (exit 1)")
      ->group(group);
}

}  // namespace

void add_dashboard_flags(CLI::App& app, Invocation& invocation) {
  auto& options = invocation.options.emplace<DashboardOptions>();
  invocation.noun = "dashboards";
  app.add_option("USER_ID", options.users,
                 "whose dashboards; - or none: one a line from standard input")
      ->type_name("");
  add_source_flags(app, options);
  add_time_flags(app, options);
  add_output_flags(app, options);
}

}  // namespace nodeops
