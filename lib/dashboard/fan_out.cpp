// SPDX-License-Identifier: MIT
#include "dashboard/fan_out.hpp"

#include <algorithm>
#include <utility>

#include "core/units.hpp"

namespace nodeops::dashboard {
namespace {

// A retry with less time than this before it is cut off would only be load.
constexpr auto least_time_for_a_retry = std::chrono::milliseconds(5);

std::unique_ptr<SourceFailure> failure_of(std::string type, std::string title, int status,
                                          std::string detail) {
  return std::make_unique<SourceFailure>(SourceFailure{.type = std::move(type),
                                                       .title = std::move(title),
                                                       .status = status,
                                                       .detail = std::move(detail)});
}

}  // namespace

/// One source of one dashboard.
struct FanOut::Fetch {
  Flight* flight;
  std::size_t index;  ///< of the source
  std::unique_ptr<Request> request = nullptr;
  TimerId cutoff = 0;
  TimerId wait = 0;  ///< for a token, or until the next attempt
  Clock::duration waited{};
  Guard::Permit permit = 0;  ///< of a question that the breaker let through and has not come back
  std::unique_ptr<SourceFailure> failure = nullptr;  ///< of the last attempt
};

/// One dashboard on its way.
struct FanOut::Flight {
  FanOut* owner;
  Dashboard dashboard = {};
  Clock::time_point start = {};
  TimerId budget = 0;
  std::size_t pending = 0;  ///< sources that have not settled
  std::vector<Fetch> fetches = {};
};

FanOut::FanOut(Timers& timers, std::vector<PlannedSource>& sources, const Options& options,
               Settled settled)
    : timers_(timers),
      sources_(sources),
      options_(options),
      settled_(std::move(settled)),
      figures_(sources.size()) {}

FanOut::~FanOut() {
  for (const auto& flight : flights_) {
    timers_.cancel(flight->budget);
    for (const Fetch& fetch : flight->fetches) {
      timers_.cancel(fetch.cutoff);
      timers_.cancel(fetch.wait);
    }
  }
}

FanOut::Flight& FanOut::idle_flight() {
  if (idle_.empty()) {
    flights_.push_back(std::make_unique<Flight>(Flight{.owner = this}));
    idle_.push_back(flights_.back().get());
  }
  Flight& flight = *idle_.back();
  idle_.pop_back();
  ++in_flight_;
  return flight;
}

void FanOut::start(std::string user, std::uint64_t number) {
  Flight& flight = idle_flight();
  flight.start = timers_.now();
  flight.pending = sources_.size();
  flight.dashboard = Dashboard{.user = std::move(user), .number = number};
  flight.dashboard.outcomes.resize(sources_.size());
  flight.fetches.clear();
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    flight.fetches.push_back({.flight = &flight, .index = i});
  }
  flight.budget = timers_.after(options_.budget, [one = &flight] { one->owner->spend(*one); });
  for (Fetch& fetch : flight.fetches) {
    // The budget's timer cuts off whoever has all of it.
    if (sources_[fetch.index].plan.cutoff >= options_.budget) continue;
    fetch.cutoff = timers_.after(sources_[fetch.index].plan.cutoff,
                                 [one = &fetch] { one->flight->owner->cut(*one); });
  }
  // A source that is not even asked settles later: never from inside start().
  for (Fetch& fetch : flight.fetches) begin(fetch);
}

Clock::duration FanOut::wait_to_start() {
  Clock::duration longest{};
  for (PlannedSource& planned : sources_)
    longest = std::max(longest, planned.guard.expected_wait(timers_.now()));
  return longest;
}

PlannedSource& FanOut::source_of(const Fetch& fetch) {
  return sources_[fetch.index];
}

Outcome& FanOut::outcome_of(const Fetch& fetch) {
  return fetch.flight->dashboard.outcomes[fetch.index];
}

Deadline FanOut::deadline_of(const Fetch& fetch) {
  return Deadline(fetch.flight->start + std::min(source_of(fetch).plan.cutoff, options_.budget));
}

void FanOut::begin(Fetch& fetch) {
  Guard& guard = source_of(fetch).guard;
  const auto now = timers_.now();
  fetch.wait = 0;
  fetch.permit = guard.allow(now);
  if (fetch.permit == 0) {
    leave_alone(fetch, now);
    return;
  }
  if (outcome_of(fetch).attempts == 0) guard.called();
  const auto wait = guard.wait(now);
  if (wait == Clock::duration::zero()) {
    ask(fetch);
  } else {
    fetch.wait = timers_.at(now + wait, [one = &fetch] { one->flight->owner->ask(*one); });
  }
}

void FanOut::leave_alone(Fetch& fetch, Clock::time_point now) {
  // A retry that may not go leaves what the attempt before has failed of.
  if (fetch.failure) {
    settle(fetch, SourceStatus::error, std::move(fetch.failure));
    return;
  }
  const auto ready = source_of(fetch).guard.opens_at(now) - now;
  const auto detail = "its circuit breaker is open for another " + format_duration(ready);
  fetch.wait = timers_.at(now, [one = &fetch, detail] {
    one->flight->owner->settle(*one, SourceStatus::open,
                               failure_of("circuit-open", "Source left alone", 503, detail));
  });
}

void FanOut::ask(Fetch& fetch) {
  fetch.wait = 0;
  ++figures_.asked;
  if (++outcome_of(fetch).attempts > 1) ++figures_.of_source[fetch.index].retries;
  const Question question{.user = fetch.flight->dashboard.user,
                          .attempt = outcome_of(fetch).attempts,
                          .deadline = deadline_of(fetch)};
  fetch.request = source_of(fetch).source->ask(question, [one = &fetch](Answer answer) {
    one->flight->owner->answered(*one, std::move(answer));
  });
}

void FanOut::answered(Fetch& fetch, Answer answer) {
  // Kept until the end of this function: it is still on the stack.
  const auto request = std::move(fetch.request);
  const auto permit = std::exchange(fetch.permit, 0);
  Guard& guard = source_of(fetch).guard;
  if (!answer.failure) {
    guard.succeeded(timers_.now(), permit);
    outcome_of(fetch).json = std::move(answer.json);
    settle(fetch, SourceStatus::ok, nullptr);
    return;
  }
  if (!answer.failure->was_asked) {
    guard.give_back();
    guard.cancelled(timers_.now(), permit);
    --figures_.asked;
    if (outcome_of(fetch).attempts-- > 1) --figures_.of_source[fetch.index].retries;
  } else if (answer.failure->blames_source) {
    guard.failed(timers_.now(), permit);
  } else {
    guard.succeeded(timers_.now(), permit);
  }
  fetch.failure = std::move(answer.failure);
  if (!ask_again(fetch)) settle(fetch, SourceStatus::error, std::move(fetch.failure));
}

bool FanOut::ask_again(Fetch& fetch) {
  const SourceFailure& failure = *fetch.failure;
  const Outcome& outcome = outcome_of(fetch);
  PlannedSource& source = source_of(fetch);
  if (!failure.retryable || outcome.attempts > source.plan.retries) return false;
  SeededRandom random(
      mixed(fetch.flight->dashboard.user, options_.seed + fetch.index * 1000 + outcome.attempts));
  const auto wait = decorrelated_jitter(options_.backoff, fetch.waited, random);
  const auto time = retry_at(timers_.now(), wait, failure.asked_to_wait, deadline_of(fetch),
                             least_time_for_a_retry);
  // One that the breaker will hold back is none.
  if (!time || source.guard.opens_at(timers_.now()) > *time) return false;
  if (!source.guard.may_retry()) return false;
  if (options_.retrying) {
    options_.retrying({.source = fetch.index,
                       .attempt = outcome.attempts,
                       .wait = *time - timers_.now(),
                       .failure = failure});
  }
  fetch.waited = wait;
  fetch.wait = timers_.at(*time, [one = &fetch] { one->flight->owner->begin(*one); });
  return true;
}

void FanOut::cut(Fetch& fetch) {
  if (outcome_of(fetch).status != SourceStatus::pending) return;
  const Deadline due = deadline_of(fetch);
  figures_.overshoot.record(
      std::chrono::duration_cast<std::chrono::microseconds>(timers_.now() - due.at()));
  Guard& guard = source_of(fetch).guard;
  const auto permit = std::exchange(fetch.permit, 0);
  const bool waits_for_token = permit != 0 && !fetch.request;
  if (waits_for_token) {
    guard.give_back();
    guard.cancelled(timers_.now(), permit);
  } else if (permit != 0) {
    guard.failed(timers_.now(), permit);
  }
  const auto limit = format_duration(due.at() - fetch.flight->start);
  auto detail =
      (waits_for_token ? "its rate limit left no room within " : "no answer within ") + limit;
  if (fetch.failure) detail += "; the attempt before: " + fetch.failure->detail;
  settle(fetch, SourceStatus::timeout,
         failure_of("source-timeout", "Source timed out", 504, std::move(detail)));
}

void FanOut::spend(Flight& flight) {
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const bool last = flight.pending == 1;
    const bool settles = flight.dashboard.outcomes[i].status == SourceStatus::pending;
    cut(flight.fetches[i]);
    // The flight is another dashboard's from then on.
    if (last && settles) return;
  }
}

void FanOut::cancel_all() {
  for (const auto& flight : flights_) {
    for (std::size_t i = 0; flight->pending > 0 && i < sources_.size(); ++i) {
      Fetch& fetch = flight->fetches[i];
      if (outcome_of(fetch).status != SourceStatus::pending) continue;
      const auto permit = std::exchange(fetch.permit, 0);
      if (permit != 0) source_of(fetch).guard.cancelled(timers_.now(), permit);
      settle(fetch, SourceStatus::cancelled,
             failure_of("cancelled", "Run ended first", 499, "the run was interrupted"));
    }
  }
}

void FanOut::settle(Fetch& fetch, SourceStatus status, std::unique_ptr<SourceFailure> failure) {
  Flight& flight = *fetch.flight;
  Outcome& outcome = outcome_of(fetch);
  if (fetch.request) {
    ++figures_.cancelled;
    fetch.request.reset();
  }
  timers_.cancel(std::exchange(fetch.cutoff, 0));
  timers_.cancel(std::exchange(fetch.wait, 0));
  outcome.status = status;
  outcome.elapsed = timers_.now() - flight.start;
  outcome.failure = std::move(failure);
  figures_.count(fetch.index, outcome);
  if (--flight.pending == 0) put_together(flight);
}

void FanOut::put_together(Flight& flight) {
  timers_.cancel(std::exchange(flight.budget, 0));
  Dashboard& dashboard = flight.dashboard;
  dashboard.elapsed = timers_.now() - flight.start;
  dashboard.status = DashboardStatus::complete;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (dashboard.outcomes[i].status == SourceStatus::ok) continue;
    if (sources_[i].plan.required) {
      dashboard.status = DashboardStatus::failed;
      break;
    }
    dashboard.status = DashboardStatus::partial;
  }
  --in_flight_;
  idle_.push_back(&flight);
  settled_(std::exchange(dashboard, Dashboard{}));
}

std::size_t FanOut::reaping() const {
  std::size_t total = 0;
  for (const PlannedSource& planned : sources_) total += planned.source->reaping();
  return total;
}

}  // namespace nodeops::dashboard
