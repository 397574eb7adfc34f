// SPDX-License-Identifier: MIT
// When a load is gone on with, when not, and what is said about it.
#include <doctest/doctest.h>
#include <signal.h>

#include "load/load_support.hpp"
#include "process/run_nodeops.hpp"

using namespace nodeops::test;

namespace {

/// A load that has died behind its third batch.
struct HalfLoaded {
  HalfLoaded() {
    files.write("in.csv", numbered(1, 400));
    Launch launch = csv_transform(files, with({}));
    launch.environment = {{"NODEOPS_TEST_LOAD_FAULT", "after-commit:4"}};
    REQUIRE(run_process(launch).signal == SIGKILL);
    REQUIRE(files.has("c"));
  }

  static std::vector<std::string> with(std::vector<std::string> more) {
    more.insert(more.end(),
                {"-o", "sqlite:t.db?table=t", "--batch", "50", "--checkpoint", "c", "in.csv"});
    return more;
  }

  ProcessOutcome run(const std::vector<std::string>& more) const {
    return run_process(csv_transform(files, with(more)));
  }

  Place place() const { return {"sqlite", "sqlite:" + files / "t.db"}; }

  TemporaryDirectory files;
};

}  // namespace

TEST_CASE("a load is not gone on with by other options, nor with another input or table") {
  const HalfLoaded half;
  const auto refuses = [&](const std::vector<std::string>& more, const std::string& why) {
    const auto outcome = half.run(more);
    CAPTURE(why);
    CHECK(outcome.exit_code == 65);
    CHECK_MESSAGE(contains(outcome.err, why), outcome.err);
    CHECK(half.place().ask("SELECT count(*) FROM t", 1) == "150");
  };
  refuses({"--resume", "--mode", "append"}, "--mode was 'create', is 'append'");
  refuses({"--resume", "--types", "id=integer"}, "--types was '', is 'id=integer'");
  half.files.write("in.csv", numbered(1, 500));
  refuses({"--resume"}, "in.csv has changed: its size was");
}

TEST_CASE("a table that is gone is not gone on with") {
  const HalfLoaded half;
  half.place().run("DROP TABLE t");
  const auto outcome = half.run({"--resume"});
  CHECK(outcome.exit_code == 65);
  CHECK_MESSAGE(contains(outcome.err, "the table 't' that the run has loaded is gone"),
                outcome.err);
  CHECK(half.files.has("c"));
}

TEST_CASE("a load that starts anew gives up what the one before has kept") {
  const HalfLoaded half;
  half.place().run("DROP TABLE t");
  const auto outcome = half.run({});
  CHECK_MESSAGE(outcome.exit_code == 0, outcome.err);
  CHECK(contains(outcome.err, "an earlier run's checkpoint is given up"));
  CHECK(half.place().ask("SELECT count(*) FROM t", 1) == "400");
  CHECK(half.place().ask("SELECT name FROM sqlite_master WHERE type='table'", 1) == "t");
  CHECK_FALSE(half.files.has("c"));
}

TEST_CASE("a load that cannot begin leaves no checkpoint") {
  const HalfLoaded half;
  const auto outcome = half.run({});
  CHECK(outcome.exit_code == 73);
  CHECK_MESSAGE(contains(outcome.err, "exists already"), outcome.err);
  CHECK_FALSE(half.files.has("c"));
}

TEST_CASE("neither the checkpoint nor a message about it holds the database's password") {
  const TemporaryDirectory files;
  auto* const server = PostgresServer::shared();
  if (server == nullptr) return;
  std::string address = server->fresh_place() + "&table=t";
  const auto host = address.find("127.0.0.1");
  const auto user = address.rfind("//", host) + 2;
  const std::string name = address.substr(user, address.find_first_of(":@", user) - user);
  address.replace(user, host - user, name + ":sesame-open@");
  files.write("in.csv", numbered(1, 100));
  std::vector<std::string> arguments = {"-o",           address, "--batch", "10",
                                        "--checkpoint", "c",     "in.csv"};
  Launch launch = csv_transform(files, arguments);
  launch.environment = {{"NODEOPS_TEST_LOAD_FAULT", "after-commit:4"}};
  REQUIRE(run_process(launch).signal == SIGKILL);
  CHECK_FALSE(contains(files.read("c"), "sesame"));
  arguments.insert(arguments.end(), {"--resume", "--mode", "append"});
  const auto outcome = run_process(csv_transform(files, arguments));
  CHECK(outcome.exit_code == 65);
  CHECK_FALSE(contains(outcome.err, "sesame"));
}
