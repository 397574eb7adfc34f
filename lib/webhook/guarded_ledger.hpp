// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "observe/events.hpp"
#include "task/circuit_breaker.hpp"
#include "task/retry.hpp"
#include "webhook/fault.hpp"
#include "webhook/ledger.hpp"
#include "webhook/problem.hpp"

namespace nodeops::webhook {

/// How long and how often a ledger is asked that does not answer.
struct Patience {
  unsigned retries = 3;
  Backoff backoff = {};
  Clock::duration longest = std::chrono::seconds(60);  ///< all retries of one group
  CircuitBreaker::Options breaker = {};
};

/// What waits and what tells the time; tests bring their own.
struct Timing {
  std::function<Clock::time_point()> now;
  /// True when the time has come, false when the run was stopped before.
  std::function<bool(Deadline)> pause;
};

/// A ledger behind retries and a circuit breaker. A group that fails by a programmer error is
/// tried again one by one, so that one delivery does not take the others down.
class GuardedLedger {
 public:
  /// All must outlive it.
  GuardedLedger(Ledger& ledger, Faults& faults, const Patience& patience, Timing timing,
                RunEvents& events, std::uint64_t seed);

  /// One answer per claim, in order; never throws for what the ledger does. While the breaker is
  /// open: DeliveryError 503 circuit-open with the seconds until its next trial.
  std::vector<Result<Booking>> apply(std::span<const Claim> group);

  /// True when it is kept. One try: what cannot be kept is told so.
  bool keep_dead_letter(const DeadLetter& letter);

  /// Why the last call failed, if every one has; else empty.
  const std::optional<Problem>& never_answered() const { return why_never_; }

 private:
  using Answers = std::vector<std::optional<Result<Booking>>>;

  std::vector<std::size_t> admit(const std::vector<std::size_t>& pending, Answers& answers);
  void try_group(std::span<const Claim> group, const std::vector<std::size_t>& admitted,
                 Answers& answers);
  bool wait_before_retry(unsigned attempt, Deadline deadline, const std::exception_ptr& error);
  void succeeded();
  void failed(const std::exception_ptr& error);
  std::exception_ptr circuit_open() const;

  Ledger& ledger_;
  Faults& faults_;
  Patience patience_;
  Timing timing_;
  RunEvents& events_;
  SeededRandom random_;
  CircuitBreaker breaker_;
  bool answered_ = false;
  std::optional<Problem> why_never_;
};

}  // namespace nodeops::webhook
