// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>
#include <signal.h>

#include "process/webhook_replays.hpp"

using namespace nodeops::test;

namespace {

std::string event_lines(int count) {
  std::string lines;
  for (int number = 0; number < count; ++number) lines += event_line(number);
  return lines;
}

}  // namespace

TEST_CASE("a live delivery is answered although the input has not ended") {
  const TemporaryDirectory place;
  Process process(webhook_replay(place, {"-"}));
  process.send(event_line(1));
  CHECK(process.wait_for_output(R"("event_id":"evt_1","status":200,"outcome":"processed")"));
  process.send(event_line(1) + event_line(2).substr(0, 20));
  CHECK(process.wait_for_output(R"("event_id":"evt_1","status":200,"outcome":"duplicate")"));
  process.send(event_line(2).substr(20));
  CHECK(process.wait_for_output(R"("event_id":"evt_2","status":200,"outcome":"processed")"));
  process.end_input();
  CHECK(process.finish().exit_code == 0);
}

TEST_CASE("a file's deliveries are answered before the live input behind it has said anything") {
  const TemporaryDirectory place;
  place.write("lines.ndjson", event_lines(2) + "\n");
  place.write("body.json", event_line(1));
  for (const std::string file : {"lines.ndjson", "body.json"}) {
    CAPTURE(file);
    Process process(webhook_replay(place, {file, "-"}));
    CHECK(process.wait_for_output(R"("event_id":"evt_1","status":200)"));
    process.end_input();
    CHECK(process.finish().exit_code == 0);
  }
}

TEST_CASE("SIGTERM ends a run behind the group in flight, with a report and its responses") {
  const TemporaryDirectory place;
  Process process(webhook_replay(place, {"--report", "r.json", "-o", "responses", "-"}));
  process.send(event_lines(2000));
  REQUIRE(process.wait_until_sent());
  process.signal(SIGTERM);
  const auto outcome = process.finish();
  CHECK(outcome.exit_code == 143);
  CHECK(outcome.err.empty());
  const auto report = nlohmann::json::parse(place.read("r.json"));
  CHECK(report.at("interrupted") == true);
  std::set<int> answered;
  for (const auto& answer : answers(place.read("responses"))) {
    CHECK(answer.at("status") == 200);
    answered.insert(answer.at("n").get<int>() - 1);
  }
  CHECK(report.at("outcomes").at("processed") == answered.size());
  check_ledger(place, answered, answered);
}

TEST_CASE("a reader that goes away ends the run quietly, and nothing is lost") {
  const TemporaryDirectory place;
  place.write("in.ndjson", event_lines(3000));
  Process process(webhook_replay(place, {"--group-commit", "8", "in.ndjson"}));
  REQUIRE(process.wait_for([&] { return process.out().size() > 1000; }));
  process.close_output();
  const auto outcome = process.finish();
  CHECK(outcome.exit_code == 141);
  CHECK(outcome.err.empty());
  CHECK(run_webhook_replay(place, {"-q", "in.ndjson"}).exit_code == 0);
}

TEST_CASE("responses that cannot be written end the run, and what was applied stays so") {
  const TemporaryDirectory place;
  place.write("in.ndjson", event_lines(20));
  const auto full = run_webhook_replay(place, {"-o", "/dev/full", "in.ndjson"});
  CHECK(full.exit_code == 74);
  CHECK(full.err.find("No space left on device") != std::string::npos);
  const auto again = run_webhook_replay(place, {"in.ndjson"});
  CHECK(again.exit_code == 0);
  for (const auto& answer : answers(again.out)) CHECK(answer.at("outcome") == "duplicate");
}

TEST_CASE("a dead letter that cannot be kept ends the run before it is told") {
  const TemporaryDirectory place;
  const auto outcome =
      run_webhook_replay(place, {"--dead-letter", "/dev/full", "-"}, "{\n" + event_line(1));
  CHECK(outcome.exit_code == 74);
  CHECK(outcome.out.empty());
}

TEST_CASE("a file of responses appears whole") {
  const TemporaryDirectory place;
  CHECK(run_webhook_replay(place, {"-o", "responses", "-"}, event_lines(10)).exit_code == 0);
  CHECK(answers(place.read("responses")).size() == 10);
}

TEST_CASE("memory does not grow with the input") {
  const TemporaryDirectory place;
  Launch launch = webhook_replay(place, {"--dry-run", "-"});
  Process process(launch);
  std::size_t pieces = 0;
  const std::string piece = event_lines(4000);
  process.send_from([&] { return ++pieces > 100 ? std::string() : piece; });
  const auto outcome = process.finish();
  CHECK(outcome.exit_code == 0);
  constexpr std::size_t most = std::size_t{96} << 20;
  CHECK(outcome.peak_resident_bytes < most * NODEOPS_MEMORY_FACTOR);
}
