// SPDX-License-Identifier: MIT
// Loads that are killed, cut off, stopped, or run out of disk.
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <random>

#include "load/load_support.hpp"
#include "support/tcp_proxy.hpp"

using namespace nodeops;
using namespace nodeops::csv;
using namespace nodeops::load;
using namespace nodeops::test;

namespace {

constexpr int rows = 200;
constexpr int batch = 20;

LoadRequest request_for(const Place& place, Mode mode) {
  return {.output = place.table("t"),
          .mode = mode,
          .key = mode == Mode::upsert ? "id" : "",
          .batch = batch};
}

/// Runs f in a process of its own.
template <class F>
pid_t started(F f) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  try {
    f();
  } catch (...) {
    ::_exit(98);
  }
  ::_exit(0);
}

int ended(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/// Waits until the server has noticed that its clients are gone: what they had sent may still be
/// committed.
void wait_for_server(const Place& place) {
  if (place.kind == "sqlite") return;
  while (place.ask("SELECT count(*) FROM pg_stat_activity WHERE backend_type='client backend'",
                   1) != "1") {
  }
}

/// True when the table holds whole batches from the first on, each row once.
bool holds_whole_batches(const Place& place, int most) {
  const auto answer = place.ask(
      "SELECT count(*), count(DISTINCT id), coalesce(max(CAST(id AS INTEGER)),0) FROM t", 3);
  const int count = std::stoi(answer);
  const auto number = std::to_string(count);
  CAPTURE(answer);
  CHECK(answer == number + "|" + number + "|" + number);
  CHECK(count % batch == 0);
  return count <= most;
}

}  // namespace

TEST_CASE("a load that is killed at any point leaves whole batches, and the next one goes on") {
  const TemporaryDirectory directory;
  const std::string text = numbered(1, rows);
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    for (const std::string point : {"before-commit", "after-commit"}) {
      for (int at = 1; at <= 4; ++at) {
        CAPTURE(point);
        CAPTURE(at);
        place.run("DROP TABLE IF EXISTS t; CREATE TABLE t(id TEXT UNIQUE, name TEXT)");
        auto request = request_for(place, Mode::append);
        int passed = 0;
        request.points = [&](std::string_view here) {
          if (here == point && ++passed == at) ::raise(SIGKILL);
        };
        CHECK(ended(started([&] { load_text(request, text); })) == -SIGKILL);
        wait_for_server(place);
        CHECK(holds_whole_batches(place, at * batch));
        CHECK_FALSE(load_text(request_for(place, Mode::upsert), text).error);
        CHECK(place.ask("SELECT count(*) FROM t", 1) == std::to_string(rows));
      }
    }
  }
}

TEST_CASE("a load that is killed at any time leaves whole batches") {
  const TemporaryDirectory directory;
  const std::string text = numbered(1, 4 * rows);
  std::minstd_rand random(7);
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    for (int round = 0; round < 30; ++round) {
      CAPTURE(round);
      place.run("DROP TABLE IF EXISTS t; CREATE TABLE t(id TEXT UNIQUE, name TEXT)");
      std::array<int, 2> pipe{};
      REQUIRE(::pipe(pipe.data()) == 0);
      const pid_t child = started([&] {
        ::close(pipe[0]);
        auto request = request_for(place, round % 2 == 0 ? Mode::append : Mode::upsert);
        request.points = [&](std::string_view) {
          if (::write(pipe[1], "x", 1) != 1) ::_exit(1);
        };
        load_text(request, text);
      });
      ::close(pipe[1]);
      // It dies somewhere behind a point that is drawn by lot.
      char seen = 0;
      for (auto points = random() % 60; points > 0 && ::read(pipe[0], &seen, 1) == 1; --points) {
      }
      ::kill(child, SIGKILL);
      ended(child);
      ::close(pipe[0]);
      wait_for_server(place);
      CHECK(holds_whole_batches(place, 4 * rows));
    }
  }
}

TEST_CASE("a replace that is killed leaves the old table or the new one, and no debris for long") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    REQUIRE_FALSE(load_text(request_for(place, Mode::create), numbered(1, 5)).error);
    for (const std::string point : {"before-commit", "after-commit", "before-swap", "after-swap"}) {
      for (int at = 1; at <= (point.ends_with("swap") ? 1 : 12); ++at) {
        CAPTURE(point);
        CAPTURE(at);
        REQUIRE_FALSE(load_text(request_for(place, Mode::replace), numbered(1, 5)).error);
        auto request = request_for(place, Mode::replace);
        int passed = 0;
        request.points = [&](std::string_view here) {
          if (here == point && ++passed == at) ::raise(SIGKILL);
        };
        CHECK(ended(started([&] { load_text(request, numbered(1, rows)); })) == -SIGKILL);
        wait_for_server(place);
        const auto count = place.ask("SELECT count(*) FROM t", 1);
        const bool swapped = point == "after-swap" || (point == "after-commit" && at == 12);
        CHECK(count == (swapped ? std::to_string(rows) : "5"));
      }
    }
    REQUIRE_FALSE(load_text(request_for(place, Mode::replace), numbered(1, 5)).error);
    CHECK(
        place.ask(place.kind == "sqlite"
                      ? "SELECT count(*) FROM sqlite_master"
                      : "SELECT count(*) FROM pg_class WHERE starts_with(relname::text,'nodeops')",
                  1) == (place.kind == "sqlite" ? "1" : "0"));
  }
}

TEST_CASE("a connection that is cut around COMMIT neither loses nor repeats a record") {
  auto* const server = PostgresServer::shared();
  if (server == nullptr) return;
  for (const auto cut : {TcpProxy::Cut::before, TcpProxy::Cut::after, TcpProxy::Cut::silent}) {
    for (const Mode mode : {Mode::append, Mode::upsert, Mode::replace, Mode::create}) {
      TcpProxy proxy(server->port(), "COMMIT");
      const Place place{"postgresql", server->fresh_place(proxy.port())};
      auto request = request_for(place, mode);
      // After it a silent server is left, and the transaction of the old connection with it.
      if (cut == TcpProxy::Cut::silent) request.answer_wait = std::chrono::milliseconds(500);
      request.retry_for = std::chrono::minutes(2);
      int commits = 0;
      request.points = [&](std::string_view point) {
        if (point == "before-commit" && (++commits == 2 || commits == 5)) proxy.cut_next(cut);
      };
      const auto loaded = load_text(request, numbered(1, rows));
      CAPTURE(static_cast<int>(cut));
      CAPTURE(static_cast<int>(mode));
      CAPTURE(loaded.error ? loaded.error->line() : std::string());
      CHECK_FALSE(loaded.error);
      CHECK(proxy.cuts() == 2);
      CHECK(place.ask("SELECT count(*), count(DISTINCT id) FROM t", 2) == "200|200");
    }
  }
}

TEST_CASE("a server that is restarted in the middle is waited for") {
  auto* const server = PostgresServer::shared();
  if (server == nullptr) return;
  for (const Mode mode : {Mode::append, Mode::upsert, Mode::replace}) {
    const Place place{"postgresql", server->fresh_place()};
    auto request = request_for(place, mode);
    request.retry_for = std::chrono::minutes(2);
    // The server that is started ends with the thread that has started it: that is to be this one.
    request.workers = 1;
    int commits = 0;
    request.points = [&](std::string_view point) {
      if (point != "before-commit") return;
      ++commits;
      if (commits == 3 || commits == 6) {
        server->stop();
        server->start();
      }
    };
    const auto loaded = load_text(request, numbered(1, rows));
    CAPTURE(loaded.error ? loaded.error->line() : std::string());
    CHECK_FALSE(loaded.error);
    CHECK(place.ask("SELECT count(*), count(DISTINCT id) FROM t", 2) == "200|200");
  }
}

TEST_CASE("a server that stays away ends the load, and what was committed stays") {
  auto* const server = PostgresServer::shared();
  if (server == nullptr) return;
  const Place place{"postgresql", server->fresh_place()};
  auto request = request_for(place, Mode::append);
  request.retry_for = std::chrono::milliseconds(100);
  int commits = 0;
  request.points = [&](std::string_view point) {
    if (point == "after-commit" && ++commits == 4) server->stop();
  };
  const auto loaded = load_text(request, numbered(1, rows));
  server->start();
  REQUIRE(loaded.error);
  CHECK(loaded.error->kind() == ErrorKind::unavailable);
  CHECK(place.ask("SELECT count(*) FROM t", 1) == std::to_string(loaded.figures.rows));
  CHECK(loaded.figures.rows == 3 * batch);
}

TEST_CASE("nobody there, a wrong database, a file that is none: the load ends before it begins") {
  const auto nobody = load_text({.output = "postgresql://u:secret@127.0.0.1:1/d?table=t",
                                 .retry_for = std::chrono::milliseconds(0)},
                                "a\n1\n");
  REQUIRE(nobody.error);
  CHECK(nobody.error->kind() == ErrorKind::unavailable);
  CHECK(nobody.error->line().find("secret") == std::string::npos);
  const TemporaryDirectory directory;
  const auto lost = load_text({.output = "sqlite:" + directory / "no/such/t.db?table=t"}, "a\n1\n");
  REQUIRE(lost.error);
  CHECK(lost.error->kind() == ErrorKind::cannot_create);
  if (auto* const server = PostgresServer::shared()) {
    auto address = server->fresh_place();
    address.replace(address.find("/postgres?"), 10, "/nowhere?");
    const auto wrong = load_text({.output = address + "&table=t"}, "a\n1\n");
    REQUIRE(wrong.error);
    CHECK(wrong.error->kind() == ErrorKind::unavailable);
  }
}

TEST_CASE("a full disk ends the load; what was committed before stays, and the file is whole") {
  const TemporaryDirectory directory;
  const Place place{"sqlite", "sqlite:" + directory / "t.db"};
  REQUIRE_FALSE(load_text(request_for(place, Mode::create), numbered(1, batch)).error);
  const int status = ended(started([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{.rlim_cur = 100000, .rlim_max = 100000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto loaded = load_text(request_for(place, Mode::append), numbered(batch + 1, 20000));
    ::_exit(loaded.error && loaded.error->kind() == ErrorKind::io_failed ? 7 : 8);
  }));
  CHECK(status == 7);
  CHECK(holds_whole_batches(place, 20000));
  CHECK(place.ask("PRAGMA integrity_check", 1) == "ok");
  CHECK(std::stoi(place.ask("SELECT count(*) FROM t", 1)) > batch);
}
