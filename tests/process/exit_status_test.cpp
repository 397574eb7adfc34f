// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "process/run_nodeops.hpp"

using namespace nodeops::test;

TEST_CASE("a wrong option, value or combination is a usage error that names it") {
  const TemporaryDirectory place;
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--no-such-option"},
                                                    {"--buffer", "-3"},
                                                    {"--buffer", "much"},
                                                    {"--on-error", "panic"},
                                                    {"--heartbeat", "soon"},
                                                    {"--jobs", "-1"},
                                                    {"--delimiter", "ab"},
                                                    {"--shard", "3/2"},
                                                    {"--where", "nonsense"}}) {
    CAPTURE(arguments[0]);
    const auto outcome = run_csv_transform(place, arguments, "a,b\n1,2\n");
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.out.empty());
    CHECK(contains(outcome.err, arguments[0]));
  }
}

TEST_CASE("a command that does not exist is a usage error with the nearest name") {
  const auto outcome = run_process({.program = NODEOPS_BINARY, .arguments = {"csv-transfrom"}});
  CHECK(outcome.exit_code == 2);
  CHECK(contains(outcome.err, "csv-transform"));
}

TEST_CASE("a terminal as input is a usage error, not a wait") {
  // script runs its command on a terminal of its own and passes the exit status on.
  if (run_process({.program = "script", .arguments = {"-qec", "true", "/dev/null"}}).exit_code !=
      0) {
    MESSAGE("skipped: no terminal can be had here");
    return;
  }
  const auto outcome = run_process(
      {.program = "script",
       .arguments = {"-qec", std::string(NODEOPS_BINARY) + " csv-transform", "/dev/null"}});
  CHECK(outcome.exit_code == 2);
  CHECK(contains(outcome.out, "csv-transform"));
}

TEST_CASE("a column that does not exist is a usage error with the nearest name") {
  const TemporaryDirectory place;
  const auto outcome =
      run_csv_transform(place, {"--upper", "custmer_name"}, "order_id,customer_name\n1,x\n");
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.out.empty());
  CHECK(is_one_message(outcome.err));
  CHECK(contains(outcome.err, "custmer_name"));
  CHECK(contains(outcome.err, "customer_name"));
}

TEST_CASE("an input that does not exist or is a directory exits with 66 and is named") {
  const TemporaryDirectory place;
  place.write("there.csv", "a,b\n1,2\n");
  for (const std::string& input : {std::string("no/such/file.csv"), place.path().string()}) {
    const auto outcome = run_csv_transform(place, {input});
    CHECK(outcome.exit_code == 66);
    CHECK(is_one_message(outcome.err));
    CHECK(contains(outcome.err, input));
  }
  const auto second = run_csv_transform(place, {"-o", "out.csv", "there.csv", "gone.csv"});
  CHECK(second.exit_code == 66);
  CHECK(contains(second.err, "gone.csv"));
  CHECK_FALSE(place.has("out.csv"));
}

TEST_CASE("an output that cannot be created exits with 73 before anything is read") {
  const TemporaryDirectory place;
  Process process(csv_transform(place, {"-o", "no/such/directory/out.csv", "-"}));
  // The input stays open and empty: a run that looked at it first would wait.
  const auto outcome = process.finish();
  CHECK(outcome.exit_code == 73);
  CHECK(is_one_message(outcome.err));
  CHECK(contains(outcome.err, "no/such/directory"));
}

TEST_CASE("UTF-16 is recognised by its byte order mark and refused with advice") {
  const TemporaryDirectory place;
  const std::string little(
      "\xff\xfe"
      "a\0,\0b\0\n\0",
      10);
  const std::string big(
      "\xfe\xff"
      "\0a\0,\0b\0\n",
      10);
  for (const std::string& text : {little, big}) {
    const auto outcome = run_csv_transform(place, {"-"}, text);
    CHECK(outcome.exit_code == 65);
    CHECK(is_one_message(outcome.err));
    CHECK(contains(outcome.err, "UTF-16"));
    CHECK(contains(outcome.err, "iconv"));
  }
}

TEST_CASE("a truncated compressed input exits with 65 and is named") {
  const TemporaryDirectory place;
  for (const std::string& name : {std::string("whole.csv.gz"), std::string("whole.csv.zst")}) {
    CAPTURE(name);
    REQUIRE(run_csv_transform(place, {"-o", name, "-"}, numbered_records(20000)).exit_code == 0);
    const std::string whole = place.read(name);
    place.write("cut-" + name, std::string_view(whole).substr(0, whole.size() / 2));
    const auto outcome = run_csv_transform(place, {"-o", "out.csv", "cut-" + name});
    CHECK(outcome.exit_code == 65);
    CHECK(is_one_message(outcome.err));
    CHECK(contains(outcome.err, "cut-" + name));
    CHECK_FALSE(place.has("out.csv"));
  }
}

TEST_CASE("a ragged record stops the run with its file and line, or is skipped, or kept") {
  const TemporaryDirectory place;
  const std::string input = place.write("in.csv", "a,b\n1,2\n3\n4,5\n");
  const auto stopped = run_csv_transform(place, {"--trim", "a", "in.csv"});
  CHECK(stopped.exit_code == 65);
  CHECK(is_one_message(stopped.err));
  CHECK(contains(stopped.err, "in.csv:3: "));
  const auto skipped = run_csv_transform(place, {"--trim", "a", "--on-error", "skip", "in.csv"});
  CHECK(skipped.exit_code == 1);
  CHECK(skipped.out == "a,b\n1,2\n4,5\n");
  const auto kept = run_csv_transform(place, {"--trim", "a", "--on-error", "keep", "in.csv"});
  CHECK(kept.exit_code == 1);
  CHECK(kept.out == "a,b\n1,2\n3\n4,5\n");
}

TEST_CASE("more malformed records than allowed end a skipping run with 65") {
  const TemporaryDirectory place;
  const std::string text = "a,b\n1\n2\n3\n4,5\n";
  const auto few = run_csv_transform(place, {"--on-error", "skip", "--max-errors", "3", "-"}, text);
  CHECK(few.exit_code == 1);
  const auto many =
      run_csv_transform(place, {"--on-error", "skip", "--max-errors", "2", "-"}, text);
  CHECK(many.exit_code == 65);
  CHECK(contains(many.err, "-:4:"));
}

TEST_CASE("a wrong configuration file exits with 78 and is named") {
  const TemporaryDirectory place;
  place.write("unknown.toml", "no-such-option = 3\n");
  place.write("value.toml", "on-error = \"panic\"\n");
  for (const std::string& name : {std::string("unknown.toml"), std::string("value.toml")}) {
    CAPTURE(name);
    const auto outcome = run_csv_transform(place, {"--config", name, "-"}, "a\n");
    CHECK(outcome.exit_code == 78);
    CHECK(contains(outcome.err, name));
  }
}

TEST_CASE("the command line wins over the environment and the environment over the file") {
  const TemporaryDirectory place;
  place.write("set.toml", "delimiter = \";\"\n");
  Launch launch = csv_transform(place, {"--config", "set.toml", "--select", "2", "-"});
  CHECK(run_process(launch, "a;b|c,d\n").out == "b|c,d\n");
  launch.environment["NODEOPS_DELIMITER"] = "|";
  CHECK(run_process(launch, "a;b|c,d\n").out == "c,d\n");
  launch.arguments.insert(launch.arguments.end() - 1, {"--delimiter", ","});
  CHECK(run_process(launch, "a;b|c,d\n").out == "d\n");
}
