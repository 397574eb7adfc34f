// SPDX-License-Identifier: MIT
#include "stream/output_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "core/error.hpp"
#include "support/temporary_directory.hpp"

using namespace nodeops;
using namespace nodeops::test;
namespace fs = std::filesystem;

namespace {

constexpr auto both = {OutputFile::Temporary::unnamed_if_possible, OutputFile::Temporary::named};

mode_t mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

ErrorKind kind_of_failure(const std::string& path) {
  try {
    OutputFile file(path);
    file.write("x");
    file.finish();
  } catch (const AppError& error) {
    CHECK(std::string(error.what()).starts_with(path));
    return error.kind();
  }
  return ErrorKind::usage;
}

}  // namespace

TEST_CASE("a file appears when it is finished, and only then") {
  for (const auto temporary : both) {
    const TemporaryDirectory place;
    OutputFile file(place / "out", {}, temporary);
    file.write("new");
    CHECK_FALSE(place.has("out"));
    file.finish();
    CHECK(place.read("out") == "new");
    CHECK(place.names() == std::vector<std::string>{"out"});
  }
}

TEST_CASE("a file that is not finished leaves the old one, and nothing else") {
  for (const auto temporary : both) {
    const TemporaryDirectory place;
    place.write("out", "old");
    {
      OutputFile file(place / "out", {}, temporary);
      file.write("new");
    }
    CHECK(place.read("out") == "old");
    CHECK(place.names() == std::vector<std::string>{"out"});
  }
}

TEST_CASE("a process that is killed in the middle leaves the old file, and nothing else") {
  const TemporaryDirectory place;
  place.write("out", "old");
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    OutputFile file(place / "out");
    file.write("new");
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
  CHECK(place.read("out") == "old");
  CHECK(place.names() == std::vector<std::string>{"out"});
}

TEST_CASE("a replaced file keeps its mode, a new one gets the umask's") {
  const TemporaryDirectory place;
  for (const auto temporary : both) {
    place.write("out", "old");
    fs::permissions(place / "out", fs::perms(0640));
    OutputFile file(place / "out", {}, temporary);
    file.finish();
    CHECK(mode_of(place / "out") == 0640);
    const mode_t before = umask(027);
    OutputFile fresh(place / "fresh", {}, temporary);
    fresh.finish();
    umask(before);
    CHECK(mode_of(place / "fresh") == 0640);
    fs::remove(place / "fresh");
  }
}

TEST_CASE("behind a symbolic link the file is replaced and the link stays") {
  const TemporaryDirectory place;
  place.write("real", "old");
  fs::create_symlink("real", place / "link");
  OutputFile file(place / "link");
  file.write("new");
  file.finish();
  CHECK(place.read("real") == "new");
  CHECK(fs::is_symlink(place / "link"));
}

TEST_CASE("other hard links keep the old content") {
  const TemporaryDirectory place;
  place.write("out", "old");
  fs::create_hard_link(place / "out", place / "other");
  OutputFile file(place / "out");
  file.write("new");
  file.finish();
  CHECK(place.read("other") == "old");
}

TEST_CASE("devices are written in place, and a full one is an error") {
  OutputFile null("/dev/null");
  null.write("x");
  CHECK_NOTHROW(null.finish());
  CHECK(kind_of_failure("/dev/full") == ErrorKind::io_failed);
}

TEST_CASE("what cannot be created is told at once") {
  const TemporaryDirectory place;
  CHECK(kind_of_failure(place / "no/such/directory") == ErrorKind::cannot_create);
  CHECK(kind_of_failure(place.path().string()) == ErrorKind::cannot_create);
  CHECK(kind_of_failure(place.write("file", "x") + "/below") == ErrorKind::cannot_create);
}

TEST_CASE("a kept temporary is there for a later run to go on with") {
  const TemporaryDirectory place;
  constexpr auto kept = OutputFile::Temporary::kept;
  CHECK(OutputFile::partial_name(place / "out") == place / ".out.nodeops-partial");
  {
    OutputFile file(place / "out", {}, kept);
    file.write("first, second");
    CHECK(file.written() == 13);
    file.flush();
    file.flush_name();
    file.keep();
  }
  CHECK(place.names() == std::vector<std::string>{".out.nodeops-partial"});
  {
    OutputFile file(place / "out", {}, kept);
    CHECK(file.size() == 13);
    CHECK(file.read_back(7, 100) == "second");
    file.go_on_behind(7);
    CHECK(file.written() == 7);
    file.write("third");
    CHECK(file.read_back(0, 12) == "first, third");
    CHECK_FALSE(place.has("out"));
    file.finish();
  }
  CHECK(place.read("out") == "first, third");
  CHECK(place.names() == std::vector<std::string>{"out"});
}

TEST_CASE("a kept temporary that is not to be kept goes, and one run at a time has it") {
  const TemporaryDirectory place;
  constexpr auto kept = OutputFile::Temporary::kept;
  {
    OutputFile file(place / "out", {}, kept);
    file.write("x");
    CHECK(file.is_replaced());
    try {
      const OutputFile second(place / "out", {}, kept);
      FAIL("two runs have one temporary");
    } catch (const AppError& error) {
      CHECK(error.kind() == ErrorKind::try_later);
    }
    CHECK(place.has(".out.nodeops-partial"));
  }
  CHECK(place.names().empty());
  CHECK_FALSE(OutputFile("/dev/null", {}, kept).is_replaced());
  place.write("elsewhere", "mine");
  fs::create_symlink("elsewhere", place.path() / ".out.nodeops-partial");
  CHECK_THROWS_AS(OutputFile(place / "out", {}, kept), AppError);
  fs::remove(place.path() / ".out.nodeops-partial");
  fs::create_hard_link(place.path() / "elsewhere", place.path() / ".out.nodeops-partial");
  CHECK_THROWS_AS(OutputFile(place / "out", {}, kept), AppError);
  CHECK(place.read("elsewhere") == "mine");
}
