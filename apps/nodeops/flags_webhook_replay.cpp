// SPDX-License-Identifier: MIT
#include "core/units.hpp"
#include "flags.hpp"

namespace nodeops {
namespace {

void add_text(CLI::App& app, const char* group, const std::string& name, std::string& to,
              const std::string& placeholder, const std::string& description) {
  add_parsed(app, name, placeholder, description, "a text that is not empty",
             [&to](const std::string& text) {
               to = text;
               return !text.empty();
             })
      ->group(group);
}

bool parse_scheme(const std::string& text, std::optional<webhook::Scheme>& scheme) {
  using webhook::Scheme;
  scheme.reset();
  if (text == "stripe") scheme = Scheme::stripe;
  if (text == "standard") scheme = Scheme::standard;
  if (text == "github") scheme = Scheme::github;
  return scheme || text == "none";
}

bool parse_positive_duration(std::string_view text, Clock::duration& to) {
  const auto time = parse_duration(text);
  if (time) to = std::chrono::duration_cast<Clock::duration>(*time);
  return time && time->count() > 0;
}

/// "50ms:2s", the base not above the cap.
bool parse_backoff(std::string_view text, Backoff& backoff) {
  const auto colon = text.find(':');
  return colon != std::string_view::npos &&
         parse_positive_duration(text.substr(0, colon), backoff.base) &&
         parse_positive_duration(text.substr(colon + 1), backoff.cap) &&
         backoff.base <= backoff.cap;
}

/// "5/10s/5s".
bool parse_breaker(std::string_view text, CircuitBreaker::Options& breaker) {
  const auto first = text.find('/');
  const auto second = text.find('/', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return false;
  return parse_number(text.substr(0, first), breaker.failures) && breaker.failures > 0 &&
         parse_positive_duration(text.substr(first + 1, second - first - 1), breaker.window) &&
         parse_positive_duration(text.substr(second + 1), breaker.cooldown);
}

void add_signature_flags(CLI::App& app, WebhookReplayOptions& options) {
  const auto* const group = "Signatures";
  add_parsed(app, "--verify", "SCHEME", "none, stripe, standard, github (default: none)",
             "none, stripe, standard, github",
             [&](const std::string& text) { return parse_scheme(text, options.verify); })
      ->group(group);
  add_text(app, group, "--secret-file", options.secret_file, "FILE",
           "the secrets, one a line; else NODEOPS_WEBHOOK_SECRET");
  add_parsed(app, "--tolerance", "DURATION", "how old a signature may be (default: 300s)",
             "0, or whole seconds such as 300s or 5m",
             [&](const std::string& text) {
               const auto time = parse_duration(text);
               if (time)
                 options.tolerance = std::chrono::duration_cast<std::chrono::seconds>(*time);
               return time && options.tolerance == *time;
             })
      ->group(group);
  add_parsed(app, "--now", "received|TIME",
             "the time that signatures are compared with (default: received)",
             "received, seconds since 1970, a time such as 2026-11-20T12:00:00Z",
             [&](const std::string& text) {
               options.now = text == "received" ? std::nullopt : webhook::parse_time(text);
               return text == "received" || options.now;
             })
      ->group(group);
}

void add_ledger_flags(CLI::App& app, Invocation& invocation, WebhookReplayOptions& options) {
  const auto* const group = "Ledger and answers";
  add_text(app, group, "--ledger", options.ledger, "ADDRESS",
           "sqlite:FILE or postgresql://... (default: sqlite:nodeops-ledger.db)");
  add_text(app, group, "--responses", invocation.common.output, "DEST",
           "the same as --output: one response per delivery");
  add_text(app, group, "--dead-letter", options.dead_letter, "FILE",
           "keeps what could not be applied, to be given as INPUT again");
  app.add_flag("--redrive", options.redrive, "replays the ledger's dead letters instead of INPUT")
      ->group(group);
  add_parsed(app, "--group-commit", "N", "deliveries per durable commit (default: 256)",
             "1 to 65536",
             [&](const std::string& text) {
               constexpr std::size_t most = 65536;
               return parse_number(text, options.group_commit) && options.group_commit >= 1 &&
                      options.group_commit <= most;
             })
      ->group(group);
  add_parsed(app, "--max-body", "SIZE", "largest body; above: 413 (default: 1M)", "1 to 64M",
             [&](const std::string& text) {
               constexpr std::uint64_t most = 64 << 20;
               const auto size = parse_size(text);
               options.max_body = static_cast<std::size_t>(size.value_or(0));
               return size && *size >= 1 && *size <= most;
             })
      ->group(group);
}

void add_failure_flags(CLI::App& app, WebhookReplayOptions& options) {
  const auto* const group = "Failures of the database";
  add_parsed(app, "--retries", "N", "how often a call is tried again (default: 3)", "0 to 100",
             [&](const std::string& text) {
               constexpr unsigned most = 100;
               return parse_number(text, options.patience.retries) &&
                      options.patience.retries <= most;
             })
      ->group(group);
  add_parsed(app, "--backoff", "BASE:CAP", "the waits between, full jitter (default: 50ms:2s)",
             "two durations above zero, the first not above the second, such as 50ms:2s",
             [&](const std::string& text) { return parse_backoff(text, options.patience.backoff); })
      ->group(group);
  add_parsed(app, "--breaker", "FAILURES/WINDOW/COOLDOWN",
             "leaves a failing database alone (default: 5/10s/5s)",
             "a number and two durations above zero, such as 5/10s/5s",
             [&](const std::string& text) { return parse_breaker(text, options.patience.breaker); })
      ->group(group);
  app.add_option_function<std::vector<std::string>>(
         "--fault",
         [&](const std::vector<std::string>& texts) {
           options.faults.clear();
           for (const auto& text : texts) options.faults.push_back(webhook::parse_fault(text));
         },
         "injects faults, such as db:down:0.3 or commit:crash")
      ->type_name("STAGE:KIND[:P]")
      ->type_size(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->group(group);
  add_parsed(app, "--seed", "N", "repeats the same faults (default: 0)", "a number, 0 or more",
             [&](const std::string& text) { return parse_number(text, options.seed); })
      ->group(group);
}

void add_time_flag(CLI::App& app, const char* group, const char* name, const char* description,
                   std::optional<std::int64_t>& to) {
  add_parsed(app, name, "TIME", description,
             "seconds since 1970, or a time such as 2026-11-20T12:00:00Z",
             [&to](const std::string& text) {
               to = webhook::parse_time(text);
               return to.has_value();
             })
      ->group(group);
}

void add_selection_flags(CLI::App& app, webhook::Selection& selection) {
  const auto* const group = "Which events";
  app.add_option_function<std::vector<std::string>>(
         "--filter",
         [&](const std::vector<std::string>& texts) {
           selection.types.clear();
           for (const std::string& text : texts) {
             constexpr std::string_view key = "type=";
             if (!text.starts_with(key) || text.size() == key.size()) {
               throw CLI::ValidationError("--filter",
                                          "'" + text +
                                              "' is not allowed; allowed: type=GLOB, such as "
                                              "type=payment_intent.*");
             }
             selection.types.push_back(text.substr(key.size()));
           }
         },
         "only events of a type that fits; repeated: one of them")
      ->type_name("type=GLOB")
      ->type_size(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->group(group);
  add_time_flag(app, group, "--since", "only events created then or later", selection.since);
  add_time_flag(app, group, "--until", "only events created before", selection.until);
  add_parsed(app, "--limit", "N", "ends behind so many deliveries", "a number, 0 or more",
             [&](const std::string& text) { return parse_number(text, selection.limit.emplace()); })
      ->group(group);
}

}  // namespace

void add_webhook_replay_flags(CLI::App& app, Invocation& invocation) {
  auto& options = invocation.options.emplace<WebhookReplayOptions>();
  app.add_option("INPUT", options.inputs,
                 "NDJSON, JSON files or directories of them, plain, gzip or zstd; - or none: "
                 "standard input")
      ->type_name("");
  add_ledger_flags(app, invocation, options);
  add_signature_flags(app, options);
  add_selection_flags(app, options.selection);
  add_failure_flags(app, options);
}

}  // namespace nodeops
