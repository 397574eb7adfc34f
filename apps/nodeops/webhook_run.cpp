// SPDX-License-Identifier: MIT
#include "webhook_run.hpp"

#include <algorithm>
#include <random>

#include "command_line.hpp"
#include "core/error.hpp"
#include "stream/small_file.hpp"
#include "task/pause.hpp"
#include "webhook_sources.hpp"

namespace nodeops {
namespace {

constexpr auto secret_variable = "NODEOPS_WEBHOOK_SECRET";

/// The lines of a text that are not empty.
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    std::string line = text.substr(begin, end - begin);
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty()) lines.push_back(std::move(line));
    begin = end + 1;
  }
  return lines;
}

std::vector<std::string> secrets(const WebhookReplayOptions& options, const RunContext& run) {
  std::string text;
  if (!options.secret_file.empty()) {
    text = read_small_file(options.secret_file, "the secrets");
  } else if (const auto found = run.io.environment.find(secret_variable);
             found != run.io.environment.end()) {
    text = found->second;
  }
  auto found = lines_of(text);
  if (found.empty()) {
    throw AppError(ErrorKind::usage, "--verify: a secret is missing",
                   std::string("give it with --secret-file FILE or in ") + secret_variable);
  }
  return found;
}

std::int64_t unix_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

std::vector<Metric> metrics_of(const webhook::OutcomeCounts& outcomes,
                               std::uint64_t disagreements) {
  using webhook::Outcome;
  std::vector<Metric> metrics;
  for (const Outcome outcome : {Outcome::processed, Outcome::duplicate, Outcome::ignored,
                                Outcome::rejected, Outcome::deferred, Outcome::dead_lettered}) {
    metrics.push_back({.name = "nodeops_webhook_deliveries_total",
                       .help = "Deliveries by what became of them.",
                       .kind = Metric::Kind::counter,
                       .value = static_cast<double>(outcomes.of(outcome)),
                       .labels = {{"outcome", std::string(name_of(outcome))}}});
  }
  metrics.push_back({.name = "nodeops_webhook_disagreements_total",
                     .help = "Events that wanted other money than was booked of their payment.",
                     .kind = Metric::Kind::counter,
                     .value = static_cast<double>(disagreements)});
  return metrics;
}

/// The bodies in flight: four times as much memory goes with them.
std::size_t group_bytes(const RunContext& run) {
  constexpr std::uint64_t usual = std::uint64_t{8} << 20;
  constexpr std::uint64_t cost = 4;
  return static_cast<std::size_t>(
      std::min(usual, run.common.memory_limit.value_or(usual * cost) / cost));
}

}  // namespace

WebhookRun::WebhookRun(const WebhookReplayOptions& options, RunContext& run)
    : options_(options), run_(run), faults_(options.faults, options.seed, run.io.stop.get_token()) {
  open_intakes();
  if (!options.redrive) source_ = open_deliveries(options, run);
  output_ = std::make_unique<Destination>(run.common.output, run);
  counted_.emplace(output_->sink(), run.totals.bytes_out);
  if (!run.common.dry_run) {
    if (!options.dead_letter.empty())
      dead_letters_ = std::make_unique<webhook::DeadLetterFile>(options.dead_letter);
    open_ledger();
  }
  if (options.redrive) source_ = redriven_deliveries(*ledger_);
  open_pipeline();
}

void WebhookRun::open_intakes() {
  // The commits come one after the other: more threads than these would wait for them.
  constexpr unsigned most = 4;
  std::vector<std::string> keys;
  if (options_.verify) keys = secrets(options_, run_);
  while (intakes_.size() <= std::min(most, run_.workers)) {
    std::optional<webhook::SignatureVerifier> verifier;
    if (options_.verify) verifier.emplace(*options_.verify, keys, options_.tolerance);
    // Whom the dead letters are from has been verified before.
    if (options_.redrive) verifier.reset();
    intakes_.emplace_back(webhook::EventParser(!run_.common.dry_run), std::move(verifier));
  }
}

void WebhookRun::open_ledger() {
  const auto stop = run_.io.stop.get_token();
  webhook::LedgerOptions ledger{.stop = stop};
  if (faults_.has(webhook::Stage::apply) || faults_.has(webhook::Stage::commit)) {
    ledger.points = [this](std::string_view point) {
      if (point == "apply") faults_.strike(webhook::Stage::apply);
      if (point == "before-commit") faults_.strike(webhook::Stage::commit);
    };
  }
  ledger_ = webhook::open_ledger(options_.ledger, std::move(ledger));
  guarded_.emplace(
      *ledger_, faults_, options_.patience,
      webhook::Timing{.now = run_.io.now,
                      .pause = [stop](Deadline until) { return pause_until(until, stop); }},
      run_.events, std::random_device()());
}

void WebhookRun::open_pipeline() {
  const auto cap = std::chrono::ceil<std::chrono::seconds>(options_.patience.backoff.cap);
  pipeline_.emplace(
      webhook::PipelineOptions{.group_commit = options_.group_commit,
                               .group_bytes = group_bytes(run_),
                               .verified_at = options_.now,
                               .selection = options_.selection,
                               .default_retry_after_s = static_cast<std::uint64_t>(cap.count())},
      webhook::PipelineParts{.intakes = intakes_,
                             .ledger = guarded_ ? &*guarded_ : nullptr,
                             .dead_letters = dead_letters_.get(),
                             .faults = faults_,
                             .responses = *counted_,
                             .totals = run_.totals,
                             .events = run_.events,
                             .stop = run_.io.stop.get_token(),
                             .now = run_.io.now,
                             .unix_now = unix_now,
                             .answered = [this](const auto& outcomes) {
                               run_.metrics.show(metrics_of(outcomes, disagreements()));
                             }});
}

void WebhookRun::run() {
  const auto ended = settle([&] { return pipeline_->run(*source_), true; });
  if (ended || run_.io.stop.stop_requested()) {
    output_->finish();
    run_.events.emit(OutputWritten{.path = output_->path(), .bytes = run_.totals.bytes_out});
  }
  if (!ended) std::rethrow_exception(ended.error());
}

Result<webhook::LedgerTotals> WebhookRun::totals() {
  return settle([&] { return ledger_ ? ledger_->totals() : webhook::LedgerTotals{}; });
}

}  // namespace nodeops
