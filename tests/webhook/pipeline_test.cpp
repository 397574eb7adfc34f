// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <new>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/error.hpp"
#include "support/temporary_directory.hpp"
#include "webhook/error_handling.hpp"
#include "webhook/pipeline_support.hpp"

using namespace nodeops;
using namespace nodeops::test;
using namespace nodeops::webhook;

namespace {

DeliveryError database_down() {
  return DeliveryError(Problem{.status = 503,
                               .type = "database-unavailable",
                               .title = "Database unavailable",
                               .detail = "no answer",
                               .retryable = true});
}

}  // namespace

TEST_CASE("each delivery has one answer, in order, and one outcome") {
  PipelineBench bench;
  const auto answers = bench.run({payment_event("evt_1", "pi_1"), payment_event("evt_1", "pi_1"),
                                  payment_event("evt_1", "pi_1", 9), "{\"id\": \"evt_",
                                  payment_event("evt_2", "pi_2")});
  CHECK(told(answers) == Lines{"1 200 processed", "2 200 duplicate", "3 409 rejected",
                               "4 400 rejected", "5 200 processed"});
  CHECK(bench.outcomes.total() == 5);
  CHECK(bench.outcomes.accepted() == 3);
  CHECK(bench.totals.items_in == 5);
  CHECK(bench.totals.items_failed == 2);
}

TEST_CASE("an answer names its problem with an instance of its own") {
  PipelineBench bench;
  const auto answer = nlohmann::json::parse(bench.run({"{"}));
  CHECK(answer.at("event_id").is_null());
  const auto& error = answer.at("error");
  CHECK(error.at("type").get<std::string>().starts_with("urn:nodeops:error:"));
  CHECK(error.at("status") == 400);
  CHECK(error.at("instance").get<std::string>().size() == std::string("urn:uuid:").size() + 36);
  CHECK(answer.contains("elapsed_us"));

  PipelineBench invalid;
  const auto refused = nlohmann::json::parse(invalid.run({payment_event("evt_7", "pi_1", -1)}));
  CHECK(refused.at("status") == 422);
  CHECK(refused.at("event_id") == "evt_7");
  CHECK(refused.at("error").at("errors").front().at("pointer") == "/data/object/amount_received");
}

TEST_CASE("a group is one commit; a pause of the input ends it early") {
  PipelineBench bench;
  bench.options.group_commit = 3;
  std::vector<std::string> bodies;
  for (int i = 0; i < 7; ++i)
    bodies.push_back(payment_event("evt_" + std::to_string(i), "pi_" + std::to_string(i)));
  bench.run(bodies);
  CHECK(bench.ledger.groups == std::vector<std::size_t>{3, 3, 1});

  PipelineBench paused;
  ListedDeliveries source(bodies);
  source.is_ready = [&] { return source.list.size() != 5; };
  std::string before_the_end;
  source.at_end = [&] { before_the_end = paused.responses.text(); };
  paused.run(source);
  CHECK(paused.ledger.groups == std::vector<std::size_t>{2, 5});
  CHECK(told(before_the_end).size() == 2);
}

TEST_CASE("large bodies make small groups") {
  PipelineBench bench;
  bench.options.group_bytes = 1;
  bench.run({payment_event("evt_1", "pi_1"), payment_event("evt_2", "pi_2")});
  CHECK(bench.ledger.groups == std::vector<std::size_t>{1, 1});
}

TEST_CASE("a database that comes back is asked again, with growing waits") {
  PipelineBench bench;
  int failures = 2;
  bench.ledger.before = [&](auto) {
    if (failures-- > 0) throw database_down();
  };
  CHECK(told(bench.run({payment_event("evt_1", "pi_1")})) == Lines{"1 200 processed"});
  CHECK(bench.waits.size() == 2);
  for (const auto wait : bench.waits) CHECK(wait <= bench.patience.backoff.cap);
}

TEST_CASE("a database that stays down gives 503, and an open breaker says when to come again") {
  PipelineBench bench;
  bench.options.group_commit = 1;
  bench.patience.retries = 1;
  bench.ledger.before = [](auto) { throw database_down(); };
  std::vector<std::string> bodies(6, payment_event("evt_1", "pi_1"));
  const auto answers = bench.run(bodies);
  CHECK(bench.outcomes.of(Outcome::deferred) == 6);
  CHECK(bench.ledger.groups.size() == 5);
  CHECK(answers.find("urn:nodeops:error:database-unavailable") != std::string::npos);
  CHECK(answers.find(R"("retry_after_s":5,"error":{"type":"urn:nodeops:error:circuit-open")") !=
        std::string::npos);
  CHECK(bench.never_answered);
}

TEST_CASE("a breaker closes after a good trial") {
  PipelineBench bench;
  bench.options.group_commit = 1;
  bench.patience.retries = 0;
  int failures = 5;
  bench.ledger.before = [&](auto) {
    if (failures-- > 0) throw database_down();
  };
  ListedDeliveries source(std::vector<std::string>(7, payment_event("evt_1", "pi_1")));
  source.is_ready = [&] { return bench.now += std::chrono::seconds(1), true; };
  CHECK(told(bench.run(source)).back() == "7 503 deferred");
  bench.now += std::chrono::seconds(5);
  CHECK(told(bench.run({payment_event("evt_1", "pi_1")})).back() == "1 200 processed");
}

TEST_CASE("a programmer error takes one delivery down, not its group") {
  PipelineBench bench;
  bench.ledger.before = [](std::span<const Claim> group) {
    for (const Claim& claim : group)
      if (claim.event->id == "evt_2") throw std::logic_error("secret of jane.roe@example.com");
  };
  const auto answers = bench.run({payment_event("evt_1", "pi_1"), payment_event("evt_2", "pi_2"),
                                  payment_event("evt_3", "pi_3")});
  CHECK(told(answers) == Lines{"1 200 processed", "2 500 dead_lettered", "3 200 processed"});
  CHECK(answers.find("jane") == std::string::npos);
  REQUIRE(bench.ledger.letters.size() == 1);
  CHECK(bench.ledger.letters.front().event_id == "evt_2");
  CHECK(bench.ledger.letters.front().body == payment_event("evt_2", "pi_2"));
}

TEST_CASE("what could be kept nowhere may be sent again") {
  PipelineBench bench;
  bench.ledger.keeps_nothing = true;
  bench.ledger.before = [](auto) { throw std::logic_error("a bug"); };
  const auto answers = bench.run({payment_event("evt_1", "pi_1")});
  CHECK(told(answers) == Lines{"1 500 deferred"});
  CHECK(answers.find("kept") == std::string::npos);
}

TEST_CASE("memory that runs out for one delivery defers that one") {
  PipelineBench bench;
  bench.ledger.before = [](std::span<const Claim> group) {
    if (group.size() > 1) throw std::bad_alloc();
  };
  const auto answers = bench.run({payment_event("evt_1", "pi_1"), payment_event("evt_2", "pi_2")});
  CHECK(bench.outcomes.total() == 2);
  CHECK(told(answers).front() == "1 503 deferred");
}

TEST_CASE("faults strike where they are put, and the same ones for the same seed") {
  const auto run = [](std::string_view fault, std::uint64_t seed) {
    PipelineBench bench;
    bench.patience.retries = 0;
    bench.patience.breaker.failures = 1000;
    bench.faults = Faults({parse_fault(fault)}, seed, {});
    std::vector<std::string> bodies;
    for (int i = 0; i < 20; ++i)
      bodies.push_back(payment_event("evt_" + std::to_string(i), "pi_" + std::to_string(i)));
    return told(bench.run(bodies));
  };
  for (const auto* stage : {"read", "verify", "parse", "validate", "claim", "respond"}) {
    CAPTURE(stage);
    CHECK(run(std::string(stage) + ":throw", 1) == run(std::string(stage) + ":throw:1", 2));
    CHECK(run(std::string(stage) + ":throw", 1).front() == "1 500 dead_lettered");
    CHECK(run(std::string(stage) + ":locked", 1).front() == "1 503 deferred");
  }
  const auto some = run("db:down:0.4", 3);
  CHECK(some == run("db:down:0.4", 3));
  CHECK(some != run("db:down:0.4", 4));
  CHECK(std::count(some.begin(), some.end(), "1 200 processed") +
            std::count(some.begin(), some.end(), "1 503 deferred") ==
        1);
}

TEST_CASE("a fault that is none is refused with what is allowed") {
  for (const auto* text :
       {"", "db", "db:", "db:up", "data:down", "db:slow", "db:slow=x", "db:down=2s", "db:down:2",
        "db:down:-1", "db:down:", "db:down:nan", "db:down:0.5:1"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_fault(text), AppError);
  }
  CHECK(parse_fault("db:slow=200ms:0.1").time == std::chrono::milliseconds(200));
}

TEST_CASE("a selection leaves deliveries out without an answer") {
  PipelineBench bench;
  bench.options.selection.types = {"payment_intent.*"};
  bench.options.selection.since = 1756700000;
  bench.options.selection.until = 1756700001;
  bench.options.selection.limit = 1;
  const std::string other =
      R"({"id":"evt_9","object":"event","type":"customer.created","created":1756700000,)"
      R"("data":{"object":{"id":"cus_1","object":"customer"}}})";
  CHECK(told(bench.run({other, payment_event("evt_1", "pi_1"), payment_event("evt_2", "pi_2")})) ==
        Lines{"2 200 processed"});
  CHECK(bench.totals.items_skipped == 1);
}

TEST_CASE("times and globs are read as they are written everywhere") {
  CHECK(parse_time("1756700000") == 1756700000);
  CHECK(parse_time("2025-09-01") == 1756684800);
  CHECK(parse_time("2025-09-01T00:00:10Z") == 1756684810);
  CHECK(parse_time("2025-09-01T02:00:10+02:00") == 1756684810);
  for (const auto* bad : {"", "soon", "2025-02-30", "2025-09-01T25:00:00Z", "2025-09-01T00:00:10"})
    CHECK_FALSE(parse_time(bad));
  CHECK(fits("charge.refunded", "charge.*"));
  CHECK(fits("abcbc", "a*bc"));
  CHECK_FALSE(fits("charge.refunded", "charge"));
  CHECK_FALSE(fits("abcbd", "a*bc"));
}

TEST_CASE("dead letters can be read again, are private, and stand behind half a line") {
  const TemporaryDirectory place;
  place.write("dead.ndjson", "{\"headers\":{},\"bo");
  const std::string path = place / "dead.ndjson";
  {
    DeadLetterFile file(path);
    PipelineBench bench;
    bench.dead_letters = &file;
    bench.patience.retries = 0;
    bench.ledger.before = [](auto) { throw database_down(); };
    CHECK(told(bench.run({payment_event("evt_1", "pi_1"), "\xff{"})) ==
          Lines{"1 503 deferred", "2 400 rejected"});
  }
  const std::string text = place.read("dead.ndjson");
  const auto first = text.find('\n') + 1;
  const auto second = text.find('\n', first) + 1;
  const auto letter = nlohmann::json::parse(text.substr(first, second - first));
  CHECK(letter.at("body") == payment_event("evt_1", "pi_1"));
  CHECK(letter.at("reason").at("status") == 503);
  CHECK(nlohmann::json::parse(text.substr(second)).at("body_base64") == "/3s=");
  CHECK(std::filesystem::status(path).permissions() == std::filesystem::perms(0600));
}

TEST_CASE("a stop ends the run behind the group in flight") {
  PipelineBench bench;
  ListedDeliveries source({payment_event("evt_1", "pi_1"), payment_event("evt_2", "pi_2")});
  source.is_ready = [&] { return bench.stop.request_stop(), true; };
  CHECK_THROWS_AS(bench.run(source), AppError);
  CHECK(told(bench.responses.text()) == Lines{"1 200 processed"});
}

TEST_CASE("an input that breaks off is an error behind the answers of what has come") {
  const auto break_off = []() -> bool { throw AppError(ErrorKind::io_failed, "cannot read"); };
  for (const bool when_looked_at : {false, true}) {
    PipelineBench bench;
    ListedDeliveries source({payment_event("evt_1", "pi_1")});
    if (when_looked_at) source.is_ready = break_off;
    source.at_end = break_off;
    CHECK_THROWS_AS(bench.run(source), AppError);
    CHECK(told(bench.responses.text()) == Lines{"1 200 processed"});
  }
}

TEST_CASE("out of memory outside of a delivery ends the run as a bug, behind what was durable") {
  PipelineBench bench;
  ListedDeliveries source({payment_event("evt_1", "pi_1")});
  source.at_end = [] { throw std::bad_alloc(); };
  const auto ended = settle([&] { return bench.run(source); });
  CHECK(told(bench.responses.text()) == Lines{"1 200 processed"});
  REQUIRE_FALSE(ended);
  CHECK_THROWS_AS(rethrow_fatal(ended.error()), std::logic_error);
}

TEST_CASE("signatures are compared with the time of receipt, or with the time that is given") {
  PipelineBench bench;
  bench.intakes =
      one_intake(SignatureVerifier(Scheme::stripe, {"whsec_secret"}, std::chrono::seconds(300)));
  CHECK(told(bench.run({payment_event("evt_1", "pi_1")})) == Lines{"1 401 rejected"});
  CHECK(bench.ledger.letters.empty());
}
