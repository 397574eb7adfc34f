// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "core/error.hpp"
#include "support/temporary_directory.hpp"
#include "webhook/dead_letter_file.hpp"
#include "webhook/ledger.hpp"
#include "webhook/pipeline_support.hpp"
#include "webhook/redrive.hpp"

using namespace nodeops;
using namespace nodeops::test;
using namespace nodeops::webhook;

namespace {

std::unique_ptr<Ledger> open_in(const TemporaryDirectory& place, LedgerOptions options = {}) {
  return open_ledger("sqlite:" + place / "l.db", std::move(options));
}

/// Applies bodies as one group.
std::vector<Booking> apply(Ledger& ledger, const std::vector<std::string>& bodies) {
  EventParser parser;
  std::vector<webhook::Event> events;
  for (const auto& body : bodies) events.push_back(parser.parse(body));
  std::vector<Claim> claims;
  for (std::size_t i = 0; i < events.size(); ++i)
    claims.push_back({.event = &events[i], .body = bodies[i], .received_at = 1});
  std::vector<Booking> bookings;
  for (auto& booking : ledger.apply(claims)) bookings.push_back(booking.value());
  return bookings;
}

std::string refund_event(const std::string& id, const std::string& refund, int amount) {
  return R"({"id":")" + id +
         R"(","object":"event","type":"refund.created","created":1,"data":{"object":{"id":")" +
         refund + R"(","amount":)" + std::to_string(amount) +
         R"(,"currency":"usd","payment_intent":"pi_1"}}})";
}
using Bookings = std::vector<Booking>;

}  // namespace

TEST_CASE("an event is booked once, within a group and over runs") {
  const TemporaryDirectory place;
  const auto one = payment_event("evt_1", "pi_1");
  CHECK(apply(*open_in(place), {one, one, payment_event("evt_1", "pi_1", 9)}) ==
        Bookings{Booking::processed, Booking::duplicate, Booking::conflict});
  const auto ledger = open_in(place);
  CHECK(apply(*ledger, {one}) == Bookings{Booking::duplicate});
  CHECK(ledger->totals().succeeded.at("usd") == 2000);
  CHECK(ledger->totals().events == 1);
}

TEST_CASE("two events of one payment book it once, two partial refunds both count") {
  const TemporaryDirectory place;
  const auto ledger = open_in(place);
  CHECK(apply(*ledger, {refund_event("evt_3", "re_1", 5), payment_event("evt_1", "pi_1"),
                        payment_event("evt_2", "pi_1"), refund_event("evt_4", "re_2", 7)}) ==
        Bookings{Booking::processed, Booking::processed, Booking::duplicate, Booking::processed});
  const auto totals = ledger->totals();
  CHECK(totals.events == 4);
  CHECK(totals.payments == 1);
  CHECK(totals.refunds == 2);
  CHECK(totals.refunded.at("usd") == 12);
}

TEST_CASE("a group that fails anywhere leaves nothing behind") {
  const TemporaryDirectory place;
  for (const auto* const where : {"apply", "before-commit"}) {
    const auto failing = open_in(place, {.points = [&](std::string_view point) {
                                   if (point == where) throw std::logic_error("a bug");
                                 }});
    CHECK_THROWS_AS(apply(*failing, {payment_event("evt_1", "pi_1")}), std::logic_error);
    CHECK(failing->totals().events == 0);
  }
  CHECK(apply(*open_in(place), {payment_event("evt_1", "pi_1")}) == Bookings{Booking::processed});
}

TEST_CASE("an outcome that is not known is looked up, not applied again") {
  const TemporaryDirectory place;
  bool lost = true;
  const auto ledger = open_in(place, {.points = [&](std::string_view point) {
                                if (point == "after-commit" && lost) throw std::logic_error("cut");
                              }});
  CHECK_THROWS(apply(*ledger, {payment_event("evt_1", "pi_1")}));
  lost = false;
  CHECK(apply(*ledger, {payment_event("evt_1", "pi_1")}) == Bookings{Booking::duplicate});
  CHECK(ledger->totals().payments == 1);
}

TEST_CASE("a database that somebody else holds is a 503 that may be tried again") {
  const TemporaryDirectory place;
  const auto waiting = open_in(place, {.busy_wait = std::chrono::milliseconds(1)});
  const auto holding = open_in(place, {.points = [&](std::string_view point) {
                                 if (point != "before-commit") return;
                                 try {
                                   apply(*waiting, {payment_event("evt_2", "pi_2")});
                                   CHECK(false);
                                 } catch (const DeliveryError& error) {
                                   CHECK(error.problem().status == 503);
                                   CHECK(error.problem().retryable);
                                 }
                               }});
  CHECK(apply(*holding, {payment_event("evt_1", "pi_1")}) == Bookings{Booking::processed});
  CHECK(apply(*waiting, {payment_event("evt_2", "pi_2")}) == Bookings{Booking::processed});
}

TEST_CASE("what is no database, or nowhere, cannot be opened") {
  const TemporaryDirectory place;
  place.write("text.db", std::string(5000, 'x'));
  CHECK_THROWS_AS(open_ledger("sqlite:" + place / "text.db", {}), AppError);
  CHECK_THROWS_AS(open_ledger("sqlite:" + place / "no/l.db", {}), AppError);
  CHECK_THROWS_AS(open_ledger("mysql://x", {}), AppError);
}

TEST_CASE("a dead letter is kept once, goes when it is applied, and is poison at the fifth try") {
  const TemporaryDirectory place;
  const auto ledger = open_in(place);
  const DeadLetter letter{.event_id = "evt_1",
                          .problem_type = "internal",
                          .reason = "a bug",
                          .body = std::string("\0{", 2),
                          .headers_json = R"({"a":["b","c"],"d":"e"})",
                          .at = 7};
  ledger->keep_dead_letter(letter);
  ledger->keep_dead_letter(letter);
  for (unsigned redrives = 0; redrives < 5; ++redrives) {
    RedrivenDeliveries again(*ledger);
    const auto delivery = again.next();
    REQUIRE(delivery);
    CHECK(delivery->body == letter.body);
    CHECK(delivery->headers == decltype(delivery->headers){{"a", "b"}, {"a", "c"}, {"d", "e"}});
    CHECK(headers_json(*delivery) == letter.headers_json);
    CHECK_FALSE(again.next());
    CHECK(ledger->dead_letters(0, 10).front().redrives == redrives);
    again.settled({.number = delivery->number, .outcome = Outcome::deferred});
    RedrivenDeliveries counted(*ledger);
    counted.settled({.number = counted.next()->number,
                     .outcome = Outcome::dead_lettered,
                     .problem = Problem{.type = "internal", .title = "", .detail = ""}});
  }
  CHECK(ledger->dead_letters(0, 10).empty());
  ledger->keep_dead_letter(
      {.event_id = "evt_2", .problem_type = "", .reason = "", .body = "{}", .headers_json = "{}"});
  RedrivenDeliveries applied(*ledger);
  applied.settled({.number = applied.next()->number});
  CHECK(ledger->dead_letters(0, 10).empty());
}
