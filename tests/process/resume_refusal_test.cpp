// SPDX-License-Identifier: MIT
// When a checkpoint is gone on with, when not, and what is said about it.
#include <doctest/doctest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "process/run_nodeops.hpp"

using namespace nodeops::test;

namespace {

using Arguments = std::vector<std::string>;

const Arguments job = {"--upper", "name", "--buffer", "4K",    "--checkpoint",
                       "c",       "-o",   "out.csv",  "in.csv"};

Arguments with(Arguments more) {
  more.insert(more.end(), job.begin(), job.end());
  return more;
}

ProcessOutcome run_to(const TemporaryDirectory& place, const Arguments& arguments,
                      const std::string& fault) {
  Launch launch = csv_transform(place, arguments);
  launch.environment = {{"NODEOPS_TEST_CHECKPOINT_FAULT", fault}};
  return run_process(launch);
}

std::string upper_names(std::string text) {
  for (std::size_t at = 8; (at = text.find("name of", at)) != std::string::npos; at += 7)
    text.replace(at, 7, "NAME OF");
  return text;
}

/// A place where the job has died half-way.
class HalfDone {
 public:
  HalfDone() {
    place.write("in.csv", text);
    REQUIRE(run_to(place, job, "after-rename:3").signal == SIGKILL);
    REQUIRE(place.has("c"));
    REQUIRE(place.has(".out.csv.nodeops-partial"));
    REQUIRE_FALSE(place.has("out.csv"));
  }

  /// Says no, and why, and leaves everything as it was: what has died can still be gone on with.
  void refuses(const Arguments& arguments, const std::string& why) const {
    const auto checkpoint = place.read("c");
    const auto partial = place.read(".out.csv.nodeops-partial");
    const auto outcome = run_to(place, arguments, "none");
    CHECK(outcome.exit_code == 65);
    CHECK_MESSAGE(contains(outcome.err, why), outcome.err);
    CHECK(is_one_message(outcome.err));
    CHECK(place.read("c") == checkpoint);
    CHECK(place.read(".out.csv.nodeops-partial") == partial);
  }

  void ends_well() const {
    const auto outcome = run_to(place, with({"--resume"}), "");
    CHECK_MESSAGE(outcome.exit_code == 0, outcome.err);
    CHECK(place.read("out.csv") == upper_names(text));
    CHECK_FALSE(place.has("c"));
    CHECK_FALSE(place.has(".out.csv.nodeops-partial"));
  }

  TemporaryDirectory place;
  std::string text = numbered_records(2000);
};

}  // namespace

TEST_CASE("a run with other options is refused with 65, which are named") {
  const HalfDone half;
  half.refuses(with({"--resume", "--trim", "id"}), "--upper 'name' stood where --trim 'id' is");
  half.refuses({"--resume", "--upper", "id", "--checkpoint", "c", "-o", "out.csv", "in.csv"},
               "--upper was 'name', is 'id'");
  half.refuses({"--resume", "--upper", "name", "--checkpoint", "c", "-o", "new.csv", "in.csv"},
               "--output was 'out.csv', is 'new.csv'");
  half.refuses(with({"--resume", "--on-error", "skip"}), "--on-error was 'stop', is 'skip'");
  CHECK_FALSE(half.place.has("new.csv"));
  half.ends_well();
}

TEST_CASE("options that do not decide about the output may be other ones") {
  const HalfDone half;
  CHECK(run_to(half.place,
               {"--resume", "-j", "1", "--rate", "1000000/s", "--memory-limit", "1M", "--digest",
                "sha256", "--buffer", "64K", "--upper", "name", "--checkpoint", "c", "-o",
                "out.csv", "in.csv"},
               "")
            .exit_code == 0);
  CHECK(half.place.read("out.csv") == upper_names(half.text));
}

TEST_CASE("an input that has changed is refused with 65, and it is said how") {
  const HalfDone half;
  const auto in = half.place.path() / "in.csv";
  const auto time = std::filesystem::last_write_time(in);
  half.place.write("in.csv", half.text + "2000,x\n");
  half.refuses(with({"--resume"}), "in.csv has changed: its size was");
  half.place.write("in.csv", "ID" + half.text.substr(2));
  half.refuses(with({"--resume"}), "in.csv has changed: its first 64 KiB are other ones");
  half.place.write("in.csv", half.text);
  std::filesystem::last_write_time(in, time + std::chrono::seconds(2));
  half.refuses(with({"--resume"}), "in.csv has changed: it has been written to");
  std::filesystem::last_write_time(in, time);
  half.ends_well();
}

TEST_CASE("a partial file that is not what the run has left is refused with 65") {
  const HalfDone half;
  const auto partial = half.place.read(".out.csv.nodeops-partial");
  half.place.write(".out.csv.nodeops-partial", "short");
  half.refuses(with({"--resume"}), ".out.csv.nodeops-partial has 5 bytes, not the ");
  half.place.write(".out.csv.nodeops-partial", std::string(partial.size(), 'x'));
  half.refuses(with({"--resume"}), ".out.csv.nodeops-partial is not what the run has written");
  half.place.write(".out.csv.nodeops-partial", partial + "what came behind the checkpoint");
  half.ends_well();
}

TEST_CASE("a damaged checkpoint is refused, and a file that is none is not touched") {
  const HalfDone half;
  const auto checkpoint = half.place.read("c");
  half.place.write("c", checkpoint.substr(0, checkpoint.size() - 9));
  half.refuses(with({"--resume"}), "c: the checkpoint is damaged");
  half.place.write("c", checkpoint);
  half.place.write("data.csv", "a,b\n");
  for (const auto& more : {Arguments{}, Arguments{"--resume"}}) {
    Arguments arguments = {"--checkpoint", "data.csv", "-o", "out.csv", "in.csv"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto outcome = run_to(half.place, arguments, "");
    CHECK(outcome.exit_code == 2);
    CHECK(contains(outcome.err, "data.csv: is no checkpoint"));
    CHECK(half.place.read("data.csv") == "a,b\n");
  }
  half.ends_well();
}

TEST_CASE("without --resume the work starts anew, and that is said") {
  const HalfDone half;
  half.place.write("in.csv", "id,name\n1,name of\n");
  const auto outcome = run_to(half.place, job, "");
  CHECK(outcome.exit_code == 0);
  CHECK(contains(outcome.err, "an earlier run's checkpoint is given up, the work starts anew"));
  CHECK(half.place.read("out.csv") == "id,name\n1,NAME OF\n");
  CHECK_FALSE(half.place.has("c"));
}

TEST_CASE("where there is no checkpoint --resume starts at the beginning, as a cron job needs it") {
  const TemporaryDirectory place;
  place.write("in.csv", numbered_records(50));
  for (int run = 0; run < 2; ++run) {
    const auto outcome = run_to(place, with({"--resume"}), "");
    CHECK(outcome.exit_code == 0);
    CHECK(contains(outcome.err, "there is no checkpoint, the work starts at the beginning"));
    CHECK(place.read("out.csv") == upper_names(numbered_records(50)));
    CHECK(place.names() == std::vector<std::string>{"in.csv", "out.csv"});
  }
}

TEST_CASE("the report says where a run went on, and counts the whole") {
  const HalfDone half;
  CHECK(run_to(half.place, with({"--resume", "--report", "r.json"}), "").exit_code == 0);
  const auto report = nlohmann::json::parse(half.place.read("r.json"));
  CHECK(report.at("items").at("in") == 2000);
  CHECK(report.at("bytes").at("in") == half.text.size());
  CHECK(report.at("bytes").at("out") == half.text.size());
  CHECK(report.at("resumed").at("input") == "in.csv");
  CHECK(report.at("resumed").at("records") > 100);
  CHECK(report.at("resumed").at("offset") > 4000);
}

TEST_CASE("what cannot be resumed is wrong usage, said before anything is made") {
  const TemporaryDirectory place;
  place.write("in.csv", "a,b\n1,2\n");
  for (const auto& [arguments, why] : std::vector<std::pair<Arguments, std::string>>{
           {{"--checkpoint", "c", "-o", "out.csv"}, "standard input cannot be resumed"},
           {{"--checkpoint", "c", "-o", "out.csv", "-"}, "standard input cannot be resumed"},
           {{"--checkpoint", "c", "-o", "out.csv", "/dev/null"}, "is no regular file"},
           {{"--checkpoint", "c", "in.csv"}, "standard output cannot be resumed"},
           {{"--checkpoint", "c", "-o", "/dev/null", "in.csv"}, "is no regular file"},
           {{"--resume", "-o", "out.csv", "in.csv"}, "--resume: goes with --checkpoint"},
           {{"--checkpoint", "c", "--plan", "2", "in.csv"}, "exclude each other"},
           {{"--checkpoint", "in.csv", "-o", "out.csv", "in.csv"}, "has another role"}}) {
    const auto outcome = run_csv_transform(place, arguments, "a,b\n");
    CHECK(outcome.exit_code == 2);
    CHECK_MESSAGE(contains(outcome.err, why), outcome.err);
    CHECK(place.names() == std::vector<std::string>{"in.csv"});
  }
  CHECK(run_csv_transform(place, {"--checkpoint", "c", "-o", "out.csv", "none.csv"}).exit_code ==
        66);
  CHECK(run_csv_transform(place, {"--checkpoint", "c", "-o", "no/out.csv", "in.csv"}).exit_code ==
        73);
  CHECK(run_csv_transform(place, {"--checkpoint", "no/c", "-o", "out.csv", "in.csv"}).exit_code ==
        73);
  CHECK(run_csv_transform(place, {"--checkpoint", "c", "-o", "out.csv", "--dry-run", "in.csv"})
            .exit_code == 0);
  CHECK(place.names() == std::vector<std::string>{"in.csv"});
}

TEST_CASE("an output may take its input's place, whenever the run dies") {
  for (const std::string fault :
       {"after-rename:3", "before-placing", "after-placing", "between-renames", "before-remove"}) {
    CAPTURE(fault);
    const TemporaryDirectory place;
    place.write("in.csv", numbered_records(2000));
    const Arguments arguments = {"--upper", "name",     "--buffer", "4K",     "--checkpoint",
                                 "c",       "--resume", "-o",       "in.csv", "in.csv"};
    REQUIRE(run_to(place, arguments, fault).signal == SIGKILL);
    CHECK(run_to(place, arguments, "").exit_code == 0);
    CHECK(place.read("in.csv") == upper_names(numbered_records(2000)));
    CHECK(place.names() == std::vector<std::string>{"in.csv"});
  }
}

TEST_CASE("of two runs with one checkpoint, or with one output, the second ends with 75") {
  const TemporaryDirectory place;
  place.write("in.csv", numbered_records(200'000));
  Launch launch = csv_transform(
      place, {"--rate", "100/s", "--events", "-", "--checkpoint", "c", "-o", "out.csv", "in.csv"});
  Process first(launch);
  REQUIRE(first.wait_for_output("input_opened"));
  const auto same_checkpoint =
      run_csv_transform(place, {"--checkpoint", "c", "--resume", "-o", "other.csv", "in.csv"});
  CHECK(same_checkpoint.exit_code == 75);
  CHECK(contains(same_checkpoint.err, "c: another run has the checkpoint"));
  const auto same_output =
      run_csv_transform(place, {"--checkpoint", "d", "-o", "out.csv", "in.csv"});
  CHECK(same_output.exit_code == 75);
  CHECK(contains(same_output.err, "another run is writing it"));
  CHECK_FALSE(place.has("d"));
  first.signal(SIGTERM);
  const auto outcome = first.finish();
  CHECK(outcome.exit_code == 143);
  CHECK(contains(outcome.err, "what is done is kept, --resume goes on with it"));
  CHECK(place.has("c"));
  CHECK(run_csv_transform(place, {"--checkpoint", "c", "--resume", "-o", "out.csv", "in.csv"})
            .exit_code == 0);
  CHECK(place.read("out.csv") == numbered_records(200'000));
}

TEST_CASE("a full disk costs nothing that was done before") {
  const TemporaryDirectory place;
  place.write("in.csv", numbered_records(20'000));
  const Arguments arguments = {"--buffer", "8K", "--checkpoint", "c",
                               "--resume", "-o", "out.csv",      "in.csv"};
  Launch launch = csv_transform(place, arguments);
  launch.file_size_limit = 100'000;
  launch.environment = {{"NODEOPS_TEST_CHECKPOINT_FAULT", "none"}};
  const auto full = run_process(launch);
  CHECK(full.exit_code == 74);
  CHECK(contains(full.err, "out.csv: cannot write"));
  CHECK(contains(full.err, "--resume goes on with it"));
  CHECK(place.has("c"));
  CHECK_FALSE(place.has("out.csv"));
  const auto rest = run_to(place, arguments, "none");
  CHECK_MESSAGE(rest.exit_code == 0, rest.err);
  CHECK(contains(rest.err, "the work goes on from the checkpoint"));
  CHECK(place.read("out.csv") == numbered_records(20'000));
}
