// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "webhook/currency.hpp"
#include "webhook/event.hpp"
#include "webhook/pipeline_support.hpp"

using namespace nodeops::test;
using namespace nodeops::webhook;

namespace {

/// "422 invalid-amount /data/object/amount" for the first thing that is wrong.
std::string refused(const std::string& body) {
  EventParser parser;
  try {
    parser.parse(body);
  } catch (const DeliveryError& error) {
    const Problem& problem = error.problem();
    const std::string pointer = problem.errors.empty() ? "" : " " + problem.errors.front().pointer;
    return std::to_string(problem.status) + " " + problem.type + pointer;
  }
  return "";
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

const std::string good = payment_event("evt_1", "pi_1");

}  // namespace

TEST_CASE("a payment is read with its money") {
  EventParser parser;
  const Event event = parser.parse(good);
  CHECK(event.id == "evt_1");
  CHECK(event.effect == Effect::payment);
  CHECK(event.object_id == "pi_1");
  CHECK(event.amount == 2000);
  CHECK(event.currency == "usd");
  CHECK(event.created == 1756700000);
}

TEST_CASE("a body that is JSON but no object is no event") {
  for (const auto* body : {"[]", "12", "null", "\"evt_1\""})
    CHECK(refused(body) == "422 not-an-event ");
  EventParser parser;
  CHECK_THROWS_WITH_AS(parser.parse("[]"), "the body is not an object", DeliveryError);
}

TEST_CASE("what is no event is told with a pointer") {
  CHECK(refused("{\"object\":\"list\"}").starts_with("422 not-an-event /object"));
  CHECK(refused("{}") == "422 missing-field /object");
  CHECK(refused(replaced(good, "\"evt_1\"", "12")) == "422 wrong-type /id");
  for (const auto* id :
       {"\"evt_\"", "\"evt_1 \"", "\"../../etc/passwd\"", "\"evt_\\u0000\"", "\"\""})
    CHECK(refused(replaced(good, "\"evt_1\"", id)) == "422 wrong-type /id");
  CHECK(refused(replaced(good, "\"usd\"", "\"us\"")) ==
        "422 unknown-currency /data/object/currency");
  CHECK(refused(replaced(good, "\"usd\"", "\"USD\"")) ==
        "422 unknown-currency /data/object/currency");
  CHECK(refused(replaced(good, "\"currency\"", "\"curency\"")) ==
        "422 missing-field /data/object/currency");
  CHECK(refused(replaced(good, "\"pi_1\"", "1")) == "422 wrong-type /data/object/id");
}

TEST_CASE("money is an integer literal up to 2^53-1, nothing else") {
  const std::string field = "\"amount_received\":2000";
  for (const auto* amount :
       {"-1", "2000.0", "2e3", "9007199254740992", "1e400", "-0", "99999999999999999999"}) {
    CAPTURE(amount);
    CHECK(refused(replaced(good, field, "\"amount_received\":" + std::string(amount))) ==
          "422 invalid-amount /data/object/amount_received");
  }
  CHECK(refused(replaced(good, field, "\"amount_received\":9007199254740991")).empty());
  CHECK(refused(replaced(good, field, "\"amount_received\":\"2000\"")) ==
        "422 wrong-type /data/object/amount_received");
}

TEST_CASE("the fingerprint is of the content, not of how or when it was sent") {
  EventParser parser;
  const auto print = [&](const std::string& body) { return parser.parse(body).fingerprint; };
  CHECK(print(good) == print(replaced(good, "\"object\":\"event\"",
                                      "\"pending_webhooks\":3, \"object\" : \"event\"")));
  CHECK(print(good) != print(payment_event("evt_1", "pi_1", 9)));
  CHECK(print(good) != print(replaced(good, "\"object\":\"event\"",
                                      "\"account\":\"acct_1\",\"object\":\"event\"")));
}

TEST_CASE("types that move no money are ignored, those of others' money are linked") {
  EventParser parser;
  const auto effect = [&](const std::string& type) {
    return parser.parse(replaced(good, "payment_intent.succeeded", type)).effect;
  };
  CHECK(effect("customer.created") == Effect::ignored);
  CHECK(effect("charge.refunded") == Effect::linked);
  CHECK(effect("charge.dispute.created") == Effect::linked);
  CHECK(effect("refund.created") == Effect::refund);
}

TEST_CASE("every currency has its minor unit, and amounts are written with it") {
  CHECK(minor_units("usd") == 2U);
  CHECK(minor_units("jpy") == 0U);
  CHECK(minor_units("kwd") == 3U);
  for (const auto* const none : {"", "us", "USD", "usdx", "xxx", "xau", "u d", "zzz", "a\nb"})
    CHECK(!minor_units(none));
  CHECK(amount_text(79649, "usd") == "796.49 USD");
  CHECK(amount_text(5, "usd") == "0.05 USD");
  CHECK(amount_text(712, "jpy") == "712 JPY");
  CHECK(amount_text(689980, "kwd") == "689.980 KWD");
}

TEST_CASE("everything that is wrong with an event is told at once") {
  EventParser parser;
  std::vector<std::string> pointers;
  try {
    parser.parse(R"({"object":"event","type":"refund.created","created":1,)"
                 R"("data":{"object":{"id":"re_1","amount":-1,"currency":"usd "}}})");
  } catch (const DeliveryError& error) {
    CHECK(error.problem().type == "missing-field");
    for (const auto& one : error.problem().errors) pointers.push_back(one.pointer);
  }
  CHECK(pointers ==
        std::vector<std::string>{"/id", "/data/object/amount", "/data/object/currency"});
}
