// SPDX-License-Identifier: MIT
#include "store/postgres.hpp"

#include <doctest/doctest.h>

#include "support/postgres_server.hpp"
#include "support/tcp_proxy.hpp"

using namespace nodeops;
using namespace nodeops::store;
using namespace nodeops::test;
using namespace std::chrono_literals;

namespace {

StoreFailure failure(const std::function<void()>& call) {
  try {
    call();
  } catch (const StoreError& error) {
    CHECK(std::string(error.what()).find('\n') == std::string::npos);
    return error.failure();
  }
  FAIL("nothing was thrown");
  return StoreFailure::misuse;
}

}  // namespace

TEST_CASE("values of every kind come back from PostgreSQL as they went in") {
  auto* const server = PostgresServer::shared();
  if (server == nullptr) return;
  Postgres database(server->fresh_place(), {});
  database.run("CREATE TABLE t(n bigint, s text, b bytea)");
  database.prepare("put", "INSERT INTO t VALUES($1, $2, $3)");
  PostgresCall put("put");
  put.with(std::int64_t{-5}).with(std::string_view("é\n")).with(std::string_view("\0\xff", 2));
  PostgresCall empty("put");
  empty.with(INT64_MAX).with(std::string_view()).with(std::string_view());
  const std::vector<PostgresCall> calls = {put, empty};
  const auto answers = database.run(calls);
  CHECK_FALSE(answers.failure);
  CHECK(answers.answers.at(0).changes == 1);
  const auto found = database.run("SELECT n, s, encode(b, 'hex'), NULL FROM t ORDER BY n");
  using Row = std::vector<std::optional<std::string>>;
  CHECK(found.rows.at(0) == Row{"-5", "é\n", "00ff", std::nullopt});
  CHECK(found.rows.at(1) == Row{"9223372036854775807", "", "", std::nullopt});
}

TEST_CASE("behind a call that fails none is run, and the connection goes on") {
  auto* const server = PostgresServer::shared();
  if (server == nullptr) return;
  Postgres database(server->fresh_place(), {});
  database.run("CREATE TABLE t(n bigint PRIMARY KEY)");
  database.prepare("put", "INSERT INTO t VALUES($1)");
  std::vector<PostgresCall> calls(4, PostgresCall("put"));
  for (std::size_t i = 0; i < calls.size(); ++i)
    calls[i].with(static_cast<std::int64_t>(i == 2 ? 1 : i));
  const auto answers = database.run(calls);
  CHECK(answers.answers.size() == 2);
  REQUIRE(answers.failure);
  CHECK(answers.failure->failure() == StoreFailure::refused);
  // The pipeline is one transaction.
  CHECK(database.run("SELECT count(*) FROM t").rows[0][0] == "0");
  CHECK(database.usable());
}

TEST_CASE("a pipeline is longer than what the sockets hold") {
  auto* const server = PostgresServer::shared();
  if (server == nullptr) return;
  Postgres database(server->fresh_place(), {});
  database.prepare("echo", "SELECT $1::text");
  const std::string large(20000, 'x');
  std::vector<PostgresCall> calls(1000, PostgresCall("echo"));
  for (auto& call : calls) call.with(large);
  const auto answers = database.run(calls);
  REQUIRE(answers.answers.size() == 1000);
  CHECK(answers.answers.back().rows[0][0] == large);
}

TEST_CASE("PostgreSQL's errors are told apart") {
  auto* const server = PostgresServer::shared();
  if (server == nullptr) return;
  const auto place = server->fresh_place();
  Postgres database(place, {.lock = 20ms});
  CHECK(failure([&] { database.run("SELEC"); }) == StoreFailure::misuse);
  CHECK(failure([&] { database.run("SELECT 1/0"); }) == StoreFailure::refused);
  database.run("CREATE TABLE t(n bigint PRIMARY KEY)");
  Postgres other(place, {});
  other.run("BEGIN; INSERT INTO t VALUES(1)");
  CHECK(other.in_transaction());
  CHECK(failure([&] { database.run("INSERT INTO t VALUES(1)"); }) == StoreFailure::busy);
  database.run("CREATE ROLE without_rights; SET ROLE without_rights");
  CHECK(failure([&] { database.run("SELECT * FROM pg_authid"); }) == StoreFailure::denied);
  database.run("RESET ROLE");
  CHECK(failure([&] { database.run("SELECT pg_terminate_backend(pg_backend_pid())"); }) ==
        StoreFailure::unavailable);
  CHECK_FALSE(database.usable());
  CHECK(failure([&] { Postgres("postgresql://127.0.0.1:1/x", {}); }) == StoreFailure::unavailable);
}

TEST_CASE("a PostgreSQL that stands still costs the wait that was allowed") {
  auto* const server = PostgresServer::shared();
  if (server == nullptr) return;
  const auto place = server->fresh_place();
  Postgres database(place, {.answer = 50ms});
  server->freeze();
  CHECK(failure([&] { database.run("SELECT 1"); }) == StoreFailure::unavailable);
  CHECK_FALSE(database.usable());
  CHECK(failure([&] { Postgres(place, {.connect = 50ms}); }) == StoreFailure::unavailable);
  server->thaw();
  CHECK(Postgres(place, {}).run("SELECT 1").rows[0][0] == "1");
}

TEST_CASE("a network that swallows everything ends the wait, too, and so does a stop") {
  auto* const server = PostgresServer::shared();
  if (server == nullptr) return;
  TcpProxy proxy(server->port(), "SELECT 7");
  std::stop_source stop;
  Postgres database(server->fresh_place(proxy.port()), {.answer = 60s, .stop = stop.get_token()});
  proxy.cut_next(TcpProxy::Cut::silent);
  stop.request_stop();
  CHECK(failure([&] { database.run("SELECT 7"); }) == StoreFailure::unavailable);
  CHECK(proxy.cuts() == 1);
}
