// SPDX-License-Identifier: MIT
#include "observe/log.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace nodeops;
using namespace std::chrono_literals;

namespace {

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A log into memory that ends with the test, and a directory of its own.
class LogTest {
 public:
  LogTest() {
    std::string name = (std::filesystem::temp_directory_path() / "nodeops-log-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    directory = name;
    options.command = "csv-transform";
    options.write = [this](std::string_view line) { err += line; };
    options.now = [] { return std::chrono::system_clock::time_point(1756700000123ms); };
  }
  ~LogTest() {
    log::stop();
    std::filesystem::remove_all(directory);
  }
  LogTest(const LogTest&) = delete;
  LogTest& operator=(const LogTest&) = delete;

  std::filesystem::path directory;
  std::string err;
  log::Options options;
};

}  // namespace

TEST_CASE_FIXTURE(LogTest,
                  "an error is the user's error line, the other levels say what they are") {
  options.level = log::Level::debug;
  log::start(options);
  log::error("cannot go on");
  log::warn("input grew", {{"bytes", 4096}, {"ratio", 0.5}, {"again", true}});
  log::info("done");
  log::debug("slow", {{"stage", "two words"}, {"empty", ""}, {"quote", "a\"b"}});
  CHECK(err ==
        "nodeops csv-transform: cannot go on\n"
        "nodeops csv-transform: warning: input grew bytes=4096 ratio=0.5 again=true\n"
        "nodeops csv-transform: info: done\n"
        "nodeops csv-transform: debug: slow stage=\"two words\" empty=\"\" quote=\"a\\\"b\"\n");
}

TEST_CASE_FIXTURE(
    LogTest, "lines below the level are not written, and nothing is before start and after stop") {
  log::error("too early");
  CHECK_FALSE(log::enabled(log::Level::error));
  options.level = log::Level::error;
  log::start(options);
  CHECK(log::enabled(log::Level::error));
  CHECK_FALSE(log::enabled(log::Level::warning));
  log::warn("no");
  log::info("no");
  log::debug("no");
  CHECK(err.empty());
  log::stop();
  log::error("too late");
  CHECK(err.empty());
}

TEST_CASE_FIXTURE(LogTest,
                  "the command may be unknown, and colour is only where it was asked for") {
  options.command.clear();
  log::start(options);
  log::error("no command");
  CHECK(err == "nodeops: no command\n");
  err.clear();
  options.color = true;
  log::start(options);
  log::warn("bright");
  CHECK(err == "\x1b[1;33mnodeops: warning:\x1b[0m bright\n");
}

TEST_CASE_FIXTURE(LogTest, "JSON lines carry time, level, command, message and the fields") {
  options.format = log::Format::json;
  log::start(options);
  log::warn("retry",
            {{"attempt", 2U}, {"wait_ms", 0.5}, {"last", false}, {"detail", "say \"no\""}});
  CHECK(
      err ==
      "{\"time\":\"2025-09-01T04:13:20.123Z\",\"level\":\"warning\",\"command\":\"csv-transform\","
      "\"message\":\"retry\",\"attempt\":2,\"wait_ms\":0.5,\"last\":false,\"detail\":\"say "
      "\\\"no\\\"\"}\n");
}

TEST_CASE_FIXTURE(
    LogTest, "every line passes the mask, in text and JSON, on the error stream and in the file") {
  options.file = directory / "log";
  for (const auto format : {log::Format::text, log::Format::json}) {
    options.format = format;
    log::start(options);
    log::error("sent to jane@example.com", {{"email", "jane@example.com"},
                                            {"name", "Jane Roe"},
                                            {"phone", 12025550101},
                                            {"authorization", "Bearer abcdefghijklmnop"},
                                            {"detail", "of 4242 4242 4242 4242"},
                                            {"bytes", 4242424242424242}});
    log::failure(AppError(ErrorKind::bad_data, "a.csv:3: bad value jane@example.com",
                          "ask jane@example.com"));
    log::bug("broken for jane@example.com");
    log::stop();
  }
  for (const auto& text : {err, contents(options.file)}) {
    for (const auto* leak : {"jane", "Jane", "Roe", "2025550101", "abcdef", "4242 4242"}) {
      CAPTURE(leak);
      CHECK(text.find(leak) == std::string::npos);
    }
    CHECK(text.find("email=j***@example.com") != std::string::npos);
    CHECK(text.find("\"email\":\"j***@example.com\"") != std::string::npos);
    CHECK(text.find("4242424242424242") != std::string::npos);
  }
}

TEST_CASE_FIXTURE(LogTest, "a hostile value can neither forge a line nor drive a terminal") {
  log::start(options);
  log::failure(AppError(ErrorKind::no_input, "a\nnodeops: all fine\x1b[2J\xE2\x80\xAE: not there"));
  log::error("x", {{"path", "a\nb=1"}});
  CHECK(std::count(err.begin(), err.end(), '\n') == 2);
  CHECK(err.find('\x1b') == std::string::npos);
  CHECK(err.find("a\\nnodeops: all fine\\x1b[2J\\u202e: not there") != std::string::npos);
  CHECK(err.find("path=\"a\\nb=1\"") != std::string::npos);
}

TEST_CASE_FIXTURE(LogTest,
                  "a failure is its line with the advice; runs that end quietly have none") {
  log::start(options);
  log::failure(
      AppError(ErrorKind::bad_data, "sales.csv:17: quote never closes", "use --on-error skip"));
  log::failure(AppError(ErrorKind::closed_pipe, "standard output: closed"));
  log::failure(AppError(ErrorKind::interrupted, "stopped"));
  log::failure(AppError(ErrorKind::usage, "--rename: name=full_name: no such column"));
  CHECK(err ==
        "nodeops csv-transform: sales.csv:17: quote never closes (use --on-error skip)\n"
        "nodeops csv-transform: --rename: name=full_name: no such column\n");
  err.clear();
  options.format = log::Format::json;
  log::start(options);
  log::failure(AppError(ErrorKind::io_failed, "out.csv: no space"));
  CHECK(err.find("\"message\":\"out.csv: no space\",\"type\":\"urn:nodeops:error:io-failed\"}") !=
        std::string::npos);
}

TEST_CASE_FIXTURE(LogTest, "a bug is logged with the calls that led to it") {
  log::start(options);
  log::bug("unexpected state");
  CHECK(err.rfind("nodeops csv-transform: unexpected state (a bug in nodeops)\n", 0) == 0);
  CHECK(std::count(err.begin(), err.end(), '\n') > 3);
  CHECK(err.find("\nnodeops csv-transform:   at ") != std::string::npos);
}

TEST_CASE_FIXTURE(LogTest,
                  "a log file gets every line with its time, the error stream still the errors") {
  options.file = directory / "log";
  options.level = log::Level::info;
  options.color = true;
  log::start(options);
  log::info("begun");
  log::error("gone wrong");
  CHECK(err == "\x1b[1;31mnodeops csv-transform:\x1b[0m gone wrong\n");
  const std::string expected =
      "2025-09-01T04:13:20.123Z nodeops csv-transform: info: begun\n"
      "2025-09-01T04:13:20.123Z nodeops csv-transform: gone wrong\n";
  CHECK(contents(options.file) == expected);
  log::start(options);
  log::info("again");
  log::stop();
  CHECK(contents(options.file) ==
        expected + "2025-09-01T04:13:20.123Z nodeops csv-transform: info: again\n");
}

TEST_CASE_FIXTURE(LogTest, "a rotated log goes on in a new file") {
  options.file = directory / "log";
  log::reopen();
  log::start(options);
  log::warn("one");
  std::filesystem::rename(options.file, directory / "log.1");
  log::warn("two");
  log::reopen();
  log::warn("three");
  CHECK(contents(directory / "log.1").find("two") != std::string::npos);
  CHECK(contents(options.file).find("three") != std::string::npos);
  CHECK(contents(options.file).find("two") == std::string::npos);
}

TEST_CASE_FIXTURE(LogTest,
                  "a log file that cannot be opened again is told and the old one goes on") {
  options.file = directory / "sub" / "log";
  std::filesystem::create_directory(directory / "sub");
  log::start(options);
  std::filesystem::rename(directory / "sub", directory / "moved");
  log::reopen();
  log::warn("still here");
  CHECK(err.find("warning: " + options.file + ": cannot open the log file: No such file") !=
        std::string::npos);
  CHECK(contents(directory / "moved" / "log").find("still here") != std::string::npos);
}

TEST_CASE_FIXTURE(LogTest,
                  "a log file that cannot be created is refused and leaves the log as it was") {
  log::start(options);
  log::Options wrong = options;
  wrong.file = directory / "missing" / "log";
  try {
    log::start(wrong);
    FAIL("started");
  } catch (const AppError& error) {
    CHECK(error.kind() == ErrorKind::cannot_create);
    CHECK(std::string(error.what()).find("missing/log: cannot open the log file") !=
          std::string::npos);
  }
  log::error("as before");
  CHECK(err == "nodeops csv-transform: as before\n");
}

TEST_CASE_FIXTURE(LogTest, "a full log disk is told once and does not stop the run") {
  options.file = "/dev/full";
  log::start(options);
  log::warn("one");
  log::warn("two");
  CHECK(err ==
        "nodeops csv-transform: warning: /dev/full: cannot write the log file: No space left on "
        "device\n");
}

TEST_CASE_FIXTURE(LogTest, "an error stream that throws does not stop the run") {
  options.write = [](std::string_view) { throw std::runtime_error("gone"); };
  log::start(options);
  CHECK_NOTHROW(log::error("into the void"));
}

TEST_CASE_FIXTURE(LogTest,
                  "threads write whole lines while the log is opened again and restarted") {
  options.file = directory / "log";
  options.level = log::Level::info;
  log::start(options);
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([thread] {
        for (int line = 0; line < 100; ++line)
          log::info("line", {{"thread", thread}, {"number", line}});
      });
    }
    threads.emplace_back([] {
      for (int turn = 0; turn < 20; ++turn) log::reopen();
    });
    threads.emplace_back([this] {
      for (int turn = 0; turn < 20; ++turn) log::start(options);
    });
  }
  log::stop();
  const std::string text = contents(options.file);
  CHECK(std::count(text.begin(), text.end(), '\n') == 400);
  CHECK(text.find(
            "\n2025-09-01T04:13:20.123Z nodeops csv-transform: info: line thread=3 number=99\n") !=
        std::string::npos);
}
