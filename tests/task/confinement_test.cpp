// SPDX-License-Identifier: MIT
#include "task/confinement.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <functional>
#include <vector>

#include "core/error.hpp"

using namespace nodeops;

namespace {

constexpr int cannot_be_confined = 77;

/// Runs it in a confined child: its wait status.
int status_when_confined(const std::function<bool()>& act) {
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      confine_to_computing();
    } catch (const AppError&) {
      ::_exit(cannot_be_confined);
    }
    ::_exit(act() ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == cannot_be_confined) {
    MESSAGE("this system does not allow seccomp filters");
    return -1;
  }
  return status;
}

bool takes_memory() {
  const std::vector<char> much(64 << 20, 'x');
  return much.back() == 'x';
}

}  // namespace

TEST_CASE("a confined process can compute and take memory") {
  const int status = status_when_confined(takes_memory);
  CHECK((status == -1 || (WIFEXITED(status) && WEXITSTATUS(status) == 0)));
}

TEST_CASE("a confined process cannot open files") {
  const int status =
      status_when_confined([] { return ::open("/etc/passwd", O_RDONLY) == -1 && errno == EACCES; });
  CHECK((status == -1 || (WIFEXITED(status) && WEXITSTATUS(status) == 0)));
}

TEST_CASE("a confined process dies of what it may not do") {
  const std::vector<std::function<bool()>> forbidden = {
      [] { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0; },
      [] { return ::fork() >= 0; },
      [] { return ::execl("/bin/true", "true", nullptr) == 0; },
      [] { return ::kill(::getppid(), 0) == 0; },
      [] { return ::unlink("/nowhere") == 0; },
  };
  for (const auto& act : forbidden) {
    const int status = status_when_confined(act);
    CHECK((status == -1 || (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)));
  }
}
