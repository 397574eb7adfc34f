// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>
#include <signal.h>

#include "process/run_nodeops.hpp"

using namespace nodeops::test;
using Names = std::vector<std::string>;

TEST_CASE("a closed pipe downstream ends the run quietly with 141") {
  const TemporaryDirectory place;
  Process process(csv_transform(place, {"--no-header", "-"}));
  process.send_from([] { return std::string(1 << 16, 'x') + ",y\n"; });
  REQUIRE(process.wait_for_output(",y\n"));
  process.close_output();
  const auto outcome = process.finish();
  CHECK(outcome.exit_code == 141);
  CHECK(outcome.err.empty());
}

TEST_CASE("a full device exits with 74 and says so") {
  const TemporaryDirectory place;
  Launch launch = csv_transform(place, {"-"});
  launch.output_path = "/dev/full";
  for (const std::string& text : {std::string("a,b\n1,2\n"), numbered_records(300000)}) {
    const auto to_stream = run_process(launch, text);
    CHECK(to_stream.exit_code == 74);
    CHECK(is_one_message(to_stream.err));
    CHECK(contains(to_stream.err, "No space left on device"));
  }
  const auto named = run_csv_transform(place, {"-o", "/dev/full", "-"}, "a,b\n1,2\n");
  CHECK(named.exit_code == 74);
  CHECK(contains(named.err, "/dev/full"));
}

TEST_CASE("a closed standard output exits with 74") {
  const auto outcome = run_process(
      {.program = "sh", .arguments = {"-c", "exec \"$0\" csv-transform - >&-", NODEOPS_BINARY}},
      "a,b\n1,2\n");
  CHECK(outcome.exit_code == 74);
  CHECK(is_one_message(outcome.err));
}

TEST_CASE("a disk that fills exits with 74 and leaves the old file and nothing else") {
  const TemporaryDirectory place;
  for (const std::string& target : {std::string("out.csv"), std::string("out.csv.gz")}) {
    place.write(target, "old");
    Launch launch = csv_transform(place, {"-o", target, "-"});
    launch.file_size_limit = 100000;
    const auto outcome = run_process(launch, numbered_records(200000));
    CHECK(outcome.exit_code == 74);
    CHECK(is_one_message(outcome.err));
    CHECK(contains(outcome.err, target));
    CHECK(place.read(target) == "old");
    CHECK(place.names() == Names{target});
    std::filesystem::remove(place / target);
  }
}

TEST_CASE("a rejects file that does not fit exits with 74 too") {
  const TemporaryDirectory place;
  place.write("bad.csv", "old");
  Launch launch = csv_transform(place, {"--on-error", "skip", "--rejects", "bad.csv", "-"});
  launch.file_size_limit = 100000;
  std::string text = "a,b\n";
  for (int i = 0; i < 50000; ++i) text += "ragged " + std::to_string(i) + "\n";
  const auto outcome = run_process(launch, text);
  CHECK(outcome.exit_code == 74);
  CHECK(contains(outcome.err, "bad.csv"));
}

TEST_CASE("a run that fails leaves the old output and nothing else") {
  const TemporaryDirectory place;
  place.write("out.csv", "old");
  const auto outcome = run_csv_transform(place, {"--trim", "a", "-o", "out.csv", "-"}, "a,b\n1\n");
  CHECK(outcome.exit_code == 65);
  CHECK(place.read("out.csv") == "old");
  CHECK(place.names() == Names{"out.csv"});
}

TEST_CASE("kill -9 in the middle leaves the old output and nothing else") {
  const TemporaryDirectory place;
  place.write("out.csv", "old");
  Process process(csv_transform(place, {"-o", "out.csv", "--upper", "name", "-"}));
  process.send(numbered_records(500000));
  REQUIRE(process.wait_until_sent());
  process.signal(SIGKILL);
  CHECK(process.finish().signal == SIGKILL);
  CHECK(place.read("out.csv") == "old");
  CHECK(place.names() == Names{"out.csv"});
}

TEST_CASE("an output may replace the input it is made from") {
  const TemporaryDirectory place;
  const std::string text = numbered_records(200000);
  place.write("same.csv", text);
  const auto outcome =
      run_csv_transform(place, {"--capitalize", "name", "-o", "same.csv", "same.csv"});
  CHECK(outcome.exit_code == 0);
  std::string expected = text;
  for (std::size_t at = 0; (at = expected.find("name of", at)) != std::string::npos;) {
    expected.replace(at, 7, "Name Of");
  }
  CHECK(place.read("same.csv") == expected);
  CHECK(place.names() == Names{"same.csv"});
}

TEST_CASE("an output keeps the permissions of the file it replaces") {
  const TemporaryDirectory place;
  place.write("out.csv", "old");
  std::filesystem::permissions(place / "out.csv", std::filesystem::perms(0640));
  CHECK(run_csv_transform(place, {"-o", "out.csv", "-"}, "a\n1\n").exit_code == 0);
  CHECK(std::filesystem::status(place / "out.csv").permissions() == std::filesystem::perms(0640));
  CHECK(place.read("out.csv") == "a\n1\n");
}

TEST_CASE("a FIFO as output is written in place") {
  const TemporaryDirectory place;
  const std::string fifo = place / "pipe";
  REQUIRE(run_process({.program = "mkfifo", .arguments = {fifo}}).exit_code == 0);
  Process reader({.program = "cat", .arguments = {fifo}});
  CHECK(run_csv_transform(place, {"-o", "pipe", "-"}, "a,b\n1,2\n").exit_code == 0);
  CHECK(reader.finish().out == "a,b\n1,2\n");
  CHECK(std::filesystem::is_fifo(fifo));
}

TEST_CASE("a report or metrics file that cannot be written is told before the work") {
  const TemporaryDirectory place;
  for (const std::string option : {"--report", "--metrics-file", "--events", "--log-file"}) {
    for (const std::string file : {"missing/file", "."}) {
      CAPTURE(option);
      CAPTURE(file);
      const auto outcome = run_csv_transform(place, {option, file, "-"}, "a\n1\n");
      CHECK(outcome.exit_code == 73);
      CHECK(outcome.out.empty());
    }
  }
}

TEST_CASE("metrics that go into a device are written, not read") {
  const TemporaryDirectory place;
  CHECK(run_csv_transform(place, {"--metrics-file", "/dev/full", "-"}, "a\n1\n").exit_code == 74);
  CHECK(run_csv_transform(place, {"--metrics-file", "/dev/null", "-"}, "a\n1\n").exit_code == 0);
}

TEST_CASE("a dry run writes nothing and says what it would write") {
  const TemporaryDirectory place;
  place.write("out.csv", "old");
  const auto outcome = run_csv_transform(
      place, {"--dry-run", "--on-error", "skip", "--rejects", "bad.csv", "-o", "out.csv", "-"},
      "a,b\n1,2\n3\n");
  CHECK(outcome.exit_code == 1);
  CHECK(outcome.out.empty());
  CHECK(contains(outcome.err, "out.csv"));
  CHECK(place.read("out.csv") == "old");
  CHECK(place.names() == Names{"out.csv"});
}

TEST_CASE("an output is compressed by its suffix and read back by its first bytes") {
  const TemporaryDirectory place;
  const std::string text = numbered_records(50000);
  for (const std::string& name : {std::string("a.csv.gz"), std::string("a.csv.zst")}) {
    CAPTURE(name);
    CHECK(run_csv_transform(place, {"-o", name, "-"}, text).exit_code == 0);
    CHECK(place.read(name).size() < text.size() / 2);
    std::filesystem::rename(place / name, place / "plain-name");
    const auto back = run_csv_transform(place, {"plain-name"});
    CHECK(back.exit_code == 0);
    CHECK(back.out == text);
  }
}
