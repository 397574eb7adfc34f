// SPDX-License-Identifier: MIT
#include "load/table_target.hpp"

#include <doctest/doctest.h>

#include <string>

#include "core/error.hpp"

using namespace nodeops;
using namespace nodeops::load;

TEST_CASE("an output is a table by its scheme alone") {
  CHECK(is_table("sqlite:x.db?table=t"));
  CHECK(is_table("postgresql://h/d?table=t"));
  CHECK(is_table("postgres://h/d?table=t"));
  CHECK_FALSE(is_table("./sqlite:x.db"));
  CHECK_FALSE(is_table("sqlite.csv"));
  CHECK_FALSE(is_table("-"));
}

TEST_CASE("a table of SQLite is a file and a name, of whatever bytes") {
  const auto plain = parse_table_target("sqlite:a b.db?table=sales");
  CHECK(plain.kind == TableTarget::Kind::sqlite);
  CHECK(plain.address == "a b.db");
  CHECK(plain.table == "sales");
  const auto odd = parse_table_target("sqlite:dir/x.db?table=a.b%20%22c%22%26%3F");
  CHECK(odd.table == "a.b \"c\"&?");
  const auto mistaken = parse_table_target("sqlite:postgres://u:secret@h/d?table=t");
  CHECK(mistaken.shown == "...@h/d");
}

TEST_CASE("a table of PostgreSQL leaves the server's settings alone") {
  const auto target = parse_table_target(
      "postgresql://u:secret@h:5433/d?sslmode=require&table=s.t&options=-cx%3Dy");
  CHECK(target.kind == TableTarget::Kind::postgresql);
  CHECK(target.address == "postgresql://u:secret@h:5433/d?sslmode=require&options=-cx%3Dy");
  CHECK(target.schema == "s");
  CHECK(target.table == "t");
  CHECK(target.shown == "postgresql://h:5433/d");
  const auto dotted = parse_table_target("postgresql://h/d?table=a%2Eb");
  CHECK(dotted.schema.empty());
  CHECK(dotted.table == "a.b");
}

TEST_CASE("a name that PostgreSQL would cut off is refused: it may be another table's") {
  const std::string longest(63, 't');
  CHECK(parse_table_target("postgresql://h/d?table=" + longest + "." + longest).table == longest);
  CHECK_THROWS_AS(parse_table_target("postgresql://h/d?table=t" + longest), AppError);
  CHECK_THROWS_AS(parse_table_target("postgresql://h/d?table=s" + longest + ".t"), AppError);
  CHECK(parse_table_target("sqlite:x.db?table=t" + longest).table == "t" + longest);
}

TEST_CASE("what names no table is wrong usage, and no password is told") {
  for (const std::string output :
       {"sqlite:x.db", "sqlite:x.db?table=", "sqlite:?table=t", "sqlite:x.db?mode=ro&table=t",
        "sqlite::memory:?table=t", "sqlite:x.db?table=%zz", "sqlite:x.db?table=%00",
        "sqlite:x.db?table=a&table=b", "postgresql://u:secret@h/d",
        "postgresql://u:secret@h/d?table=a.b.c", "postgresql://u:secret@h/d?table=.b",
        "postgresql://u:se/secret@h/d?table=t", "postgresql://u:secret@h",
        "postgres://u:sec@ret:secret@h/d?table=t", "postgresql://u:secret@h/d?table=a."}) {
    CAPTURE(output);
    try {
      parse_table_target(output);
      FAIL_CHECK("nothing was thrown");
    } catch (const AppError& error) {
      CHECK(error.kind() == ErrorKind::usage);
      CHECK(error.line().find("secret") == std::string::npos);
    }
  }
}

TEST_CASE("names are quoted whatever they hold") {
  CHECK(quoted_name("a") == "\"a\"");
  CHECK(quoted_name("a\"; DROP TABLE x; --") == "\"a\"\"; DROP TABLE x; --\"");
}
