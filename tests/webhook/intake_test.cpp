// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "core/error.hpp"
#include "webhook/pipeline_support.hpp"

using namespace nodeops;
using namespace nodeops::test;
using namespace nodeops::webhook;

namespace {

/// Payments, redeliveries, broken ones and one that is no event.
std::vector<std::string> mixed(int count) {
  std::vector<std::string> bodies;
  for (int i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    bodies.push_back(payment_event("evt_" + number, "pi_" + number, i));
    if (i % 3 == 0) bodies.push_back(bodies.back());
    if (i % 7 == 0) bodies.push_back(payment_event("evt_" + number, "pi_" + number, i + 1));
    if (i % 11 == 0) bodies.emplace_back("{\"id\": \"evt_");
    if (i % 13 == 0) bodies.emplace_back("{}");
  }
  return bodies;
}

std::vector<Intake> several_intakes() {
  std::vector<Intake> intakes;
  for (int i = 0; i < 5; ++i) intakes.emplace_back(EventParser());
  return intakes;
}

/// A pipeline that reads ahead in four threads.
struct AheadBench : PipelineBench {
  explicit AheadBench(const std::vector<std::string>& bodies) : source(bodies) {
    intakes = several_intakes();
    options.group_commit = 10;
    source.read_ahead = true;
  }
  ListedDeliveries source;
};

}  // namespace

TEST_CASE("what is read ahead is committed and answered as if it had come one by one") {
  const auto bodies = mixed(400);
  PipelineBench one_by_one;
  one_by_one.options.group_commit = 10;
  const auto expected = told(one_by_one.run(bodies));
  AheadBench ahead(bodies);
  CHECK(told(ahead.run(ahead.source)) == expected);
  CHECK(ahead.ledger.groups == one_by_one.ledger.groups);
  CHECK(ahead.totals.items_in == one_by_one.totals.items_in);
  CHECK(ahead.totals.items_failed == one_by_one.totals.items_failed);
}

TEST_CASE("faults strike the same deliveries, however far ahead is read") {
  const auto run = [](PipelineBench& bench, DeliverySource& source) {
    bench.faults = Faults({parse_fault("parse:throw:0.2"), parse_fault("db:down:0.2")}, 7, {});
    bench.patience.retries = 0;
    return told(bench.run(source));
  };
  const auto bodies = mixed(200);
  PipelineBench one_by_one;
  one_by_one.options.group_commit = 10;
  ListedDeliveries source(bodies);
  AheadBench ahead(bodies);
  CHECK(run(ahead, ahead.source) == run(one_by_one, source));
}

TEST_CASE("a limit ends the run within what was read ahead") {
  AheadBench bench(mixed(400));
  bench.options.selection.limit = 25;
  CHECK(told(bench.run(bench.source)).size() == 25);
  CHECK(bench.totals.items_in == 25);
}

TEST_CASE("an input that breaks off ahead is an error behind all that has come") {
  const auto bodies = mixed(300);
  AheadBench bench(bodies);
  bench.source.at_end = [] { throw AppError(ErrorKind::io_failed, "cannot read"); };
  CHECK_THROWS_AS(bench.run(bench.source), AppError);
  CHECK(told(bench.responses.text()).size() == bodies.size());
}

TEST_CASE("answers that cannot be written end the run, and its threads") {
  struct Unwilling : ListedDeliveries {
    using ListedDeliveries::ListedDeliveries;
    void settled(const Response& response) override {
      if (response.number == 50) throw AppError(ErrorKind::io_failed, "no space");
    }
  };
  Unwilling source(mixed(300));
  source.read_ahead = true;
  PipelineBench bench;
  bench.intakes = several_intakes();
  bench.options.group_commit = 10;
  CHECK_THROWS_AS(bench.run(source), AppError);
  CHECK(told(bench.responses.text()).size() == 40);
}

TEST_CASE("a part of the input ends where the next delivery would have to be waited for") {
  ListedDeliveries source(mixed(3));
  source.is_ready = [&] { return source.list.size() != 4; };
  Intake intake{EventParser()};
  const auto read = [&](std::size_t most) {
    return intake.read(source, {.deliveries = most, .bytes = 1U << 20U}, Clock::now, {});
  };
  const auto all = source.list.size();
  CHECK(read(100));
  CHECK(intake.received().size() == all - 4);
  CHECK(intake.has_to_wait());
  CHECK(read(3));
  CHECK(intake.received().size() == 3);
  CHECK_FALSE(intake.has_to_wait());
  CHECK(read(3));
  CHECK(intake.received().size() == 1);
  CHECK_FALSE(read(3));
  CHECK_FALSE(intake.failure());
}

TEST_CASE("a body is not looked at when its signature is not good, or it could not be read") {
  ListedDeliveries source({payment_event("evt_1", "pi_1"), payment_event("evt_2", "pi_2")});
  source.list.back().unreadable = Problem{.status = 413, .type = "", .title = "", .detail = ""};
  Intake intake(EventParser(),
                SignatureVerifier(Scheme::stripe, {"whsec_secret"}, std::chrono::seconds(300)));
  CHECK(intake.read(source, {.deliveries = 2, .bytes = 1U << 20U}, Clock::now, {}));
  intake.examine([](const Delivery&) { return 0; });
  CHECK(intake.received().front().unverified);
  CHECK(intake.received().front().event_id.empty());
  CHECK_FALSE(intake.received().back().unverified);
  CHECK(intake.received().back().event_id.empty());
}
