// SPDX-License-Identifier: MIT
// create, append, replace, upsert; several loads at once; readers meanwhile.
#include <thread>

#include "load/load_support.hpp"

using namespace nodeops;
using namespace nodeops::csv;
using namespace nodeops::load;
using namespace nodeops::test;

namespace {

/// How many tables there are whose names are ours to give.
std::string debris(const Place& place) {
  return place.kind == "sqlite"
             ? place.ask("SELECT count(*) FROM sqlite_master WHERE name GLOB 'nodeops_*'", 1)
             : place.ask(
                   "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid=relnamespace"
                   " WHERE nspname=current_schema() AND starts_with(relname::text,'nodeops_')",
                   1);
}

}  // namespace

TEST_CASE("create refuses a table that is there, append adds to it by the columns' names") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    CHECK_FALSE(load_text({.output = place.table("t")}, numbered(1, 3)).error);
    const auto again = load_text({.output = place.table("t")}, numbered(4, 5));
    REQUIRE(again.error);
    CHECK(again.error->kind() == ErrorKind::cannot_create);
    CHECK_FALSE(
        load_text({.output = place.table("t"), .mode = Mode::append}, "name,id\nn4,4\n").error);
    CHECK(place.ask("SELECT id, name FROM t ORDER BY id", 2) == "1|n1\n2|n2\n3|n3\n4|n4");
    CHECK_FALSE(load_text({.output = place.table("t"), .mode = Mode::append}, "id\n5\n").error);
    CHECK(place.ask("SELECT name FROM t WHERE id='5'", 1) == "~");
    CHECK_FALSE(
        load_text({.output = place.table("new"), .mode = Mode::append}, numbered(1, 2)).error);
    CHECK(place.ask("SELECT count(*) FROM new", 1) == "2");
  }
}

TEST_CASE("a column that the table has not is wrong usage, and the nearest is named") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    place.run("CREATE TABLE t(customer TEXT, amount TEXT)");
    const auto loaded =
        load_text({.output = place.table("t"), .mode = Mode::append}, "amount,custumer\n1,2\n");
    REQUIRE(loaded.error);
    CHECK(loaded.error->kind() == ErrorKind::usage);
    CHECK(loaded.error->line().find("'custumer'") != std::string::npos);
    CHECK(loaded.error->line().find("'customer'") != std::string::npos);
  }
}

TEST_CASE("replace puts a whole new table in the place of the old one, or leaves that") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    const LoadRequest request{.output = place.table("t"), .mode = Mode::replace, .batch = 10};
    CHECK_FALSE(load_text(request, numbered(1, 30)).error);
    CHECK(place.ask("SELECT count(*) FROM t", 1) == "30");
    CHECK_FALSE(load_text(request, "other\nx\n").error);
    CHECK(place.ask("SELECT * FROM t", 1) == "x");
    LoadRequest failing = request;
    failing.on_error = OnError::stop;
    CHECK(load_text(failing, numbered(1, 30) + "1,2,3\n").error);
    CHECK(place.ask("SELECT * FROM t", 1) == "x");
    CHECK(debris(place) == "0");
    CHECK_FALSE(load_text(request, "").error);
    CHECK(place.ask("SELECT * FROM t", 1) == "x");
  }
}

TEST_CASE("who reads while a table is replaced sees the old rows or the new ones, all of them") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    const LoadRequest request{.output = place.table("t"), .mode = Mode::replace, .batch = 50};
    REQUIRE_FALSE(load_text(request, numbered(1, 200)).error);
    std::string failed;
    {
      const std::jthread reader([&](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
          const auto seen = place.ask("SELECT count(*) FROM t", 1);
          if (seen != "200" && seen != "300") failed = seen;
        }
      });
      for (int round = 0; round < 5; ++round) {
        CHECK_FALSE(load_text(request, numbered(1, 300)).error);
        CHECK_FALSE(load_text(request, numbered(1, 200)).error);
      }
    }
    CHECK(failed.empty());
  }
}

TEST_CASE(
    "upsert replaces rows of the same key, the last of a key wins, within a batch and beyond") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    for (const std::size_t batch : {std::size_t{1}, std::size_t{3}, std::size_t{100}}) {
      place.run("DROP TABLE IF EXISTS t");
      const LoadRequest request{
          .output = place.table("t"), .mode = Mode::upsert, .key = "b,a", .batch = batch};
      CHECK_FALSE(load_text(request, "a,b,c\n1,1,x\n1,2,y\n1,1,z\n2,1,w\n").error);
      CHECK(place.ask("SELECT a,b,c FROM t ORDER BY a,b", 3) == "1|1|z\n1|2|y\n2|1|w");
      CHECK_FALSE(load_text(request, "c,a,b\nnew,1,2\nnewer,1,2\n,9,9\n").error);
      CHECK(place.ask("SELECT a,b,c FROM t ORDER BY a,b", 3) == "1|1|z\n1|2|newer\n2|1|w\n9|9|");
    }
    for (const std::size_t batch : {std::size_t{1}, std::size_t{100}}) {
      place.run("DROP TABLE IF EXISTS n");
      const LoadRequest request{.output = place.table("n"),
                                .mode = Mode::upsert,
                                .key = "a,b",
                                .empty_as_null = true,
                                .batch = batch};
      // A NULL is no other one's equal.
      CHECK_FALSE(load_text(request, "a,b,c\n,1,x\n,1,y\n1,1,z\n1,1,w\n").error);
      CHECK(place.ask("SELECT c FROM n ORDER BY c", 1) == "w\nx\ny");
    }
    const LoadRequest keys{.output = place.table("k"), .mode = Mode::upsert, .key = "a"};
    CHECK_FALSE(load_text(keys, "a\n1\n1\n2\n").error);
    CHECK(place.ask("SELECT count(*) FROM k", 1) == "2");
  }
}

TEST_CASE(
    "upsert rejects what the table refuses, and says what is wrong with a table without key") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    place.run("CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT CHECK(name <> 'bad'))");
    const auto loaded = load_text({.output = place.table("t"),
                                   .mode = Mode::upsert,
                                   .key = "id",
                                   .types = {{"id", ColumnType::integer}}},
                                  "id,name\n1,a\n2,bad\n3,c\n1,d\n4,bad\n");
    CHECK_FALSE(loaded.error);
    CHECK(loaded.rejects == "2,bad\n4,bad\n");
    CHECK(place.ask("SELECT id,name FROM t ORDER BY id", 2) == "1|d\n3|c");
    const auto unknown = load_text(
        {.output = place.table("u"), .mode = Mode::upsert, .key = "nmae"}, "id,name\n1,a\n");
    REQUIRE(unknown.error);
    CHECK(unknown.error->line().find("'name'") != std::string::npos);
    place.run("CREATE TABLE w(id TEXT, name TEXT)");
    for (const bool dry_run : {false, true}) {
      const auto without = load_text(
          {.output = place.table("w"), .mode = Mode::upsert, .key = "id", .dry_run = dry_run},
          "id,name\n1,a\n");
      REQUIRE(without.error);
      CHECK(without.error->kind() == ErrorKind::usage);
      CHECK(without.error->line().find("ON CONFLICT") != std::string::npos);
    }
  }
}

TEST_CASE("append says before it starts which column takes no value, or loads identity columns") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    place.run("CREATE TABLE g(a TEXT, b TEXT GENERATED ALWAYS AS (a || 'x') STORED)");
    for (const bool dry_run : {false, true}) {
      const auto loaded = load_text(
          {.output = place.table("g"), .mode = Mode::append, .dry_run = dry_run}, "a,b\n1,2\n");
      REQUIRE(loaded.error);
      CHECK(loaded.error->kind() == ErrorKind::usage);
      CHECK(loaded.error->line().find("\"b\"") != std::string::npos);
    }
    if (place.kind == "sqlite") continue;
    place.run("CREATE TABLE i(id BIGINT GENERATED ALWAYS AS IDENTITY, a TEXT)");
    CHECK_FALSE(load_text({.output = place.table("i"), .mode = Mode::append}, "id,a\n7,x\n").error);
    CHECK(place.ask("SELECT id,a FROM i", 2) == "7|x");
  }
}

TEST_CASE("several loads into one table at once all arrive") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    constexpr int each = 300;
    place.run("CREATE TABLE t(id TEXT UNIQUE, name TEXT)");
    std::vector<Loaded> outcomes(4);
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < outcomes.size(); ++i) {
        threads.emplace_back([&, i] {
          const int first = static_cast<int>(i) * each + 1;
          outcomes[i] = load_text({.output = place.table("t"),
                                   .mode = i % 2 == 0 ? Mode::append : Mode::upsert,
                                   .key = i % 2 == 0 ? "" : "id",
                                   .batch = 20,
                                   .retry_for = std::chrono::minutes(1)},
                                  numbered(first, first + each - 1));
        });
      }
    }
    for (const auto& outcome : outcomes) {
      CAPTURE(outcome.error ? outcome.error->line() : std::string());
      CHECK_FALSE(outcome.error);
      CHECK(outcome.written == each);
    }
    CHECK(place.ask("SELECT count(*), count(DISTINCT id) FROM t", 2) == "1200|1200");
  }
}

TEST_CASE("loads that start at once make a missing table once") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    for (int round = 0; round < 5; ++round) {
      place.run("DROP TABLE IF EXISTS t");
      std::vector<Loaded> outcomes(3);
      {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < outcomes.size(); ++i) {
          threads.emplace_back([&, i] {
            outcomes[i] = load_text({.output = place.table("t"),
                                     .mode = Mode::append,
                                     .retry_for = std::chrono::minutes(1)},
                                    numbered(1, 10));
          });
        }
      }
      for (const auto& outcome : outcomes) {
        CAPTURE(outcome.error ? outcome.error->line() : std::string());
        CHECK_FALSE(outcome.error);
      }
      CHECK(place.ask("SELECT count(*) FROM t", 1) == "30");
    }
  }
}

TEST_CASE("a schema of PostgreSQL is the one that is named") {
  auto* const server = PostgresServer::shared();
  if (server == nullptr) return;
  const Place place{"postgresql", server->fresh_place()};
  place.run("DROP SCHEMA IF EXISTS \"odd schema\" CASCADE; CREATE SCHEMA \"odd schema\"");
  for (const Mode mode : {Mode::create, Mode::append, Mode::replace}) {
    const auto loaded =
        load_text({.output = place.table("odd%20schema.t"), .mode = mode}, numbered(1, 2));
    CAPTURE(loaded.error ? loaded.error->line() : std::string());
    CHECK_FALSE(loaded.error);
  }
  CHECK(place.ask("SELECT count(*) FROM \"odd schema\".t", 1) == "2");
  const auto missing = load_text({.output = place.table("nowhere.t")}, numbered(1, 2));
  REQUIRE(missing.error);
  CHECK(missing.error->kind() == ErrorKind::cannot_create);
}
