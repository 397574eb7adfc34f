// SPDX-License-Identifier: MIT
#include "webhook/postgres_schema.hpp"

#include "core/error.hpp"
#include "core/result.hpp"
#include "webhook/ledger.hpp"

namespace nodeops::webhook {
namespace {

constexpr auto our_version = "1";

constexpr auto tables = R"(
CREATE TABLE ledger_version(version integer NOT NULL);
INSERT INTO ledger_version VALUES(1);
CREATE TABLE events(
  number bigint GENERATED ALWAYS AS IDENTITY, id text PRIMARY KEY, type text NOT NULL,
  account text NOT NULL, object_id text NOT NULL, payment_id text NOT NULL,
  created bigint NOT NULL, received_at bigint NOT NULL, fingerprint bytea NOT NULL,
  body bytea NOT NULL);
CREATE TABLE payments(
  id text PRIMARY KEY, event_id text NOT NULL, amount bigint NOT NULL CHECK(amount >= 0),
  currency text NOT NULL);
CREATE TABLE refunds(
  id text PRIMARY KEY, event_id text NOT NULL, payment_id text NOT NULL,
  amount bigint NOT NULL CHECK(amount >= 0), currency text NOT NULL);
CREATE TABLE outbox(
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event_id text NOT NULL,
  kind text NOT NULL, object_id text NOT NULL, amount bigint NOT NULL, currency text NOT NULL);
CREATE TABLE dead_letters(
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, digest bytea NOT NULL UNIQUE,
  event_id text NOT NULL, problem_type text NOT NULL, reason text NOT NULL, body bytea NOT NULL,
  headers text NOT NULL, at bigint NOT NULL, redrives integer NOT NULL DEFAULT 0,
  poison boolean NOT NULL DEFAULT false))";

bool is_ledger(store::Postgres& database) {
  const auto there = database.run("SELECT to_regclass('ledger_version')");
  if (!there.rows.at(0).at(0)) return false;
  const auto version = database.run("SELECT max(version) FROM ledger_version").rows.at(0).at(0);
  if (version == our_version) return true;
  throw AppError(ErrorKind::unavailable, "the ledger is of version " + version.value_or("none") +
                                             ", this program knows version " + our_version);
}

// Each stores an event if its id is new, and books what it moves, in one statement, that is in one
// snapshot's time. The last column is empty when another run has stored the id only just now.
constexpr auto claim =
    "WITH claimed AS (INSERT INTO events(id, type, account, object_id, payment_id, created,"
    " received_at, fingerprint, body) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    " ON CONFLICT (id) DO NOTHING RETURNING 1)";
constexpr auto found = ", (SELECT fingerprint = $8 FROM events WHERE id = $1)";

std::string claim_and_book(const std::string& kind, const std::string& insert) {
  return std::string(claim) + ", booked AS (" + insert +
         " FROM claimed ON CONFLICT (id) DO NOTHING RETURNING 1),"
         " told AS (INSERT INTO outbox(event_id, kind, object_id, amount, currency)"
         " SELECT $1::text, '" +
         kind +
         "', $4::text, $10::bigint, $11::text FROM booked)"
         " SELECT (SELECT count(*) FROM claimed), (SELECT count(*) FROM booked)" +
         found;
}

}  // namespace

void ready_postgres_schema(store::Postgres& database) {
  if (is_ledger(database)) return;
  // A number of ours: whoever makes the tables waits for whoever makes them. The lock comes before
  // the transaction, which would else go by what the server's caches said at its start.
  database.run("SELECT pg_advisory_lock(1852797036)");
  const auto made = settle([&] {
    // Several statements at once are one transaction.
    if (!is_ledger(database)) database.run(tables);
    return true;
  });
  if (database.usable()) database.run("SELECT pg_advisory_unlock(1852797036)");
  if (!made) std::rethrow_exception(made.error());
}

void prepare_postgres_statements(store::Postgres& database) {
  database.prepare("begin", "BEGIN ISOLATION LEVEL READ COMMITTED");
  database.prepare("claim",
                   std::string(claim) + " SELECT (SELECT count(*) FROM claimed), 1" + found);
  database.prepare("claim-payment",
                   claim_and_book("payment",
                                  "INSERT INTO payments(id, event_id, amount, currency)"
                                  " SELECT $4::text, $1::text, $10::bigint, $11::text"));
  database.prepare("claim-refund",
                   claim_and_book("refund",
                                  "INSERT INTO refunds(id, event_id, payment_id, amount, currency)"
                                  " SELECT $4::text, $1::text, $5::text, $10::bigint, $11::text"));
  database.prepare("find", "SELECT fingerprint = $2 FROM events WHERE id = $1");
  database.prepare("find-payment",
                   "SELECT 1 FROM payments WHERE id = $1 AND amount = $2 AND currency = $3");
  database.prepare("find-refund",
                   "SELECT 1 FROM refunds WHERE id = $1 AND amount = $2 AND currency = $3");
  database.prepare("savepoint", "SAVEPOINT one");
  database.prepare("release", "RELEASE one");
  database.prepare(
      "keep-letter",
      "INSERT INTO dead_letters(digest, event_id, problem_type, reason, body, headers, at)"
      " VALUES($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (digest) DO UPDATE SET"
      " problem_type = excluded.problem_type, reason = excluded.reason, at = excluded.at");
  database.prepare("letters",
                   "SELECT number, event_id, problem_type, reason, encode(body, 'hex'), headers,"
                   " at, redrives FROM dead_letters WHERE NOT poison AND number > $1"
                   " ORDER BY number LIMIT $2");
  database.prepare("applied", "DELETE FROM dead_letters WHERE number = $1");
  database.prepare("not-applied",
                   "UPDATE dead_letters SET redrives = redrives + 1, poison = redrives + 1 >= " +
                       std::to_string(poison_at) + " WHERE number = $1");
}

}  // namespace nodeops::webhook
