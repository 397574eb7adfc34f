// SPDX-License-Identifier: MIT
// The one error handler of the pipeline.
#include "observe/log.hpp"
#include "observe/mask.hpp"
#include "webhook/error_handling.hpp"
#include "webhook/pipeline.hpp"

namespace nodeops::webhook {
namespace {

constexpr int unauthorized = 401;
constexpr int too_large = 413;
constexpr int unavailable = 503;

/// How many failures the log tells before it leaves the rest to --verbose.
constexpr std::uint64_t told_in_full = 20;

/// Nobody has vouched for a body whose signature is wrong, and of one that is too large there is
/// only the start.
bool is_worth_keeping(const Problem& problem) {
  return problem.status != unauthorized && problem.status != too_large;
}

}  // namespace

/// Classifies, keeps what must not be lost, logs once, and answers.
void Pipeline::settle_failure(InFlight& flight, const std::exception_ptr& error) {
  Problem problem = problem_of(error);
  if (problem.status == unavailable && !problem.retry_after_s)
    problem.retry_after_s = options_.default_retry_after_s;
  Response& response = flight.response;
  const bool operational = problem.operational;
  const bool comes_again = problem.retry_after_s.has_value();
  response.problem = std::move(problem);
  response.instance = new_instance(instances_);
  tell(flight, error);
  const bool kept = keep_dead_letter(flight);
  if (!operational && kept) response.problem->detail += ", kept for a later replay";
  response.outcome = comes_again   ? Outcome::deferred
                     : operational ? Outcome::rejected
                     : kept        ? Outcome::dead_lettered
                                   : Outcome::deferred;
  respond(flight);
}

/// Into the ledger, unless it is the ledger that fails. The file gets its line in front of the
/// answer.
bool Pipeline::keep_dead_letter(const InFlight& flight) {
  const Problem& problem = *flight.response.problem;
  if (parts_.ledger == nullptr || !is_worth_keeping(problem)) return false;
  if (problem.retry_after_s) return parts_.dead_letters != nullptr;
  const bool kept =
      parts_.ledger->keep_dead_letter({.event_id = flight.response.event_id,
                                       .problem_type = problem.type,
                                       .reason = problem.detail,
                                       .body = flight.received.delivery.body,
                                       .headers_json = headers_json(flight.received.delivery),
                                       .at = parts_.unix_now()});
  return kept || parts_.dead_letters != nullptr;
}

void Pipeline::write_dead_letter(const InFlight& flight) {
  const auto& problem = flight.response.problem;
  if (parts_.dead_letters == nullptr || !problem || !is_worth_keeping(*problem)) return;
  parts_.dead_letters->add(flight.received.delivery, flight.response.event_id, *problem,
                           parts_.unix_now());
}

void Pipeline::tell(const InFlight& flight, const std::exception_ptr& error) {
  const Problem& problem = *flight.response.problem;
  const std::string message = flight.received.delivery.place + ": " + problem.detail;
  parts_.events.emit(ItemFailed{
      .item = flight.received.delivery.place, .type = problem.type, .detail = problem.detail});
  if (++told_ > told_in_full) {
    if (told_ == told_in_full + 1)
      log::warn("more deliveries fail; they are told with --verbose, in the responses and events");
    log::debug(message, {{"status", problem.status}, {"type", problem.type}});
  } else if (problem.operational) {
    log::warn(message, {{"status", problem.status}, {"type", problem.type}});
  } else {
    log::bug(flight.received.delivery.place + ": " + words_of(error));
  }
}

}  // namespace nodeops::webhook
