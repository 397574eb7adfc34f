// SPDX-License-Identifier: MIT
// Types that are given or inferred, and values that do not fit them.
#include "load/load_support.hpp"

using namespace nodeops;
using namespace nodeops::csv;
using namespace nodeops::load;
using namespace nodeops::test;

TEST_CASE("values of a type are stored as such, others are rejected with their column") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    const auto loaded = load_text({.output = place.table("t"),
                                   .types = {{"i", ColumnType::integer},
                                             {"r", ColumnType::real},
                                             {"n", ColumnType::numeric},
                                             {"b", ColumnType::boolean},
                                             {"d", ColumnType::date},
                                             {"s", ColumnType::timestamp}}},
                                  "i,r,n,b,d,s\n"
                                  "1,1.5,10.25,yes,2026-02-28,2026-02-28 10:11:12\n"
                                  "9223372036854775808,1,1,1,2026-01-01,2026-01-01T00:00\n"
                                  "1,one,1,1,2026-01-01,2026-01-01T00:00\n"
                                  "1,1,1;2,1,2026-01-01,2026-01-01T00:00\n"
                                  "1,1,1,maybe,2026-01-01,2026-01-01T00:00\n"
                                  "1,1,1,1,2026-02-29,2026-01-01T00:00\n"
                                  "1,1,1,1,2026-01-01,2026-01-01T24:00\n"
                                  ",1,1,1,2026-01-01,2026-01-01T00:00\n");
    CAPTURE(loaded.error ? loaded.error->line() : std::string());
    CHECK_FALSE(loaded.error);
    CHECK(loaded.written == 1);
    for (const std::string column : {"i", "r", "n", "b", "d", "s"})
      CHECK(loaded.reasons.find("\"column\":\"" + column + "\"") != std::string::npos);
    const bool sqlite = place.kind == "sqlite";
    CHECK(place.ask("SELECT i+1, r*2, n+0, b, d, s FROM t", 6) ==
          (sqlite ? "2|3.0|10.25|1|2026-02-28|2026-02-28 10:11:12"
                  : "2|3|10.25|t|2026-02-28|2026-02-28 10:11:12"));
  }
}

TEST_CASE("types are inferred so that no value changes, and what fits later on is no matter") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    const std::string header = "i,n,r,b,d,s,z,zip,plus,mixed,empty,long\n";
    const std::string row =
        "-5,0.25,1e3,true,2026-02-28,2026-02-28 10:11:12,2026-02-28T10:11:12Z,01234,+1,1,,"
        "12345678901234567890\n";
    const std::string other =
        "7,100,2,false,2027-01-01,2026-03-01 00:00,2026-02-28T10:11:12+02:00,99999,+2,x,,1\n";
    const auto loaded =
        load_text({.output = place.table("t"), .infer_types = true}, header + row + other);
    CHECK_FALSE(loaded.error);
    CHECK(loaded.written == 2);
    const std::string types =
        place.kind == "sqlite"
            ? place.ask("SELECT group_concat(type, ' ') FROM pragma_table_info('t')", 1)
            : place.ask(
                  "SELECT string_agg(format_type(atttypid,NULL), ' ' ORDER BY attnum)"
                  " FROM pg_attribute WHERE attrelid='t'::regclass AND attnum>0",
                  1);
    CHECK(types == (place.kind == "sqlite"
                        ? "INTEGER NUMERIC REAL BOOLEAN DATE TIMESTAMP TIMESTAMP TEXT TEXT TEXT "
                          "TEXT TEXT"
                        : "bigint numeric double precision boolean date timestamp without time "
                          "zone timestamp with time zone text text text text text"));
  }
}

TEST_CASE("a later value that does not fit an inferred type is a rejected record") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    std::string text = "n\n";
    for (int i = 0; i < 100; ++i) text += std::to_string(i) + "\n";
    text += "many\n7\n";
    const auto loaded =
        load_text({.output = place.table("t"), .infer_types = true, .block_size = 100}, text);
    CHECK_FALSE(loaded.error);
    CHECK(loaded.rejects == "many\n");
    CHECK(loaded.reasons.find("\"line\":102") != std::string::npos);
    CHECK(place.ask("SELECT count(*), sum(n) FROM t", 2) == "101|4957");
  }
}

TEST_CASE("types that are given stand before those that are inferred") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    const auto loaded = load_text({.output = place.table("t"),
                                   .types = {{"a", ColumnType::text}},
                                   .infer_types = true,
                                   .empty_as_null = true},
                                  "a,b\n1,\n2,5\n");
    CHECK_FALSE(loaded.error);
    CHECK(place.ask("SELECT a || 'x', b + 1 FROM t ORDER BY a", 2) == "1x|~\n2x|6");
  }
}

TEST_CASE("a number that SQLite would round is rejected there") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    const auto loaded =
        load_text({.output = place.table("t"), .types = {{"n", ColumnType::numeric}}},
                  "n\n1234567890.1234567\n123456789012345.0\n9007199254740993\n0.1\n");
    CHECK_FALSE(loaded.error);
    CHECK(loaded.refused == (place.kind == "sqlite" ? 1 : 0));
    CHECK(place.ask("SELECT count(*) FROM t WHERE n = 9007199254740993", 1) == "1");
  }
}

TEST_CASE("a type for a column that does not exist is wrong usage") {
  const TemporaryDirectory directory;
  const auto loaded = load_text({.output = "sqlite:" + directory / "t.db?table=t",
                                 .types = {{"amuont", ColumnType::integer}}},
                                "id,amount\n1,2\n");
  REQUIRE(loaded.error);
  CHECK(loaded.error->kind() == ErrorKind::usage);
  CHECK(loaded.error->line().find("'amount'") != std::string::npos);
}
