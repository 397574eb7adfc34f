// SPDX-License-Identifier: MIT
#include "webhook/postgres_ledger.hpp"

#include <algorithm>
#include <numeric>
#include <random>
#include <stdexcept>

#include "stream/digest.hpp"
#include "task/pause.hpp"
#include "task/retry.hpp"
#include "webhook/ledger_failure.hpp"
#include "webhook/postgres_schema.hpp"

namespace nodeops::webhook {
namespace {

using store::PostgresCall;
using store::PostgresRows;
using store::StoreError;
using store::StoreFailure;

std::string_view bytes_of(const std::array<std::byte, 32>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool moves_money(const Event& event) {
  return event.effect == Effect::payment || event.effect == Effect::refund;
}

PostgresCall claim_call(const Claim& claim) {
  const Event& event = *claim.event;
  PostgresCall call(event.effect == Effect::payment  ? "claim-payment"
                    : event.effect == Effect::refund ? "claim-refund"
                                                     : "claim");
  call.with(event.id).with(event.type).with(event.account).with(event.object_id);
  call.with(event.payment_id).with(event.created).with(claim.received_at);
  call.with(bytes_of(event.fingerprint)).with(claim.body);
  if (moves_money(event)) call.with(event.amount).with(event.currency);
  return call;
}

}  // namespace

PostgresLedger::PostgresLedger(std::string address, LedgerOptions options)
    : address_(std::move(address)), options_(std::move(options)) {
  database();
}

void PostgresLedger::strike(std::string_view point) const {
  if (options_.points) options_.points(point);
}

store::Postgres& PostgresLedger::database() {
  if (database_ && database_->usable()) return *database_;
  database_.reset();
  auto made = std::make_unique<store::Postgres>(
      address_, store::PostgresWaits{.connect = options_.answer_wait,
                                     .answer = options_.answer_wait,
                                     .lock = options_.busy_wait,
                                     .stop = options_.stop});
  ready_postgres_schema(*made);
  prepare_postgres_statements(*made);
  database_ = std::move(made);
  return *database_;
}

PostgresRows PostgresLedger::call(const PostgresCall& call) {
  auto answers = database_->run({&call, 1});
  if (answers.failure) throw *answers.failure;
  return std::move(answers.answers.at(0));
}

/// Outside a transaction. Twice, when the first try finds that the connection was lost meanwhile:
/// what is called so may be called twice.
PostgresRows PostgresLedger::call_again(const PostgresCall& once) {
  const bool is_old = database_ != nullptr;
  database();
  auto answered = settle([&] { return call(once); });
  if (!answered && is_old && store_failure(answered.error()) == StoreFailure::unavailable) {
    database();
    answered = settle([&] { return call(once); });
  }
  return std::move(answered.value());
}

/// Rows are locked in the order of the ids, so that two runs with the same events do not stand in
/// each other's way crosswise. What does is tried again.
std::vector<Result<Booking>> PostgresLedger::apply(std::span<const Claim> claims) {
  Group group{.claims = claims};
  group.order.resize(claims.size());
  std::iota(group.order.begin(), group.order.end(), std::size_t{0});
  std::stable_sort(group.order.begin(), group.order.end(), [&](std::size_t one, std::size_t other) {
    return claims[one].event->id < claims[other].event->id;
  });
  SeededRandom random(std::random_device{}());
  const Deadline deadline = Deadline::after(options_.answer_wait + options_.busy_wait);
  bool each_alone = static_cast<bool>(options_.points);
  bool is_old = database_ != nullptr;
  for (unsigned attempt = 1;; ++attempt) {
    const auto applied = settle([&] { return try_all(group, each_alone), true; });
    if (applied) break;
    const auto failure = store_failure(applied.error());
    const bool unknown = group.committing && failure == StoreFailure::unavailable;
    roll_back();
    if (unknown) {
      const auto looked_up = settle([&] { return is_stored(group); });
      if (!looked_up) std::rethrow_exception(for_senders(looked_up.error()));
      if (Result<bool> stored = looked_up; stored.value()) break;
      is_old = true;
    }
    const bool may_be_one =
        !failure || *failure == StoreFailure::busy || is_of_one_event(applied.error());
    const bool reconnects = failure == StoreFailure::unavailable && std::exchange(is_old, false);
    const bool crossed = failure == StoreFailure::crossed;
    const bool alone_helps = may_be_one && !each_alone && !group.committing;
    if (!(crossed || reconnects || alone_helps) || deadline.passed())
      std::rethrow_exception(for_senders(applied.error()));
    each_alone = each_alone || alone_helps;
    if (crossed && !pause_until(Deadline::after(full_jitter({}, attempt, random)), options_.stop))
      std::rethrow_exception(for_senders(applied.error()));
  }
  std::vector<Result<Booking>> bookings;
  bookings.reserve(claims.size());
  for (auto& booking : group.bookings) bookings.push_back(std::move(booking.value()));
  return bookings;
}

void PostgresLedger::try_all(Group& group, bool each_alone) {
  group.bookings.assign(group.claims.size(), std::nullopt);
  group.stored.clear();
  group.committing = false;
  database();
  if (each_alone)
    book_each(group);
  else
    book_together(group);
  strike("before-commit");
  group.committing = true;
  database_->run("COMMIT");
  strike("after-commit");
}

/// All events in one pipeline: two round trips for a group.
void PostgresLedger::book_together(Group& group) {
  std::vector<PostgresCall> calls;
  calls.reserve(group.claims.size() + 1);
  calls.emplace_back("begin");
  for (const std::size_t place : group.order) calls.push_back(claim_call(group.claims[place]));
  const auto answers = database_->run(calls);
  if (answers.failure) throw *answers.failure;
  for (std::size_t i = 0; i < group.order.size(); ++i) {
    const std::size_t place = group.order[i];
    group.bookings[place].emplace(booking_of(group, place, answers.answers.at(i + 1)));
  }
}

void PostgresLedger::book_each(Group& group) {
  call(PostgresCall("begin"));
  for (const std::size_t place : group.order)
    group.bookings[place].emplace(book_alone(group, place));
}

/// Takes back what a failing event has done, and no more. One that another run holds for longer
/// than we may wait is in flight; nobody can say yet what becomes of it.
Result<Booking> PostgresLedger::book_alone(Group& group, std::size_t place) {
  call(PostgresCall("savepoint"));
  auto booked = settle([&] {
    strike("claim");
    return booking_of(group, place, call(claim_call(group.claims[place])));
  });
  if (!booked) {
    const bool held = store_failure(booked.error()) == StoreFailure::busy;
    if (!held && !is_of_one_event(booked.error())) std::rethrow_exception(booked.error());
    std::erase(group.stored, place);
    database_->run("ROLLBACK TO one");
    // The rest of the group does not wait as long again.
    if (held) database_->run("SET LOCAL lock_timeout = 50");
    booked =
        held ? Result<Booking>(Booking::in_flight) : Result<Booking>(for_senders(booked.error()));
  }
  call(PostgresCall("release"));
  return booked;
}

Booking PostgresLedger::booking_of(Group& group, std::size_t place, const PostgresRows& answer) {
  const Claim& claim = group.claims[place];
  const auto& row = answer.rows.at(0);
  if (row.at(0) == "1") {
    group.stored.push_back(place);
    strike("apply");
    if (claim.event->effect == Effect::ignored) return Booking::ignored;
    if (row.at(1) == "1") return Booking::processed;
    return is_booked_so(*claim.event) ? Booking::duplicate : Booking::disagreeing;
  }
  auto same = row.at(2);
  if (!same) {
    PostgresCall find("find");
    find.with(claim.event->id).with(bytes_of(claim.event->fingerprint));
    const auto found = call(find);
    if (found.rows.empty()) throw StoreError(StoreFailure::crossed, "an event came and went");
    same = found.rows[0].at(0);
  }
  return same == "t" ? Booking::duplicate : Booking::conflict;
}

/// True when what another event has booked is the same money.
bool PostgresLedger::is_booked_so(const Event& event) {
  PostgresCall find(event.effect == Effect::payment ? "find-payment" : "find-refund");
  find.with(event.object_id).with(event.amount).with(event.currency);
  return !call(find).rows.empty();
}

/// After a connection that was lost during COMMIT: true when all that the group has stored is
/// there. It is one transaction: either all of it is, or this run has stored nothing.
bool PostgresLedger::is_stored(const Group& group) {
  const auto deadline = Deadline::after(options_.answer_wait);
  SeededRandom random(std::random_device{}());
  for (unsigned attempt = 1;; ++attempt) {
    const auto connected = settle([&] { return database(), true; });
    if (connected) break;
    const auto next = Deadline::after(full_jitter({}, attempt, random)).sooner(deadline);
    if (deadline.passed() || !pause_until(next, options_.stop))
      std::rethrow_exception(connected.error());
  }
  for (const std::size_t place : group.stored) {
    const Event& event = *group.claims[place].event;
    PostgresCall find("find");
    const auto found = call(find.with(event.id).with(bytes_of(event.fingerprint)));
    if (found.rows.empty() || found.rows[0].at(0) != "t") return false;
  }
  return true;
}

void PostgresLedger::roll_back() {
  if (!database_) return;
  if (database_->usable() && database_->in_transaction())
    settle([&] { return database_->run("ROLLBACK"), true; });
  if (!database_->usable() || database_->in_transaction()) database_.reset();
}

}  // namespace nodeops::webhook
