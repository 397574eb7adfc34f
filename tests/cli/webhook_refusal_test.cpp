// SPDX-License-Identifier: MIT
// Ledgers, directories and roles that webhook-replay refuses or tells about.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "cli/webhook_cli.hpp"

using namespace nodeops::test;
using Arguments = std::vector<std::string>;

TEST_CASE("a ledger that is none is refused before the work, and no password is told") {
  for (const std::string ledger :
       {"sqlite:", "sqlite::memory:", "postgresql:u:s3cret@h/db", "postgres//u:s3cret@h/db",
        "postgresql://u:s3/s3cret@127.0.0.1:1/db", "postgresql://u:s3@s3cret@127.0.0.1:1/db",
        "postgresql://u:s3cret%zz@127.0.0.1:1/db", "u:s3cret@h", "s3cret@h", "s3cret/x@h",
        "postgresql://u:p@127.0.0.1:1?cret=s3x@h/d", "u s3cret h", "sqlite:/dev/null",
        "sqlite:/"}) {
    CAPTURE(ledger);
    for (const char* const mode : {"--verbose", "--dry-run"}) {
      const auto outcome =
          run_nodeops({"webhook-replay", mode, "--ledger", ledger}, payment("evt_1", "pi_1"));
      CHECK(outcome.exit_code == 2);
      CHECK(outcome.out.empty());
      CHECK(outcome.err.starts_with("nodeops webhook-replay: --ledger: "));
      CHECK(outcome.err.find("s3") == std::string::npos);
    }
  }
  const auto nowhere = run_nodeops({"webhook-replay", "--ledger", "sqlite://u:s3cret@h/l.db"},
                                   payment("evt_1", "pi_1"));
  CHECK(nowhere.exit_code == 69);
  CHECK(nowhere.err.find("s3cret") == std::string::npos);
  CHECK(nowhere.err.find("No such file or directory") != std::string::npos);
  const auto away = run_nodeops({"webhook-replay", "--ledger",
                                 "postgresql://u:s3cret@127.0.0.1:1/db?user=a@b", "--retries", "0"},
                                payment("evt_1", "pi_1"));
  CHECK(away.exit_code == 69);
  CHECK(away.err.find("postgresql://127.0.0.1:1/db") != std::string::npos);
  CHECK(away.err.find("s3cret") == std::string::npos);
}

TEST_CASE("responses replace neither the secrets nor a part of the ledger") {
  const Replay replay;
  const auto secrets = replay.place.write("secrets", "whsec_x\n");
  CHECK(replay.run({"--verify", "stripe", "--secret-file", secrets, "-o", secrets}).exit_code == 2);
  CHECK(replay.place.read("secrets") == "whsec_x\n");
  for (const char* const part : {"", "-wal", "-shm", "-journal"})
    CHECK(replay.run({"-o", replay.place / "l.db" + part}, "").exit_code == 2);
}

TEST_CASE("a ledger that is not there yet is known by every way to write its path") {
  const Replay replay;
  std::filesystem::create_directories(replay.place / "deep");
  std::filesystem::create_directory_symlink(".", replay.place / "here");
  for (const char* const way : {"./l.db", "deep/../l.db", "here/l.db-wal"}) {
    for (const char* const option : {"-o", "--dead-letter", "--report"}) {
      CAPTURE(way);
      CAPTURE(option);
      const auto outcome = replay.run({option, replay.place / way}, payment("evt_1", "pi_1"));
      CHECK(outcome.exit_code == 2);
      CHECK(outcome.err.find("has another role in this run") != std::string::npos);
    }
  }
  CHECK_FALSE(std::filesystem::exists(replay.place / "l.db"));
  CHECK(replay.run({"--dead-letter", replay.place / "-"}, payment("evt_1", "pi_1")).exit_code == 0);
}

TEST_CASE("a link to nothing in a directory is no delivery; a directory without any is told") {
  const Replay replay;
  std::filesystem::create_directories(replay.place / "in/deep");
  std::filesystem::create_symlink("nowhere", replay.place / "in/a.json");
  std::filesystem::create_symlink("nowhere", replay.place / "in/z.json");
  const auto none = replay.run({replay.place / "in"});
  CHECK(none.exit_code == 0);
  CHECK(none.err.find("there are no deliveries") != std::string::npos);
  replay.place.write("in/deep/b.json", payment("evt_1", "pi_1"));
  CHECK(told(replay.run({replay.place / "in"}).out) == Arguments{"200 processed"});
}

TEST_CASE("a ledger that is damaged within is told so, and nothing is answered 200") {
  const Replay replay;
  REQUIRE(replay.run({}, payment("evt_1", "pi_1")).exit_code == 0);
  std::string bytes = replay.place.read("l.db");
  for (std::size_t at = 4096; at < bytes.size(); ++at) bytes[at] = '\x55';
  replay.place.write("l.db", bytes);
  const auto outcome = replay.run({"--retries", "0"}, "{\n" + payment("evt_2", "pi_2"));
  CHECK(outcome.exit_code == 69);
  CHECK(outcome.out.find("200") == std::string::npos);
  CHECK(outcome.err.find("malformed") != std::string::npos);
  CHECK(outcome.err.find("repair") != std::string::npos);
}
