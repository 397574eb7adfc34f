// SPDX-License-Identifier: MIT
#include "webhook/sqlite_schema.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "core/error.hpp"
#include "core/result.hpp"

namespace nodeops::webhook {
namespace {

// application_id: "nopl".
constexpr std::int64_t our_application = 0x6e6f706c;
constexpr std::int64_t our_version = 1;

// The bodies are in a table that is only appended to; its index by id is small.
constexpr auto tables = R"(
CREATE TABLE events(
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, account TEXT NOT NULL,
  object_id TEXT NOT NULL, payment_id TEXT NOT NULL, created INTEGER NOT NULL,
  received_at INTEGER NOT NULL, fingerprint BLOB NOT NULL, body BLOB NOT NULL);
CREATE TABLE payments(
  id TEXT PRIMARY KEY, event_id TEXT NOT NULL, amount INTEGER NOT NULL CHECK(amount >= 0),
  currency TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE refunds(
  id TEXT PRIMARY KEY, event_id TEXT NOT NULL, payment_id TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK(amount >= 0), currency TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE outbox(
  number INTEGER PRIMARY KEY, event_id TEXT NOT NULL, kind TEXT NOT NULL, object_id TEXT NOT NULL,
  amount INTEGER NOT NULL, currency TEXT NOT NULL);
CREATE TABLE dead_letters(
  number INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, event_id TEXT NOT NULL,
  problem_type TEXT NOT NULL, reason TEXT NOT NULL, body BLOB NOT NULL, headers TEXT NOT NULL,
  at INTEGER NOT NULL, redrives INTEGER NOT NULL DEFAULT 0, poison INTEGER NOT NULL DEFAULT 0))";

std::int64_t number(store::Sqlite& database, const char* query) {
  auto select = database.prepare(query);
  select.step();
  return select.integer(0);
}

/// False when there is nothing in it yet.
bool is_ledger(store::Sqlite& database) {
  const auto application = number(database, "PRAGMA application_id");
  const auto version = number(database, "PRAGMA user_version");
  if (application == our_application && version == our_version) return true;
  if (application == our_application)
    throw AppError(ErrorKind::unavailable, "the ledger is of version " + std::to_string(version) +
                                               ", this program knows version " +
                                               std::to_string(our_version));
  if (number(database, "SELECT count(*) FROM sqlite_master") == 0) return false;
  throw AppError(ErrorKind::unavailable, "the database is no ledger of nodeops");
}

/// Takes back what a failure leaves, and throws it.
template <class Work>
auto in_transaction(store::Sqlite& database, const char* begin, Work work) {
  database.run(begin);
  auto done = settle([&] {
    const auto result = work();
    database.run("COMMIT");
    return result;
  });
  if (!done && database.in_transaction()) settle([&] { return database.run("ROLLBACK"), true; });
  return done.value();
}

void make(store::Sqlite& database) {
  // Another run may have been faster.
  if (is_ledger(database)) return;
  database.run(tables);
  database.run("PRAGMA application_id = " + std::to_string(our_application) +
               "; PRAGMA user_version = " + std::to_string(our_version));
}

}  // namespace

const std::string& sqlite_ledger_file(const std::string& path) {
  // SQLite says what is wrong when this fails.
  const int made = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (made >= 0) ::close(made);
  return path;
}

void ready_sqlite_schema(store::Sqlite& database) {
  // At one moment: another run may be making it.
  if (in_transaction(database, "BEGIN", [&] { return is_ledger(database); })) return;
  in_transaction(database, "BEGIN IMMEDIATE", [&] { return make(database), true; });
}

}  // namespace nodeops::webhook
