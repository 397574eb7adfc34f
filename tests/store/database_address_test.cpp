// SPDX-License-Identifier: MIT
#include "store/database_address.hpp"

#include <doctest/doctest.h>

#include <string>

#include "core/error.hpp"

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
        "postgresql://h/d?secret", "postgresql://h/d?secret@x=1"}) {
    CAPTURE(address);
    try {
      shown_postgres_address(address, "--ledger");
      FAIL_CHECK("nothing was thrown");
    } catch (const AppError& error) {
      CHECK(error.kind() == ErrorKind::usage);
      CHECK(error.line().starts_with("--ledger: "));
      CHECK(error.line().find("sec") == std::string::npos);
    }
  }
}

TEST_CASE("of a mistyped address only its first word is shown") {
  CHECK(start_of_address("ledger.db") == "ledger.db");
  CHECK(start_of_address("postgresql:u:secret@h/d") == "postgresql...");
  CHECK(start_of_address("secret@h/d") == "...");
}

TEST_CASE("a database that is not kept in a file is refused") {
  CHECK_NOTHROW(check_sqlite_file("a.db", "--x"));
  CHECK_THROWS_AS(check_sqlite_file("", "--x"), AppError);
  CHECK_THROWS_AS(check_sqlite_file(":memory:", "--x"), AppError);
}
