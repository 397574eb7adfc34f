// SPDX-License-Identifier: MIT
#include "task/run_lock.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "core/error.hpp"

using namespace nodeops;
namespace fs = std::filesystem;

namespace {

class Directory {
 public:
  Directory() {
    std::string pattern = (fs::temp_directory_path() / "nodeops-lock-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Directory() { fs::remove_all(path_); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  fs::path operator/(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
};

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::optional<AppError> refusal(const fs::path& file) {
  try {
    const RunLock lock(file);
  } catch (const AppError& error) {
    return error;
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("a held lock names its file and its holder, and says to try later") {
  const Directory directory;
  const fs::path file = directory / "run.lock";
  const std::optional<RunLock> lock(std::in_place, file);
  CHECK(text_of(file) == std::to_string(::getpid()) + "\n");
  const auto error = refusal(file);
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::try_later);
  CHECK(error->what() ==
        file.string() + ": another run holds the lock: process " + std::to_string(::getpid()));
}

TEST_CASE("a released lock can be taken again, and its file stays") {
  const Directory directory;
  const fs::path file = directory / "run.lock";
  CHECK_FALSE(refusal(file));
  CHECK(fs::exists(file));
  CHECK(text_of(file).empty());
  CHECK_FALSE(refusal(file));
}

TEST_CASE("a killed process holds its lock no longer, whatever it left in the file") {
  const Directory directory;
  const fs::path file = directory / "run.lock";
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const RunLock lock(file);
    static_cast<void>(::write(ready[1], "x", 1) == 1);
    for (;;) ::pause();
  }
  char word = 0;
  REQUIRE(::read(ready[0], &word, 1) == 1);
  const auto error = refusal(file);
  REQUIRE(error);
  CHECK(std::string(error->what()).ends_with("process " + std::to_string(child)));

  REQUIRE(::kill(child, SIGKILL) == 0);
  REQUIRE(::waitpid(child, nullptr, 0) == child);
  CHECK(text_of(file) == std::to_string(child) + "\n");
  CHECK_FALSE(refusal(file));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_CASE("a file that is not a lock's is locked and not touched") {
  const Directory directory;
  const fs::path file = directory / "data.csv";
  const std::string precious = "id,name\n1,a long line of data that nobody wants to lose\n";
  std::ofstream(file) << precious;
  {
    const RunLock lock(file);
    CHECK(text_of(file) == precious);
    const auto error = refusal(file);
    REQUIRE(error);
    CHECK(std::string(error->what()).ends_with("another run holds the lock"));
  }
  CHECK(text_of(file) == precious);

  std::ofstream(file) << "short";
  CHECK_FALSE(refusal(file));
  CHECK(text_of(file) == "short");
}

TEST_CASE("a lock that cannot be made is an output that cannot be created") {
  const Directory directory;
  const auto missing = refusal(directory / "no" / "run.lock");
  REQUIRE(missing);
  CHECK(missing->kind() == ErrorKind::cannot_create);
  CHECK(std::string(missing->what()).ends_with("cannot open the lock: No such file or directory"));

  const auto not_a_file = refusal(directory / ".");
  REQUIRE(not_a_file);
  CHECK(not_a_file->kind() == ErrorKind::cannot_create);
}
