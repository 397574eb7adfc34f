// SPDX-License-Identifier: MIT
// What SQLite alone takes for the rows of a ledger: a loop of prepared inserts, nothing parsed or
// checked, and so many rows a durable commit:
//   bare_ledger FILE.db PER-COMMIT < EVENTS.ndjson
#include <sqlite3.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

namespace {

sqlite3* database = nullptr;

void require(int code) {
  if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
  std::fprintf(stderr, "bare_ledger: %s\n", sqlite3_errmsg(database));
  std::exit(1);
}

void run(const char* statements) {
  require(sqlite3_exec(database, statements, nullptr, nullptr, nullptr));
}

sqlite3_stmt* prepare(const char* text) {
  sqlite3_stmt* statement = nullptr;
  require(sqlite3_prepare_v2(database, text, -1, &statement, nullptr));
  return statement;
}

void insert(sqlite3_stmt* statement, const std::vector<std::string_view>& values) {
  int place = 0;
  for (const auto value : values)
    sqlite3_bind_text64(statement, ++place, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
  require(sqlite3_step(statement));
  sqlite3_reset(statement);
}

/// What stands between `start` and the next quote.
std::string_view after(const std::string& line, std::string_view start) {
  const auto at = line.find(start) + start.size();
  return std::string_view(line).substr(at, line.find('"', at) - at);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  const auto per_commit = std::strtoul(arguments[2], nullptr, 10);
  require(sqlite3_open(arguments[1], &database));
  run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4096;"
      "PRAGMA cache_size=-16384;"
      "CREATE TABLE events(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT,"
      " fingerprint BLOB, body BLOB);"
      "CREATE TABLE payments(id TEXT PRIMARY KEY, event_id TEXT, amount INTEGER) WITHOUT ROWID;"
      "CREATE TABLE outbox(number INTEGER PRIMARY KEY, event_id TEXT, object_id TEXT)");
  sqlite3_stmt* const event =
      prepare("INSERT INTO events(id, type, fingerprint, body) VALUES(?, ?, ?, ?)");
  sqlite3_stmt* const payment = prepare("INSERT INTO payments VALUES(?, ?, ?)");
  sqlite3_stmt* const outbox = prepare("INSERT INTO outbox(event_id, object_id) VALUES(?, ?)");
  std::ios::sync_with_stdio(false);
  unsigned long rows = 0;
  for (std::string line; std::getline(std::cin, line); ++rows) {
    if (rows % per_commit == 0) run(rows == 0 ? "BEGIN" : "COMMIT; BEGIN");
    const auto id = after(line, "\"id\":\"");
    const auto object = after(line, "\"object\":{\"id\":\"");
    insert(event, {id, after(line, "\"type\":\""), std::string_view(line).substr(0, 32), line});
    if (object.starts_with("cus_")) continue;
    insert(payment, {object, id, "100"});
    insert(outbox, {id, object});
  }
  run("COMMIT");
  std::printf("%lu\n", rows);
  sqlite3_close(database);
  return 0;
}
