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
