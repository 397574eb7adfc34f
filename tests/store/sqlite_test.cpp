// SPDX-License-Identifier: MIT
#include "store/sqlite.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "support/temporary_directory.hpp"

using namespace nodeops;
using namespace nodeops::store;
using namespace nodeops::test;
using namespace std::chrono_literals;

namespace {

StoreFailure failure(const std::function<void()>& call) {
  try {
    call();
  } catch (const StoreError& error) {
    return error.failure();
  }
  FAIL("nothing was thrown");
  return StoreFailure::misuse;
}

}  // namespace

TEST_CASE("values of every kind come back from SQLite as they went in") {
  const TemporaryDirectory place;
  Sqlite database(place / "x.db", 1s);
  database.run("CREATE TABLE t(n INTEGER, s TEXT, b BLOB)");
  auto put = database.prepare("INSERT INTO t VALUES(?, ?, ?)");
  put.bind(1, INT64_MIN).bind(2, std::string_view("é")).bind_bytes(3, {"\0x", 2}).run();
  CHECK(database.changes() == 1);
  put.bind(1, std::int64_t{1}).bind(2, std::string_view()).bind_bytes(3, {}).run();
  auto get = database.prepare("SELECT n, s, b, s IS NULL FROM t ORDER BY n");
  REQUIRE(get.step());
  CHECK(get.integer(0) == INT64_MIN);
  CHECK(get.text(1) == "é");
  CHECK(get.text(2) == std::string_view("\0x", 2));
  REQUIRE(get.step());
  CHECK(get.text(1).empty());
  CHECK(get.integer(3) == 0);
  CHECK_FALSE(get.step());
}

TEST_CASE("names that mean something else to SQLite are files here") {
  const TemporaryDirectory place;
  const auto here = std::filesystem::current_path();
  std::filesystem::current_path(place.path());
  for (const std::string name : {":memory:", "file:x.db?mode=memory", ":odd"})
    Sqlite(name, 1s).run("CREATE TABLE t(n)");
  std::filesystem::current_path(here);
  CHECK(place.names() == std::vector<std::string>{":memory:", ":odd", "file:x.db?mode=memory"});
}

TEST_CASE("what SQLite commits is synced") {
  const TemporaryDirectory place;
  Sqlite database(place / "x.db", 1s);
  auto synchronous = database.prepare("PRAGMA synchronous");
  REQUIRE(synchronous.step());
  CHECK(synchronous.integer(0) == 2);
  auto mode = database.prepare("PRAGMA journal_mode");
  REQUIRE(mode.step());
  CHECK(mode.text(0) == "wal");
}

TEST_CASE("SQLite's errors are told apart, and a statement goes on behind one") {
  const TemporaryDirectory place;
  Sqlite database(place / "x.db", 0ms);
  database.run("CREATE TABLE t(n INTEGER PRIMARY KEY)");
  auto put = database.prepare("INSERT INTO t VALUES(?)");
  put.bind(1, std::int64_t{1}).run();
  CHECK(failure([&] { put.bind(1, std::int64_t{1}).run(); }) == StoreFailure::refused);
  put.bind(1, std::int64_t{2}).run();
  CHECK(failure([&] { database.run("SELEC"); }) == StoreFailure::misuse);
  Sqlite other(place / "x.db", 0ms);
  other.run("BEGIN IMMEDIATE");
  CHECK(other.in_transaction());
  CHECK(failure([&] { database.run("BEGIN IMMEDIATE"); }) == StoreFailure::busy);
  CHECK(failure([&] { Sqlite(place / "no/x.db", 0ms); }) == StoreFailure::unavailable);
  place.write("text", std::string(5000, 'x'));
  CHECK(failure([&] { Sqlite(place / "text", 0ms); }) == StoreFailure::corrupt);
}

TEST_CASE("a stop ends the wait for a SQLite file that somebody else holds") {
  const TemporaryDirectory place;
  Sqlite holding(place / "x.db", 0ms);
  std::stop_source stop;
  Sqlite waiting(place / "x.db", 60min, stop.get_token());
  holding.run("CREATE TABLE t(n); BEGIN IMMEDIATE");
  stop.request_stop();
  CHECK(failure([&] { waiting.run("BEGIN IMMEDIATE"); }) == StoreFailure::busy);
}

TEST_CASE("a full disk leaves what was committed, and nothing of the rest") {
  const TemporaryDirectory place;
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    Sqlite database(place / "x.db", 1s);
    database.run("CREATE TABLE t(b); INSERT INTO t VALUES('kept')");
    const rlimit limit{.rlim_cur = 200000, .rlim_max = 200000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      database.run("BEGIN; INSERT INTO t VALUES(randomblob(1000000)); COMMIT");
    } catch (const StoreError& error) {
      const bool expected =
          error.failure() == StoreFailure::full || error.failure() == StoreFailure::unavailable;
      ::_exit(expected ? 7 : 8);
    }
    ::_exit(9);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WEXITSTATUS(status) == 7);
  Sqlite database(place / "x.db", 1s);
  auto rows = database.prepare("SELECT count(*), max(b) FROM t");
  REQUIRE(rows.step());
  CHECK(rows.integer(0) == 1);
  CHECK(rows.text(1) == "kept");
}
