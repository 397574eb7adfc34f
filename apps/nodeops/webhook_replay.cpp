// SPDX-License-Identifier: MIT
#include "webhook_replay.hpp"

#include "core/error.hpp"
#include "exit_code.hpp"
#include "observe/json_object.hpp"
#include "observe/log.hpp"
#include "run_context.hpp"
#include "store/database_address.hpp"
#include "webhook/currency.hpp"
#include "webhook/error_handling.hpp"
#include "webhook_run.hpp"
#include "webhook_sources.hpp"

namespace nodeops {
namespace {

void check(const WebhookReplayOptions& options, const RunContext& run) {
  if (options.redrive && !options.inputs.empty())
    throw AppError(ErrorKind::usage, "--redrive: takes its deliveries from the ledger, not from " +
                                         options.inputs.front());
  if (options.redrive && run.common.dry_run)
    throw AppError(ErrorKind::usage, "--redrive and --dry-run exclude each other");
  if (!options.verify && !options.secret_file.empty())
    throw AppError(ErrorKind::usage, "--secret-file: goes with --verify");
  // A dry run opens no ledger, but says what is wrong with its address.
  static_cast<void>(webhook::shown_ledger(options.ledger));
}

std::string amounts_json(const std::map<std::string, std::int64_t>& amounts) {
  JsonObject json;
  for (const auto& [currency, amount] : amounts) json.add(currency, amount);
  return json.text();
}

/// What the report says about the ledger; null when it does not answer.
std::string totals_json(const Result<webhook::LedgerTotals>& result) {
  if (!result) return "null";
  auto totals = result;
  const webhook::LedgerTotals& known = totals.value();
  return JsonObject()
      .add("events", known.events)
      .add("payments", known.payments)
      .add("refunds", known.refunds)
      .add_json("succeeded", amounts_json(known.succeeded))
      .add_json("refunded", amounts_json(known.refunded))
      .text();
}

/// "40 payments: 796.49 USD, 712 JPY".
std::string amounts_text(std::uint64_t count, const char* noun,
                         const std::map<std::string, std::int64_t>& amounts) {
  std::string text = std::to_string(count) + " " + noun;
  const char* before = ": ";
  for (const auto& [currency, amount] : amounts) {
    text += before + webhook::amount_text(amount, currency);
    before = ", ";
  }
  return text;
}

void say_totals(const Result<webhook::LedgerTotals>& result) {
  if (!result) return;
  auto totals = result;
  const webhook::LedgerTotals& known = totals.value();
  log::say("the ledger holds " + std::to_string(known.events) + " events; " +
           amounts_text(known.payments, "payments", known.succeeded) + "; " +
           amounts_text(known.refunds, "refunds", known.refunded));
}

void say_what_would_be_done(const webhook::OutcomeCounts& outcomes) {
  using webhook::Outcome;
  log::say("dry run: would process " + std::to_string(outcomes.of(Outcome::processed)) +
           " deliveries, ignore " + std::to_string(outcomes.of(Outcome::ignored)) + ", refuse " +
           std::to_string(outcomes.total() - outcomes.accepted()));
}

}  // namespace

Roles roles_of(const WebhookReplayOptions& options) {
  Roles roles{
      .inputs = options.inputs,
      .own = {{"--secret-file", options.secret_file}, {"--dead-letter", options.dead_letter}},
      .comes_upon = [inputs = options.inputs](const std::string& path) {
        return would_be_found(path, inputs);
      }};
  if (!options.ledger.starts_with(store::sqlite_scheme)) return roles;
  const std::string ledger = options.ledger.substr(store::sqlite_scheme.size());
  // What SQLite keeps beside the file is a part of it.
  for (const char* const part : {"", "-wal", "-shm", "-journal"})
    roles.own.push_back({"--ledger", ledger + part});
  return roles;
}

int webhook_replay(const WebhookReplayOptions& options, RunContext& run) {
  check(options, run);
  WebhookRun work(options, run);
  const auto ended = settle([&] { return work.run(), true; });
  // However it has ended: what is durable is reported.
  const auto totals = work.totals();
  run.report.add("disagreements", std::to_string(work.disagreements()));
  run.report.add("ledger", totals_json(totals));
  run.report.add("outcomes", work.outcomes().json());
  if (!ended) webhook::rethrow_fatal(ended.error());
  if (run.common.verbose && !run.common.dry_run) say_totals(totals);
  if (run.common.dry_run) say_what_would_be_done(work.outcomes());
  if (const auto why = work.never_answered())
    throw AppError(
        ErrorKind::unavailable,
        webhook::shown_ledger(options.ledger) + ": the ledger has never answered: " + why->detail,
        why->retryable ? "nothing was applied; the deliveries may be sent again"
                       : "nothing was applied; repair that, then send them again");
  return work.outcomes().total() > work.outcomes().accepted() ? exit_some_failed : exit_done;
}

}  // namespace nodeops
