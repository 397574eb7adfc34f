// SPDX-License-Identifier: MIT
// What both kinds of ledger do alike.
#include "webhook/ledger.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"
#include "store/postgres.hpp"
#include "webhook/ledger_sum.hpp"
#include "webhook/ledger_support.hpp"
#include "webhook/sqlite_ledger.hpp"

using namespace nodeops;
using namespace nodeops::test;
using namespace nodeops::webhook;

TEST_CASE("every ledger books an event once, within a group and over runs") {
  const TemporaryDirectory directory;
  for (const auto& database : ledger_places(directory)) {
    CAPTURE(database.kind);
    const std::string& address = database.address;
    const auto one = payment_event("evt_1", "pi_1");
    CHECK(apply_all(*open_ledger(address, {}), {one, one, payment_event("evt_1", "pi_1", 9)}) ==
          Bookings{Booking::processed, Booking::duplicate, Booking::conflict});
    const auto ledger = open_ledger(address, {});
    CHECK(apply_all(*ledger, {payment_event("evt_0", "pi_0", 1), one}) ==
          Bookings{Booking::processed, Booking::duplicate});
    const auto totals = ledger->totals();
    CHECK(totals.events == 2);
    CHECK(totals.payments == 2);
    CHECK(totals.succeeded == std::map<std::string, std::int64_t>{{"usd", 2001}});
    CHECK(apply_all(*ledger, {}).empty());
  }
}

TEST_CASE("every ledger books two events of one payment once, and two partial refunds twice") {
  const TemporaryDirectory directory;
  for (const auto& database : ledger_places(directory)) {
    CAPTURE(database.kind);
    const std::string& address = database.address;
    const auto ledger = open_ledger(address, {});
    CHECK(apply_all(*ledger,
                    {refund_event("evt_3", "re_1", 5), payment_event("evt_2", "pi_1"),
                     payment_event("evt_1", "pi_1"), refund_event("evt_4", "re_2", 7),
                     R"({"id":"evt_5","object":"event","type":"customer.created","created":1,)"
                     R"("data":{"object":{"id":"cus_1"}}})"})
              .size() == 5);
    const auto totals = ledger->totals();
    CHECK(totals.events == 5);
    CHECK(totals.payments == 1);
    CHECK(totals.refunds == 2);
    CHECK(totals.succeeded.at("usd") == 2000);
    CHECK(totals.refunded.at("usd") == 12);
  }
}

TEST_CASE("an event that fails by itself takes no other down and does not take its id") {
  const TemporaryDirectory directory;
  for (const auto& database : ledger_places(directory)) {
    CAPTURE(database.kind);
    const std::string& address = database.address;
    int calls = 0;
    const auto failing = open_ledger(address, {.points = [&](std::string_view point) {
                                       if (point == "apply" && ++calls == 2)
                                         throw std::logic_error("a bug");
                                     }});
    const std::vector<std::string> bodies = {payment_event("evt_1", "pi_1"),
                                             payment_event("evt_2", "pi_2"),
                                             payment_event("evt_3", "pi_3")};
    auto bookings = apply_each(*failing, bodies);
    CHECK(bookings[0].value() == Booking::processed);
    CHECK_THROWS_WITH_AS(bookings[1].value(), "a bug", std::logic_error);
    CHECK(bookings[2].value() == Booking::processed);
    CHECK(failing->totals().payments == 2);
    CHECK(apply_all(*open_ledger(address, {}), bodies) ==
          Bookings{Booking::duplicate, Booking::processed, Booking::duplicate});
  }
}

TEST_CASE("two events that disagree about a payment's money move it once, and the second is told") {
  const TemporaryDirectory directory;
  for (const auto& database : ledger_places(directory)) {
    CAPTURE(database.kind);
    const auto ledger = open_ledger(database.address, {});
    CHECK(apply_all(*ledger, {payment_event("evt_1", "pi_1"), payment_event("evt_2", "pi_1"),
                              payment_event("evt_3", "pi_1", 9), refund_event("evt_4", "re_1", 5),
                              refund_event("evt_5", "re_1", 6)}) ==
          Bookings{Booking::processed, Booking::duplicate, Booking::disagreeing, Booking::processed,
                   Booking::disagreeing});
    const auto totals = ledger->totals();
    CHECK(totals.succeeded.at("usd") == 2000);
    CHECK(totals.refunded.at("usd") == 5);
  }
}

TEST_CASE("a row that the database refuses is its event's failure alone") {
  const TemporaryDirectory directory;
  for (const auto& database : ledger_places(directory)) {
    CAPTURE(database.kind);
    const std::string& address = database.address;
    const auto ledger = open_ledger(address, {});
    const std::string body = payment_event("evt_2", "pi_2");
    EventParser parser;
    std::vector<webhook::Event> events = {parser.parse(payment_event("evt_1", "pi_1")),
                                          parser.parse(body),
                                          parser.parse(payment_event("evt_3", "pi_3"))};
    events[1].amount = -1;
    std::vector<Claim> claims;
    for (const auto& event : events)
      claims.push_back({.event = &event, .body = body, .received_at = 1});
    auto bookings = ledger->apply(claims);
    CHECK(bookings[0].value() == Booking::processed);
    CHECK_THROWS_AS(bookings[1].value(), std::logic_error);
    CHECK(bookings[2].value() == Booking::processed);
    CHECK(ledger->totals().events == 2);
  }
}

TEST_CASE("a group that fails before COMMIT leaves nothing behind") {
  const TemporaryDirectory directory;
  for (const auto& database : ledger_places(directory)) {
    CAPTURE(database.kind);
    const std::string& address = database.address;
    const auto failing = open_ledger(address, {.points = [](std::string_view point) {
                                       if (point == "before-commit")
                                         throw std::logic_error("a bug");
                                     }});
    CHECK_THROWS_AS(apply_all(*failing, {payment_event("evt_1", "pi_1")}), std::logic_error);
    CHECK(failing->totals().events == 0);
    CHECK(apply_all(*open_ledger(address, {}), {payment_event("evt_1", "pi_1")}) ==
          Bookings{Booking::processed});
  }
}

TEST_CASE("every ledger keeps a dead letter once, counts its redrives, and calls it poison") {
  const TemporaryDirectory directory;
  for (const auto& database : ledger_places(directory)) {
    CAPTURE(database.kind);
    const std::string& address = database.address;
    const auto ledger = open_ledger(address, {});
    const DeadLetter letter{.event_id = "evt_1",
                            .problem_type = "internal",
                            .reason = "a bug",
                            .body = std::string("\0{\xff", 3),
                            .headers_json = R"({"a":"b"})",
                            .at = 7};
    ledger->keep_dead_letter(letter);
    ledger->keep_dead_letter(letter);
    for (unsigned redrives = 0; redrives < poison_at; ++redrives) {
      const auto letters = ledger->dead_letters(0, 10);
      REQUIRE(letters.size() == 1);
      CHECK(letters[0].body == letter.body);
      CHECK(letters[0].headers_json == letter.headers_json);
      CHECK(letters[0].at == 7);
      CHECK(letters[0].redrives == redrives);
      CHECK(ledger->dead_letters(letters[0].number, 10).empty());
      ledger->redriven(letters[0].number, false);
    }
    CHECK(ledger->dead_letters(0, 10).empty());
    ledger->keep_dead_letter(
        {.event_id = "", .problem_type = "", .reason = "", .body = "x", .headers_json = "{}"});
    ledger->redriven(ledger->dead_letters(0, 10).at(0).number, true);
    CHECK(ledger->dead_letters(0, 10).empty());
  }
}

TEST_CASE("totals are exact up to 63 bits, and told to be too large behind them") {
  CHECK(ledger_sum(0x7fffffff, 0xffffffff, "usd") == INT64_MAX);
  CHECK_THROWS_AS(ledger_sum(0x80000000, 0, "usd"), AppError);
  CHECK_THROWS_AS(ledger_sum(0x7fffffff, 0x100000000, "usd"), AppError);
  const TemporaryDirectory directory;
  for (const auto& database : ledger_places(directory)) {
    CAPTURE(database.kind);
    const std::string& address = database.address;
    const auto ledger = open_ledger(address, {});
    EventParser parser;
    const auto body = payment_event("evt_1", "pi_1");
    auto event = parser.parse(body);
    event.amount = INT64_MAX;
    const Claim claim{.event = &event, .body = body, .received_at = 1};
    ledger->apply({&claim, 1});
    CHECK(ledger->totals().succeeded.at("usd") == INT64_MAX);
    CHECK(apply_all(*ledger, {payment_event("evt_2", "pi_2")}) == Bookings{Booking::processed});
    CHECK_THROWS_AS(ledger->totals(), AppError);
  }
}

TEST_CASE("a database that is something else is left as it is") {
  const TemporaryDirectory directory;
  {
    store::Sqlite other(directory / "other.db", std::chrono::seconds(1));
    other.run("CREATE TABLE customers(n)");
  }
  CHECK_THROWS_WITH_AS(open_ledger("sqlite:" + directory / "other.db", {}),
                       doctest::Contains("is no ledger of nodeops"), AppError);
  open_ledger("sqlite:" + directory / "l.db", {});
  store::Sqlite(directory / "l.db", std::chrono::seconds(1)).run("PRAGMA user_version = 2");
  CHECK_THROWS_WITH_AS(open_ledger("sqlite:" + directory / "l.db", {}),
                       doctest::Contains("of version 2"), AppError);
  if (auto* const server = PostgresServer::shared()) {
    const auto address = server->fresh_place();
    store::Postgres database(address, {});
    database.run("CREATE TABLE events(n bigint)");
    CHECK_THROWS_AS(open_ledger(address, {}), AppError);
    database.run("DROP TABLE events");
    open_ledger(address, {});
    database.run("UPDATE ledger_version SET version = 2");
    CHECK_THROWS_WITH_AS(open_ledger(address, {}), doctest::Contains("of version 2"), AppError);
  }
}

TEST_CASE("a ledger that cannot be opened says which, without the password") {
  const TemporaryDirectory directory;
  CHECK_THROWS_WITH_AS(open_ledger("postgresql://me:secret@127.0.0.1:1/x", {}),
                       doctest::Contains("postgresql://127.0.0.1:1/x: cannot open"), AppError);
  CHECK_THROWS_AS(open_ledger("mysql://x", {}), AppError);
  CHECK_THROWS_AS(open_ledger("sqlite:", {}), AppError);
}

TEST_CASE("a new SQLite ledger is for its owner alone") {
  const TemporaryDirectory directory;
  open_ledger("sqlite:" + directory / "l.db", {});
  using std::filesystem::perms;
  CHECK(std::filesystem::status(directory / "l.db").permissions() ==
        (perms::owner_read | perms::owner_write));
}
