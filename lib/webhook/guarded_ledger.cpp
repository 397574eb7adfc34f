// SPDX-License-Identifier: MIT
#include "webhook/guarded_ledger.hpp"

#include <numeric>

#include "webhook/error_handling.hpp"

namespace nodeops::webhook {
namespace {

/// The ledger did not do it, and may do it soon.
bool may_be_retried(const std::optional<Result<Booking>>& answer) {
  if (*answer) return false;
  const Problem problem = problem_of(answer->error());
  constexpr int unavailable = 503;
  return problem.status == unavailable && problem.retryable;
}

}  // namespace

GuardedLedger::GuardedLedger(Ledger& ledger, Faults& faults, const Patience& patience,
                             Timing timing, RunEvents& events, std::uint64_t seed)
    : ledger_(ledger),
      faults_(faults),
      patience_(patience),
      timing_(std::move(timing)),
      events_(events),
      random_(seed),
      breaker_(patience.breaker) {}

std::vector<Result<Booking>> GuardedLedger::apply(std::span<const Claim> group) {
  Answers answers(group.size());
  std::vector<std::size_t> pending(group.size());
  std::iota(pending.begin(), pending.end(), std::size_t{0});
  const Deadline deadline(timing_.now() + patience_.longest);
  for (unsigned attempt = 1; !pending.empty(); ++attempt) {
    try_group(group, admit(pending, answers), answers);
    std::erase_if(pending, [&](std::size_t i) { return !may_be_retried(answers[i]); });
    if (pending.empty() || attempt > patience_.retries) break;
    if (!wait_before_retry(attempt, deadline, answers[pending.front()]->error())) break;
  }
  std::vector<Result<Booking>> all;
  all.reserve(answers.size());
  for (auto& answer : answers) all.push_back(std::move(*answer));
  return all;
}

/// The claims that may go to the ledger; the others have their answer. A fault of the database is
/// each claim's own, as if each had its call.
std::vector<std::size_t> GuardedLedger::admit(const std::vector<std::size_t>& pending,
                                              Answers& answers) {
  const bool faulty = faults_.has(Stage::db);
  std::vector<std::size_t> admitted;
  admitted.reserve(pending.size());
  for (const std::size_t i : pending) {
    if ((faulty || i == pending.front()) && !breaker_.allow(timing_.now())) {
      answers[i].emplace(circuit_open());
      if (faulty) continue;
      for (const std::size_t rest : pending) answers[rest].emplace(answers[i]->error());
      return {};
    }
    if (faulty) {
      const auto call = settle([&] { return faults_.strike(Stage::db), true; });
      if (!call) {
        answers[i].emplace(call.error());
        failed(call.error());
        continue;
      }
      breaker_.succeeded(timing_.now());
    }
    admitted.push_back(i);
  }
  return admitted;
}

void GuardedLedger::try_group(std::span<const Claim> group,
                              const std::vector<std::size_t>& admitted, Answers& answers) {
  if (admitted.empty()) return;
  std::vector<Claim> claims;
  claims.reserve(admitted.size());
  for (const std::size_t i : admitted) claims.push_back(group[i]);
  auto applied = settle([&] { return ledger_.apply(claims); });
  if (applied) {
    succeeded();
    auto& bookings = applied.value();
    for (std::size_t i = 0; i < admitted.size(); ++i)
      answers[admitted[i]].emplace(std::move(bookings.at(i)));
    return;
  }
  const bool operational = problem_of(applied.error()).operational;
  if (!operational && admitted.size() > 1) {
    for (const std::size_t i : admitted) try_group(group, {i}, answers);
    return;
  }
  // A programmer error says nothing about the database.
  if (operational)
    failed(applied.error());
  else
    breaker_.cancelled(timing_.now());
  for (const std::size_t i : admitted) answers[i].emplace(applied.error());
}

bool GuardedLedger::keep_dead_letter(const DeadLetter& letter) {
  if (!breaker_.allow(timing_.now())) return false;
  const auto kept = settle([&] { return ledger_.keep_dead_letter(letter), true; });
  if (kept)
    succeeded();
  else
    failed(kept.error());
  return static_cast<bool>(kept);
}

bool GuardedLedger::wait_before_retry(unsigned attempt, Deadline deadline,
                                      const std::exception_ptr& error) {
  const auto wait = full_jitter(patience_.backoff, attempt, random_);
  const auto at = retry_at(timing_.now(), wait, {}, deadline, Clock::duration::zero());
  if (!at) return false;
  events_.emit(Retry{
      .what = "ledger", .attempt = attempt, .wait = wait, .detail = problem_of(error).detail});
  return timing_.pause(Deadline(*at));
}

void GuardedLedger::succeeded() {
  answered_ = true;
  why_never_.reset();
  breaker_.succeeded(timing_.now());
}

void GuardedLedger::failed(const std::exception_ptr& error) {
  if (!answered_) why_never_ = problem_of(error);
  breaker_.failed(timing_.now());
}

std::exception_ptr GuardedLedger::circuit_open() const {
  const auto now = timing_.now();
  const auto wait = std::chrono::ceil<std::chrono::seconds>(breaker_.opens_at(now) - now);
  return std::make_exception_ptr(DeliveryError(Problem{
      .status = 503,
      .type = "circuit-open",
      .title = "Database unavailable",
      .detail = "the database failed too often; it is left alone for a while",
      .retry_after_s = static_cast<std::uint64_t>(std::max<std::int64_t>(wait.count(), 1))}));
}

}  // namespace nodeops::webhook
