// SPDX-License-Identifier: MIT
#include "webhook/sqlite_ledger.hpp"

#include "core/error.hpp"
#include "stream/digest.hpp"
#include "webhook/problem.hpp"

namespace nodeops::webhook {
namespace {

constexpr auto schema = R"(
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS events(
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, account TEXT NOT NULL,
  object_id TEXT NOT NULL, created INTEGER NOT NULL, received_at INTEGER NOT NULL,
  fingerprint BLOB NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS payments(
  id TEXT PRIMARY KEY, event_id TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refunds(
  id TEXT PRIMARY KEY, event_id TEXT NOT NULL, payment_id TEXT NOT NULL, amount INTEGER NOT NULL,
  currency TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox(
  number INTEGER PRIMARY KEY, event_id TEXT NOT NULL, kind TEXT NOT NULL, object_id TEXT NOT NULL,
  amount INTEGER NOT NULL, currency TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS dead_letters(
  number INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, event_id TEXT NOT NULL,
  problem_type TEXT NOT NULL, reason TEXT NOT NULL, body BLOB NOT NULL, headers TEXT NOT NULL,
  at INTEGER NOT NULL, redrives INTEGER NOT NULL DEFAULT 0, poison INTEGER NOT NULL DEFAULT 0);
COMMIT)";

constexpr unsigned poison_at = 5;

/// What a sender is told of an error of the database.
[[noreturn]] void throw_unavailable(const store::StoreError& error) {
  if (error.failure() == store::StoreFailure::misuse) throw std::logic_error(error.what());
  constexpr int unavailable = 503;
  throw DeliveryError(Problem{.status = unavailable,
                              .type = "database-unavailable",
                              .title = "Database unavailable",
                              .detail = error.what(),
                              .retryable = error.failure() != store::StoreFailure::full});
}

template <class Call>
auto translated(Call&& call) {
  try {
    return call();
  } catch (const store::StoreError& error) {
    throw_unavailable(error);
  }
}

std::string_view bytes_of(const std::array<std::byte, 32>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

SqliteLedger::Statements::Statements(store::Sqlite& database)
    : begin(database.prepare("BEGIN IMMEDIATE")),
      commit(database.prepare("COMMIT")),
      rollback(database.prepare("ROLLBACK")),
      insert_event(database.prepare("INSERT INTO events(id, type, account, object_id, created, "
                                    "received_at, fingerprint, body)"
                                    " VALUES(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO NOTHING")),
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
    : options_(std::move(options)), database_(path, options_.busy_wait) {
  database_.run(schema);
  statements_ = std::make_unique<Statements>(database_);
}

void SqliteLedger::strike(std::string_view point) const {
  if (options_.points) options_.points(point);
}

std::vector<Result<Booking>> SqliteLedger::apply(std::span<const Claim> group) {
  std::vector<Result<Booking>> bookings;
  bookings.reserve(group.size());
  const auto applied =
      settle([&] { return translated([&] { return apply_all(group, bookings), true; }); });
  if (applied) return bookings;
  if (database_.in_transaction()) settle([&] { return statements_->rollback.run(), true; });
  std::rethrow_exception(applied.error());
}

void SqliteLedger::apply_all(std::span<const Claim> group, std::vector<Result<Booking>>& bookings) {
  statements_->begin.run();
  for (const Claim& claim : group) bookings.emplace_back(book(claim));
  strike("before-commit");
  statements_->commit.run();
  strike("after-commit");
}

Booking SqliteLedger::book(const Claim& claim) {
  const Event& event = *claim.event;
  statements_->insert_event.bind(1, event.id)
      .bind(2, event.type)
      .bind(3, event.account)
      .bind(4, event.object_id)
      .bind(5, event.created)
      .bind(6, claim.received_at)
      .bind_bytes(7, bytes_of(event.fingerprint))
      .bind_bytes(8, claim.body)
      .run();
  if (database_.changes() == 0) return look_up(event);
  strike("apply");
  if (event.effect == Effect::ignored) return Booking::ignored;
  if (event.effect == Effect::linked) return Booking::processed;
  return book_money(event) ? Booking::processed : Booking::duplicate;
}

Booking SqliteLedger::look_up(const Event& event) {
  auto& find = statements_->find_event.bind(1, event.id);
  if (!find.step()) throw std::logic_error("an event that was there has gone");
  const bool same = find.text(0) == bytes_of(event.fingerprint);
  find.reset();
  return same ? Booking::duplicate : Booking::conflict;
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

void SqliteLedger::keep_dead_letter(const DeadLetter& letter) {
  const auto digest = sha256(letter.body);
  translated([&] {
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
  return translated([&] {
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
  translated([&] {
    auto change = database_.prepare(
        applied ? "DELETE FROM dead_letters WHERE number = ?"
                : "UPDATE dead_letters SET redrives = redrives + 1, poison = redrives + 1 >= " +
                      std::to_string(poison_at) + " WHERE number = ?");
    change.bind(1, number).run();
    return true;
  });
}

LedgerTotals SqliteLedger::totals() {
  return translated([&] {
    LedgerTotals totals;
    auto events = database_.prepare("SELECT count(*) FROM events");
    if (events.step()) totals.events = static_cast<std::uint64_t>(events.integer(0));
    const auto sums = [&](const std::string& table, std::uint64_t& count, auto& amounts) {
      auto select = database_.prepare("SELECT currency, count(*), sum(amount) FROM " + table +
                                      " GROUP BY currency");
      while (select.step()) {
        count += static_cast<std::uint64_t>(select.integer(1));
        amounts[std::string(select.text(0))] = select.integer(2);
      }
    };
    sums("payments", totals.payments, totals.succeeded);
    sums("refunds", totals.refunds, totals.refunded);
    return totals;
  });
}

std::unique_ptr<Ledger> open_ledger(const std::string& address, LedgerOptions options) {
  constexpr std::string_view sqlite = "sqlite:";
  if (!address.starts_with(sqlite) || address.size() == sqlite.size())
    throw AppError(ErrorKind::usage,
                   "--ledger: '" + address + "' is not allowed; allowed: sqlite:FILE");
  const std::string path = address.substr(sqlite.size());
  try {
    return std::make_unique<SqliteLedger>(path, std::move(options));
  } catch (const store::StoreError& error) {
    throw AppError(ErrorKind::unavailable, path + ": cannot open the ledger: " + error.what());
  }
}

}  // namespace nodeops::webhook
