// SPDX-License-Identifier: MIT
#include "webhook/sqlite_ledger.hpp"

#include "stream/digest.hpp"
#include "webhook/ledger_failure.hpp"
#include "webhook/ledger_sum.hpp"
#include "webhook/sqlite_schema.hpp"

namespace nodeops::webhook {
namespace {

std::string_view bytes_of(const std::array<std::byte, 32>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

SqliteLedger::Statements::Statements(store::Sqlite& database)
    : begin(database.prepare("BEGIN IMMEDIATE")),
      commit(database.prepare("COMMIT")),
      rollback(database.prepare("ROLLBACK")),
      savepoint(database.prepare("SAVEPOINT one")),
      roll_back_to(database.prepare("ROLLBACK TO one")),
      release(database.prepare("RELEASE one")),
      insert_event(
          database.prepare("INSERT INTO events(id, type, account, object_id, "
                           "payment_id, created, received_at, fingerprint, body)"
                           " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO NOTHING")),
      find_event(database.prepare("SELECT fingerprint FROM events WHERE id = ?")),
      insert_payment(
          database.prepare("INSERT INTO payments(id, event_id, amount, currency) VALUES(?, ?, ?, ?)"
                           " ON CONFLICT(id) DO NOTHING")),
      insert_refund(database.prepare(
          "INSERT INTO refunds(id, event_id, amount, currency, payment_id) VALUES(?, ?, ?, ?, ?)"
          " ON CONFLICT(id) DO NOTHING")),
      insert_outbox(database.prepare(
          "INSERT INTO outbox(event_id, kind, object_id, amount, currency) VALUES(?, ?, ?, ?, ?)")),
      keep_letter(database.prepare(
          "INSERT INTO dead_letters(digest, event_id, problem_type, reason, body, headers, at)"
          " VALUES(?, ?, ?, ?, ?, ?, ?) ON CONFLICT(digest) DO UPDATE SET"
          " problem_type = excluded.problem_type, reason = excluded.reason, at = excluded.at")) {}

SqliteLedger::SqliteLedger(const std::string& path, LedgerOptions options)
    : options_(std::move(options)),
      database_(sqlite_ledger_file(path), options_.busy_wait, options_.stop) {
  ready_sqlite_schema(database_);
  statements_ = std::make_unique<Statements>(database_);
}

void SqliteLedger::strike(std::string_view point) const {
  if (options_.points) options_.points(point);
}

/// A savepoint for each event costs a fifth of the speed. So there are none, until one event fails
/// by itself: then the group is taken back and applied again, each event alone.
std::vector<Result<Booking>> SqliteLedger::apply(std::span<const Claim> group) {
  const bool each_alone = static_cast<bool>(options_.points);
  auto applied = try_all(group, each_alone);
  if (!applied && !each_alone && is_of_one_event(applied.error())) applied = try_all(group, true);
  return told([&] { return std::move(applied.value()); });
}

Result<std::vector<Result<Booking>>> SqliteLedger::try_all(std::span<const Claim> group,
                                                           bool each_alone) {
  auto applied = settle([&] { return apply_all(group, each_alone); });
  if (!applied && database_.in_transaction())
    settle([&] { return statements_->rollback.run(), true; });
  return applied;
}

std::vector<Result<Booking>> SqliteLedger::apply_all(std::span<const Claim> group,
                                                     bool each_alone) {
  std::vector<Result<Booking>> bookings;
  bookings.reserve(group.size());
  statements_->begin.run();
  for (const Claim& claim : group)
    bookings.push_back(each_alone ? book_alone(claim) : Result<Booking>(book(claim)));
  strike("before-commit");
  statements_->commit.run();
  strike("after-commit");
  return bookings;
}

/// Takes back what a failing event has done, and no more.
Result<Booking> SqliteLedger::book_alone(const Claim& claim) {
  statements_->savepoint.run();
  auto booked = settle([&] { return book(claim); });
  if (!booked) {
    if (!is_of_one_event(booked.error())) std::rethrow_exception(booked.error());
    statements_->roll_back_to.run();
    booked = for_senders(booked.error());
  }
  statements_->release.run();
  return booked;
}

Booking SqliteLedger::book(const Claim& claim) {
  const Event& event = *claim.event;
  strike("claim");
  // Redeliveries come in rows: looking up is cheaper than an insert that finds its id there. The
  // transaction holds the write lock, so nobody comes between.
  if (repeating_)
    if (const auto known = look_up(event)) return *known;
  statements_->insert_event.bind(1, event.id)
      .bind(2, event.type)
      .bind(3, event.account)
      .bind(4, event.object_id)
      .bind(5, event.payment_id)
      .bind(6, event.created)
      .bind(7, claim.received_at)
      .bind_bytes(8, bytes_of(event.fingerprint))
      .bind_bytes(9, claim.body)
      .run();
  repeating_ = database_.changes() == 0;
  if (repeating_) return look_up(event).value();
  strike("apply");
  if (event.effect == Effect::ignored) return Booking::ignored;
  if (event.effect == Effect::linked) return Booking::processed;
  if (book_money(event)) return Booking::processed;
  return is_booked_so(event) ? Booking::duplicate : Booking::disagreeing;
}

/// Empty when its id is not there.
std::optional<Booking> SqliteLedger::look_up(const Event& event) {
  auto& find = statements_->find_event.bind(1, event.id);
  std::optional<Booking> known;
  if (find.step())
    known = find.text(0) == bytes_of(event.fingerprint) ? Booking::duplicate : Booking::conflict;
  find.reset();
  return known;
}

/// False when its payment or refund was booked by another event.
bool SqliteLedger::book_money(const Event& event) {
  const bool is_payment = event.effect == Effect::payment;
  auto& insert = is_payment ? statements_->insert_payment : statements_->insert_refund;
  insert.bind(1, event.object_id)
      .bind(2, event.id)
      .bind(3, event.amount)
      .bind(4, std::string_view(event.currency));
  if (!is_payment) insert.bind(5, event.payment_id);
  insert.run();
  if (database_.changes() == 0) return false;
  statements_->insert_outbox.bind(1, event.id)
      .bind(2, std::string_view(is_payment ? "payment" : "refund"))
      .bind(3, event.object_id)
      .bind(4, event.amount)
      .bind(5, event.currency)
      .run();
  return true;
}

/// True when what another event has booked is the same money.
bool SqliteLedger::is_booked_so(const Event& event) {
  const char* const table = event.effect == Effect::payment ? "payments" : "refunds";
  auto select = database_.prepare(std::string("SELECT count(*) FROM ") + table +
                                  " WHERE id = ? AND amount = ? AND currency = ?");
  select.bind(1, event.object_id).bind(2, event.amount).bind(3, std::string_view(event.currency));
  return select.step() && select.integer(0) == 1;
}

void SqliteLedger::keep_dead_letter(const DeadLetter& letter) {
  const auto digest = sha256(letter.body);
  told([&] {
    statements_->keep_letter.bind_bytes(1, bytes_of(digest))
        .bind(2, letter.event_id)
        .bind(3, letter.problem_type)
        .bind(4, letter.reason)
        .bind_bytes(5, letter.body)
        .bind(6, letter.headers_json)
        .bind(7, letter.at)
        .run();
    return true;
  });
}

std::vector<DeadLetter> SqliteLedger::dead_letters(std::int64_t after, std::size_t most) {
  return told([&] {
    auto select = database_.prepare(
        "SELECT number, event_id, problem_type, reason, body, headers, at, redrives"
        " FROM dead_letters WHERE poison = 0 AND number > ? ORDER BY number LIMIT ?");
    select.bind(1, after).bind(2, static_cast<std::int64_t>(most));
    std::vector<DeadLetter> letters;
    while (select.step()) {
      letters.push_back({.event_id = std::string(select.text(1)),
                         .problem_type = std::string(select.text(2)),
                         .reason = std::string(select.text(3)),
                         .body = std::string(select.text(4)),
                         .headers_json = std::string(select.text(5)),
                         .at = select.integer(6),
                         .redrives = static_cast<unsigned>(select.integer(7)),
                         .number = select.integer(0)});
    }
    return letters;
  });
}

void SqliteLedger::redriven(std::int64_t number, bool applied) {
  told([&] {
    auto change = database_.prepare(
        applied ? "DELETE FROM dead_letters WHERE number = ?"
                : "UPDATE dead_letters SET redrives = redrives + 1, poison = redrives + 1 >= " +
                      std::to_string(poison_at) + " WHERE number = ?");
    change.bind(1, number).run();
    return true;
  });
}

LedgerTotals SqliteLedger::totals() {
  return told([&] {
    LedgerTotals totals;
    auto events = database_.prepare("SELECT count(*) FROM events");
    events.step();
    totals.events = static_cast<std::uint64_t>(events.integer(0));
    const auto sums = [&](const std::string& table, std::uint64_t& count, auto& amounts) {
      // In two halves, because SQLite's sum stops at 64 bits.
      auto select = database_.prepare(
          "SELECT currency, count(*), sum(amount >> 32), sum(amount & 4294967295) FROM " + table +
          " GROUP BY currency");
      while (select.step()) {
        const std::string currency(select.text(0));
        count += static_cast<std::uint64_t>(select.integer(1));
        amounts[currency] = ledger_sum(select.integer(2), select.integer(3), currency);
      }
    };
    sums("payments", totals.payments, totals.succeeded);
    sums("refunds", totals.refunds, totals.refunded);
    return totals;
  });
}

}  // namespace nodeops::webhook
