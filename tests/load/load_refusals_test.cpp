// SPDX-License-Identifier: MIT
// Records that a database refuses are rejected alone, with their place and the reason.
#include <algorithm>

#include "load/load_support.hpp"

using namespace nodeops;
using namespace nodeops::csv;
using namespace nodeops::load;
using namespace nodeops::test;
using namespace std::string_literals;

namespace {

std::size_t count(const std::string& text, const std::string& word) {
  std::size_t found = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("a record that breaks a constraint is rejected alone, the rest of its batch goes in") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    place.run("CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT CHECK(name <> 'bad'))");
    std::string text = "id,name\n";
    for (int i = 1; i <= 300; ++i)
      text += std::to_string(i == 200 ? 100 : i) + (i % 90 == 0 ? ",bad\r\n" : ",good\n");
    for (const std::size_t batch : {std::size_t{10000}, std::size_t{10}}) {
      place.run("DELETE FROM t");
      const auto loaded =
          load_text({.output = place.table("t"), .mode = Mode::append, .batch = batch}, text);
      CHECK_FALSE(loaded.error);
      CHECK(loaded.records == 300);
      CHECK(loaded.written == 296);
      CHECK(loaded.refused == 4);
      CHECK(loaded.figures.refused == 4);
      CHECK(loaded.rejects == "90,bad\r\n180,bad\r\n100,good\n270,bad\r\n");
      CHECK(count(loaded.reasons, "\"reason\":\"database-refused\"") == 4);
      CHECK(loaded.reasons.find("{\"line\":91,\"offset\":") == 0);
      CHECK(place.ask("SELECT count(*), sum(id) FROM t", 2) == "296|44410");
    }
  }
}

TEST_CASE("refused records of the workers and of the database are told in the input's order") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    place.run("CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER)");
    const std::string text = "id,n\n1,1\n2\n1,2\nx,3\n3,3\n3,4\n4,5,6\n";
    const auto loaded = load_text(
        {.output = place.table("t"), .mode = Mode::append, .types = {{"id", ColumnType::integer}}},
        text);
    CHECK_FALSE(loaded.error);
    CHECK(loaded.rejects == "2\n1,2\nx,3\n3,4\n4,5,6\n");
    CHECK(loaded.records == 7);
    CHECK(loaded.written == 2);
    CHECK(loaded.refused == 5);
    CHECK(place.ask("SELECT id, n FROM t ORDER BY id", 2) == "1|1\n3|3");
  }
}

TEST_CASE("under the policy stop, what stands before the bad record is loaded, and it is named") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    for (const std::string bad : {"2,x", "5"}) {
      CAPTURE(bad);
      place.run("DROP TABLE IF EXISTS t; CREATE TABLE t(id INTEGER PRIMARY KEY, n TEXT)");
      const auto loaded = load_text(
          {.output = place.table("t"), .mode = Mode::append, .on_error = OnError::stop, .batch = 3},
          "id,n\n1,a\n2,b\n3,c\n4,d\n" + bad + "\n6,f\n7,g\n");
      REQUIRE(loaded.error);
      CHECK(loaded.error->kind() == ErrorKind::bad_data);
      CHECK(loaded.error->line().starts_with("-:6: "));
      CHECK(place.ask("SELECT count(*), max(id) FROM t", 2) == "4|4");
      CHECK(loaded.written == 4);
      CHECK(loaded.refused == 1);
    }
  }
}

TEST_CASE("a load ends behind more refused records than it may have, not one later") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    place.run("CREATE TABLE t(id INTEGER PRIMARY KEY)");
    const auto loaded =
        load_text({.output = place.table("t"), .mode = Mode::append, .max_errors = 2},
                  "id\n1\n1\n2\n2,2\n3\n3\n4\n");
    REQUIRE(loaded.error);
    CHECK(loaded.error->kind() == ErrorKind::bad_data);
    CHECK(loaded.refused == 3);
    CHECK(place.ask("SELECT count(*) FROM t", 1) == "3");
    place.run("DELETE FROM t");
    CHECK_FALSE(load_text({.output = place.table("t"), .mode = Mode::append, .max_errors = 3},
                          "id\n1\n1\n2\n2,2\n3\n3\n4\n")
                    .error);
    CHECK(place.ask("SELECT count(*) FROM t", 1) == "4");
  }
}

TEST_CASE(
    "NUL bytes and what is not UTF-8 go where they can be held, else the record is rejected") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    const std::string text = "id,v\n1,a\0b\n2,\xFF\xFE\n3,good\n4,\xED\xA0\x80\n"s;
    const auto loaded = load_text({.output = place.table("t")}, text);
    CHECK_FALSE(loaded.error);
    if (place.kind == "sqlite") {
      CHECK(loaded.written == 4);
      CHECK(place.ask("SELECT hex(v) FROM t WHERE id IN('1','2') ORDER BY id", 1) ==
            "610062\nFFFE");
    } else {
      CHECK(loaded.written == 1);
      CHECK(count(loaded.reasons, "\"column\":\"v\"") == 3);
      CHECK(count(loaded.reasons, "NUL") == 1);
      CHECK(count(loaded.reasons, "UTF-8") == 2);
      CHECK(place.ask("SELECT id, v FROM t", 2) == "3|good");
    }
  }
}

TEST_CASE("when every record is refused, every one is rejected") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    place.run("CREATE TABLE t(id TEXT, name TEXT CHECK(name = 'none'))");
    const auto loaded =
        load_text({.output = place.table("t"), .mode = Mode::append}, numbered(1, 400));
    CHECK_FALSE(loaded.error);
    CHECK(loaded.refused == 400);
    CHECK(loaded.rejects == numbered(1, 400).substr(8));
    CHECK(place.ask("SELECT count(*) FROM t", 1) == "0");
  }
}

TEST_CASE("a deferred constraint is looked at while the record is known") {
  auto* const server = PostgresServer::shared();
  if (server == nullptr) return;
  const Place place{"postgresql", server->fresh_place()};
  place.run("CREATE TABLE t(id INTEGER PRIMARY KEY DEFERRABLE INITIALLY DEFERRED)");
  const auto loaded =
      load_text({.output = place.table("t"), .mode = Mode::append}, "id\n1\n2\n1\n3\n");
  CHECK_FALSE(loaded.error);
  CHECK(loaded.rejects == "1\n");
  CHECK(place.ask("SELECT count(*) FROM t", 1) == "3");
}

TEST_CASE("a reason tells nothing personal") {
  auto* const server = PostgresServer::shared();
  if (server == nullptr) return;
  const Place place{"postgresql", server->fresh_place()};
  place.run("CREATE TABLE t(n INTEGER)");
  const auto loaded =
      load_text({.output = place.table("t"), .mode = Mode::append}, "n\njean.dupont@example.com\n");
  CHECK(loaded.refused == 1);
  CHECK(loaded.reasons.find("invalid input syntax") != std::string::npos);
  CHECK(loaded.reasons.find("jean.dupont") == std::string::npos);
}
