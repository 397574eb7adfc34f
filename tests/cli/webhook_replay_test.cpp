// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/webhook_cli.hpp"

using namespace nodeops::test;
using Arguments = std::vector<std::string>;

TEST_CASE("a second run applies nothing again, and the report adds up") {
  const Replay replay;
  const std::string input = payment("evt_1", "pi_1") + payment("evt_2", "pi_2", 500) + "{\n" +
                            payment("evt_1", "pi_1", 9);
  const auto first = replay.run({"--report", replay.place / "r.json"}, input);
  CHECK(first.exit_code == 1);
  CHECK(told(first.out) ==
        Arguments{"200 processed", "200 processed", "400 rejected", "409 rejected"});
  CHECK(replay.report().at("ledger").at("succeeded") == nlohmann::json{{"usd", 2500}});
  CHECK(replay.report().at("outcomes") == nlohmann::json{{"processed", 2},
                                                         {"duplicate", 0},
                                                         {"ignored", 0},
                                                         {"rejected", 2},
                                                         {"deferred", 0},
                                                         {"dead_lettered", 0}});
  const auto second = replay.run({"--report", replay.place / "r.json"},
                                 payment("evt_1", "pi_1") + payment("evt_2", "pi_2", 500));
  CHECK(second.exit_code == 0);
  CHECK(told(second.out) == Arguments{"200 duplicate", "200 duplicate"});
  CHECK(replay.report().at("ledger").at("succeeded") == nlohmann::json{{"usd", 2500}});
}

TEST_CASE("what is wrong on the command line is told with what is allowed") {
  const Replay replay;
  for (const auto& [arguments, words] : std::vector<std::pair<Arguments, std::string>>{
           {{"--fault", "db:up"}, "--fault: 'db:up' is not allowed; allowed: STAGE:KIND[:P]"},
           {{"--backoff", "2s:1s"}, "--backoff: '2s:1s' is not allowed"},
           {{"--breaker", "5/10s"}, "--breaker: '5/10s' is not allowed"},
           {{"--breaker", "0/10s/1s"}, "--breaker"},
           {{"--retries", "-1"}, "--retries: '-1' is not allowed; allowed: 0 to 100"},
           {{"--filter", "kind=a"}, "--filter: 'kind=a' is not allowed; allowed: type=GLOB"},
           {{"--since", "yesterday"}, "--since: 'yesterday' is not allowed"},
           {{"--verify", "paypal"}, "--verify: 'paypal' is not allowed"},
           {{"--verify", "stripe"}, "--verify: a secret is missing"},
           {{"--secret-file", "s"}, "--secret-file: goes with --verify"},
           {{"--group-commit", "0"}, "--group-commit"},
           {{"--max-body", "1T"}, "--max-body"},
           {{"--redrive", "in.ndjson"}, "--redrive: takes its deliveries from the ledger"},
           {{"--redrive", "--dry-run"}, "exclude each other"},
           {{"--now", "never"}, "--now: 'never' is not allowed"}}) {
    const auto outcome = replay.run(arguments);
    CAPTURE(outcome.err);
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.err.find(words) != std::string::npos);
  }
  CHECK(replay.place.names().empty());
}

TEST_CASE("a file that does not exist ends the run before anything is made") {
  const Replay replay;
  const auto outcome = replay.run({replay.place / "nosuch.ndjson"});
  CHECK(outcome.exit_code == 66);
  CHECK(outcome.err.find("nosuch.ndjson") != std::string::npos);
  CHECK(replay.place.names().empty());
}

TEST_CASE("a ledger that cannot be opened is 69, one that never answers too") {
  const Replay replay;
  const auto outcome = run_nodeops(
      {"webhook-replay", "--ledger", "sqlite:" + replay.place / "no/such/l.db"}, payment("e", "p"));
  CHECK(outcome.exit_code == 69);
  CHECK(outcome.out.empty());
  const auto down = replay.run({"--fault", "db:down", "--retries", "0"}, payment("evt_1", "pi_1"));
  CHECK(down.exit_code == 69);
  CHECK(told(down.out) == Arguments{"503 deferred"});
}

TEST_CASE("a dry run answers nobody and makes nothing") {
  const Replay replay;
  const auto outcome = replay.run({"--dry-run", "--dead-letter", replay.place / "dead.ndjson"},
                                  payment("evt_1", "pi_1") + "{\n");
  CHECK(outcome.exit_code == 1);
  CHECK(outcome.out.empty());
  CHECK(outcome.err.find("dry run: would process 1 deliveries, ignore 0, refuse 1") !=
        std::string::npos);
  CHECK(replay.place.names().empty());
}

TEST_CASE("dead letters of a database that was down are replayed from their file") {
  const Replay replay;
  const auto dead = replay.place / "dead.ndjson";
  std::string input;
  for (int i = 0; i < 20; ++i)
    input += payment("evt_" + std::to_string(i), "pi_" + std::to_string(i));
  const auto first = replay.run(
      {"--retries", "0", "--fault", "db:down:0.4", "--seed", "3", "--dead-letter", dead}, input);
  CHECK(first.exit_code == 1);
  CHECK(first.out.find("database-unavailable") != std::string::npos);
  const auto second = replay.run({dead});
  CHECK(second.exit_code == 0);
  CHECK(told(replay.run({}, input).out) == Arguments(20, "200 duplicate"));
}

TEST_CASE("dead letters of the ledger are redriven until they are applied") {
  const Replay replay;
  const auto first = replay.run({"--fault", "validate:throw"}, payment("evt_1", "pi_1"));
  CHECK(told(first.out) == Arguments{"500 dead_lettered"});
  CHECK(told(replay.run({"--redrive", "--fault", "validate:throw"}).out) ==
        Arguments{"500 dead_lettered"});
  CHECK(told(replay.run({"--redrive"}).out) == Arguments{"200 processed"});
  CHECK(told(replay.run({"--redrive"}).out).empty());
}

TEST_CASE("secrets come from a file or the environment, and several are a rotation") {
  const Replay replay;
  const std::string body = payment("evt_1", "pi_1");
  const std::map<std::string, std::string> environment = {{"NODEOPS_WEBHOOK_SECRET", "a\nb"}};
  const auto outcome = replay.run({"--verify", "stripe"}, body, environment);
  CHECK(told(outcome.out) == Arguments{"401 rejected"});
  CHECK(outcome.out.find("missing-signature") != std::string::npos);
}

TEST_CASE("a dead letter keeps every value of its signature's header") {
  const Replay replay;
  // The example of GitHub's documentation.
  const std::string delivery =
      R"({"headers":{"X-Hub-Signature-256":["sha256=00","sha256=)"
      R"(757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"]},"body":"Hello, World!"})";
  const std::map<std::string, std::string> secret = {
      {"NODEOPS_WEBHOOK_SECRET", "It's a Secret to Everybody"}};
  const auto dead = replay.place / "dead.ndjson";
  CHECK(told(replay.run({"--verify", "github", "--dead-letter", dead}, delivery, secret).out) ==
        Arguments{"400 rejected"});
  CHECK(told(replay.run({"--verify", "github", dead}, {}, secret).out) ==
        Arguments{"400 rejected"});
}

TEST_CASE("directories hold bodies with headers beside them, and lines, plain or compressed") {
  const Replay replay;
  std::filesystem::create_directory(replay.place.path() / "in");
  replay.place.write("in/a.json", "Hello, World!");
  // The example of GitHub's documentation.
  replay.place.write("in/a.json.headers",
                     "Content-Type: application/json\r\nX-Hub-Signature-256: "
                     "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17\r\n");
  replay.place.write("in/b.json", "Hello, World?");
  replay.place.write("in/b.json.headers", replay.place.read("in/a.json.headers"));
  replay.place.write("in/c.ndjson", payment("evt_1", "pi_1") + payment("evt_2", "pi_2"));
  replay.place.write("in/d.txt", "no delivery");
  const std::map<std::string, std::string> secret = {
      {"NODEOPS_WEBHOOK_SECRET", "It's a Secret to Everybody"}};
  const auto verified = replay.run({"--verify", "github", replay.place / "in"}, {}, secret);
  CHECK(told(verified.out) ==
        Arguments{"400 rejected", "401 rejected", "401 rejected", "401 rejected"});
  const auto plain = replay.run({"--limit", "3", replay.place / "in"});
  CHECK(told(plain.out) == Arguments{"400 rejected", "400 rejected", "200 processed"});
}

TEST_CASE("a body that is too large is answered, and not kept") {
  const Replay replay;
  const auto dead = replay.place / "dead.ndjson";
  const auto outcome =
      replay.run({"--max-body", "300", "--dead-letter", dead},
                 payment("evt_" + std::string(200, 'x'), "pi_1") + payment("evt_1", "pi_1"));
  CHECK(told(outcome.out) == Arguments{"413 rejected", "200 processed"});
  CHECK(replay.place.read("dead.ndjson").empty());
}

TEST_CASE("nothing personal leaves the run") {
  const Replay replay;
  std::string bad = payment("evt_1", "pi_1");
  bad.replace(bad.find("\"usd\""), 5, "\"jane.roe@example.com\"");
  const auto outcome = replay.run({"-v", "--report", replay.place / "r.json"}, bad);
  CHECK(told(outcome.out) == Arguments{"422 rejected"});
  const std::string all = outcome.out + outcome.err + replay.place.read("r.json");
  CHECK(all.find("jane.roe") == std::string::npos);
}

TEST_CASE("the metrics tell what became of the deliveries, and which payments are in dispute") {
  const Replay replay;
  const auto outcome =
      replay.run({"--metrics-file", replay.place / "m.prom", "--report", replay.place / "r.json"},
                 payment("evt_1", "pi_1") + payment("evt_2", "pi_1", 9) + "{\n");
  CHECK(outcome.err.find("event_id=evt_2 object_id=pi_1") != std::string::npos);
  CHECK(replay.report().at("disagreements") == 1);
  const std::string metrics = replay.place.read("m.prom");
  for (const auto* const line : {"outcome=\"processed\"} 1", "outcome=\"duplicate\"} 1",
                                 "outcome=\"rejected\"} 1", "outcome=\"deferred\"} 0"})
    CHECK(metrics.find("nodeops_webhook_deliveries_total{command=\"webhook-replay\"," +
                       std::string(line)) != std::string::npos);
  CHECK(metrics.find("nodeops_webhook_disagreements_total{command=\"webhook-replay\"} 1") !=
        std::string::npos);
}

TEST_CASE("a file may hold an array or a provider's list of events") {
  const Replay replay;
  const auto one = payment("evt_1", "pi_1");
  const auto two = payment("evt_2", "pi_2");
  replay.place.write("array.json", "[" + one + "," + two + "]");
  replay.place.write("list.json", R"({"object":"list","data":[)" + two + "," + one + "]}");
  replay.place.write("empty.json", "[]");
  const auto outcome = replay.run(
      {replay.place / "array.json", replay.place / "list.json", replay.place / "empty.json"});
  CHECK(told(outcome.out) == Arguments{"200 processed", "200 processed", "200 duplicate",
                                       "200 duplicate", "422 rejected"});
}

TEST_CASE("a line of dead letters that fails again says how often, and is poison at the fifth") {
  const Replay replay;
  std::string input = "{\n";
  for (int times = 0; times < 7; ++times) {
    const auto dead = replay.place / ("dead" + std::to_string(times));
    CHECK(told(replay.run({"--dead-letter", dead}, input).out) == Arguments{"400 rejected"});
    input = replay.place.read("dead" + std::to_string(times));
    CHECK(input.find("\"redrives\":" + std::to_string(times)) != std::string::npos);
    CHECK((input.find("\"poison\":true") != std::string::npos) == (times >= 5));
  }
}

TEST_CASE("the ledger's totals are told in usual units when asked to tell more") {
  const Replay replay;
  const auto outcome = replay.run({"-v"}, payment("evt_1", "pi_1"));
  CHECK(outcome.err.find("the ledger holds 1 events; 1 payments: ") != std::string::npos);
  CHECK(outcome.err.find(" USD; 0 refunds\n") != std::string::npos);
  CHECK(replay.run({}, payment("evt_1", "pi_1")).err.empty());
}

TEST_CASE("an event written with other numbers of the same value is the same event") {
  const Replay replay;
  std::string one = payment("evt_1", "pi_1");
  one.insert(one.find("\"id\":\"pi_1\""), "\"rate\":1,");
  std::string same = one;
  same.replace(same.find("\"rate\":1"), 8, "\"rate\":1.0");
  std::string other = one;
  other.replace(other.find("\"rate\":1"), 8, "\"rate\":1.1");
  CHECK(told(replay.run({}, one + same + other).out) ==
        Arguments{"200 processed", "200 duplicate", "409 rejected"});
}

TEST_CASE("what a run writes is not put where the next one would take it for a delivery") {
  const Replay replay;
  std::filesystem::create_directory(replay.place / "in");
  replay.place.write("in/1.ndjson", payment("evt_1", "pi_1"));
  for (const auto& [option, file] : {std::pair("--report", "in/report.json"),
                                     {"--dead-letter", "in/dead.ndjson"},
                                     {"--events", "in/sub/../events.jsonl"},
                                     {"--metrics-file", "in/1.ndjson"}}) {
    const auto outcome = replay.run({option, replay.place / file, replay.place / "in"});
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.err.find("would be taken for one of the files to work on") != std::string::npos);
  }
  CHECK(replay.place.read("in/1.ndjson") == payment("evt_1", "pi_1"));
  CHECK(replay.run({"--report", replay.place / "in/report.txt", replay.place / "in"}).exit_code ==
        0);
}
