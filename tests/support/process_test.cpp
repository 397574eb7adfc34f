// SPDX-License-Identifier: MIT
#include "support/process.hpp"

#include <doctest/doctest.h>
#include <signal.h>

#include <string>

#include "support/temporary_directory.hpp"

using namespace nodeops::test;

TEST_CASE("a process gives back its output, its words and its exit status") {
  const auto outcome =
      run_process({.program = "sh", .arguments = {"-c", "cat; echo words >&2; exit 7"}}, "data");
  CHECK(outcome.exit_code == 7);
  CHECK(outcome.signal == 0);
  CHECK(outcome.out == "data");
  CHECK(outcome.err == "words\n");
  CHECK(outcome.peak_resident_bytes > 0);
}

TEST_CASE("a process is spoken with while it runs") {
  Process process({.program = "cat", .arguments = {}});
  process.send("one\n");
  CHECK(process.wait_for_output("one\n"));
  process.send("two\n");
  CHECK(process.wait_for_output("two\n"));
  process.signal(SIGTERM);
  CHECK(process.finish().signal == SIGTERM);
}

TEST_CASE("a process that reads more than a pipe holds is fed piece by piece") {
  Process process({.program = "wc", .arguments = {"-c"}});
  int pieces = 100;
  process.send_from([&] { return pieces-- > 0 ? std::string(100000, 'x') : std::string(); });
  CHECK(process.finish().out == "10000000\n");
}

TEST_CASE("a process sees a reader that sleeps and one that goes away") {
  Process process({.program = "yes", .arguments = {}});
  CHECK(process.wait_for_output("y\n"));
  process.hold_output();
  process.close_output();
  CHECK(process.finish().signal == SIGPIPE);
}

TEST_CASE("a process runs where, with what and into what it is told to") {
  const TemporaryDirectory place;
  const auto outcome = run_process({.program = "sh",
                                    .arguments = {"-c", "pwd; printf %s \"$COLOUR\""},
                                    .environment = {{"COLOUR", "blue"}},
                                    .directory = place.path().string(),
                                    .output_path = place / "out"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.empty());
  CHECK(place.read("out") == place.path().string() + "\nblue");
  CHECK(place.names() == std::vector<std::string>{"out"});
}

TEST_CASE("a process meets the end of the disk where it is told to") {
  const TemporaryDirectory place;
  const auto outcome = run_process({.program = "dd",
                                    .arguments = {"if=/dev/zero", "of=full", "bs=1000", "count=9"},
                                    .directory = place.path().string(),
                                    .file_size_limit = 2500});
  CHECK(outcome.exit_code == 1);
  CHECK(place.read("full").size() == 2500);
}

TEST_CASE("a program that is not there exits with 127") {
  CHECK(run_process({.program = "/no/such/program", .arguments = {}}).exit_code == 127);
}
