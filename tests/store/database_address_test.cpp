// SPDX-License-Identifier: MIT
#include "store/database_address.hpp"

#include <doctest/doctest.h>

#include <string>

#include "core/error.hpp"
#include "observe/mask.hpp"
#include "support/temporary_directory.hpp"

using namespace nodeops;
using namespace nodeops::store;

TEST_CASE("an address is shown without user, password and settings") {
  const auto shown = [](const char* address) { return shown_postgres_address(address, "--x"); };
  CHECK(shown("postgresql://u:secret@h:5433/d?sslmode=require") == "postgresql://h:5433/d");
  CHECK(shown("postgres://h") == "postgresql://h");
  CHECK(shown("postgresql://u@h1:1,h2/d") == "postgresql://h1:1,h2/d");
  CHECK(shown("postgresql://[::1]:5432/d") == "postgresql://[::1]:5432/d");
  CHECK(shown("postgresql:///d?host=/run/postgresql&user=a@b") == "postgresql:///d");
  CHECK(shown("postgresql://u:a%2Fb%40c@h/d?password=secret") == "postgresql://h/d");
}

TEST_CASE("an address whose parts cannot be told apart is refused, and nothing of it is quoted") {
  for (const std::string address :
       {"postgresql://u:sec/secret@h/d", "postgresql://u:12/secret@h/d",
        "postgresql://u:sec@secret@h/d", "postgresql://u:sec?secret@h/d",
        "postgresql://u:12?secret@h/d", "postgresql://u:secret%@h/d",
        "postgresql://u:secret%zz@h/d", "postgresql://u:secret%00@h/d", "postgresql://h:secret/d",
        "postgresql://[::1secret/d", "postgresql://[::1]secret/d", "postgresql://h/secret@d",
        "postgresql://h/d?secret", "postgresql://h/d?secret@x=1", "postgresql://u:12?cret=sec@h/d",
        "postgresql://u:p@x?sec=secret@h/d", "postgresql://u:1/a?b=secret@h/d",
        "postgresql://u:123456/d", "postgresql:////u:secret"}) {
    CAPTURE(address);
    try {
      shown_postgres_address(address, "--ledger");
      FAIL_CHECK("nothing was thrown");
    } catch (const AppError& error) {
      CHECK(error.kind() == ErrorKind::usage);
      CHECK(error.line().starts_with("--ledger: "));
      CHECK(error.line().find("sec") == std::string::npos);
      CHECK(error.line().find("12") == std::string::npos);
      // The log's mask must leave the advice alone.
      CHECK(mask_text(error.advice()) == error.advice());
    }
  }
}

TEST_CASE("of a mistyped address only a path or a scheme is shown") {
  CHECK(start_of_address("ledger.db") == "ledger.db");
  CHECK(start_of_address("/var/lib/l-1.db") == "/var/lib/l-1.db");
  CHECK(start_of_address("postgresql:u:secret@h/d") == "postgresql...");
  CHECK(start_of_address("mysql://u:secret@h/d") == "mysql...");
  for (const auto* const address :
       {"secret@h/d", "secret/x@h", "secret:x@h", "u secret h", "u;secret@h", "host=h user=secret",
        "u%3Asecret@h", "//u:secret@h", "'postgresql://u:secret@h'"})
    CHECK(start_of_address(address) == "...");
}

TEST_CASE("what looks like a server's user and password is not shown of a file") {
  CHECK(shown_sqlite_file("/var/a@b/l.db") == "/var/a@b/l.db");
  CHECK(shown_sqlite_file("file:x.db") == "file:x.db");
  CHECK(shown_sqlite_file("//u:secret@h/d") == "...@h/d");
  CHECK(shown_sqlite_file("u:sec@ret@h/d") == "...@h/d");
}

TEST_CASE("a database that is not kept in a file is refused") {
  CHECK_NOTHROW(check_sqlite_file("a.db", "--x"));
  CHECK_THROWS_AS(check_sqlite_file("", "--x"), AppError);
  CHECK_THROWS_AS(check_sqlite_file(":memory:", "--x"), AppError);
  const test::TemporaryDirectory place;
  CHECK_THROWS_AS(check_sqlite_file(place / ".", "--x"), AppError);
  CHECK_THROWS_AS(check_sqlite_file("/dev/null", "--x"), AppError);
}
