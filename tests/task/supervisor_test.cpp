// SPDX-License-Identifier: MIT
#include "task/supervisor.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "core/error.hpp"
#include "task/pause.hpp"

using namespace nodeops;
using namespace std::chrono_literals;

namespace {

/// A worker that is a script of the shell; its connection is descriptor 3.
Supervisor::Options script(const std::string& text) {
  return {.command = {"/bin/sh", "-c", text},
          .restarts = {.most_in_a_row = 2, .first_delay = 1ms},
          .start_limit = 20s};
}

constexpr auto gets_ready_and_waits = "printf ready >&3; cat <&3 >/dev/null";

}  // namespace

TEST_CASE("a message arrives in one piece, and the files with it are open") {
  const auto [one, other] = MessageSocket::pair();
  std::array<int, 2> pipe{};
  REQUIRE(::pipe(pipe.data()) == 0);
  CHECK(one.send("first", {pipe[1]}));
  CHECK(one.send(std::string(60000, 'x')));
  ::close(pipe[1]);
  const auto first = other.receive();
  REQUIRE(first.has_value());
  CHECK(first->bytes == "first");
  REQUIRE(first->descriptors.size() == 1);
  CHECK(::write(first->descriptors[0], "hi", 2) == 2);
  std::array<char, 2> got{};
  CHECK(::read(pipe[0], got.data(), got.size()) == 2);
  ::close(first->descriptors[0]);
  ::close(pipe[0]);
  const auto second = other.receive();
  REQUIRE(second.has_value());
  CHECK(second->bytes.size() == 60000);
  CHECK(second->descriptors.empty());
}

TEST_CASE("a connection whose other end is gone says so") {
  auto ends = MessageSocket::pair();
  { const MessageSocket gone = std::move(ends.second); }
  CHECK_FALSE(ends.first.send("x"));
  CHECK(ends.first.wait(Deadline::after(0ms)));
  CHECK_FALSE(ends.first.receive().has_value());
}

TEST_CASE("a worker is started once, when it is needed, and says that it is ready") {
  Supervisor supervisor(script(gets_ready_and_waits));
  WorkerProcess* const worker = supervisor.worker({});
  REQUIRE(worker != nullptr);
  CHECK(supervisor.greeting() == "ready");
  CHECK(supervisor.worker({}) == worker);
}

TEST_CASE("how a worker died is told, and the next takes its place") {
  Supervisor supervisor(script("printf $$ >&3; kill -SEGV $$"));
  REQUIRE(supervisor.worker({}) != nullptr);
  const std::string first = supervisor.greeting();
  MessageSocket::Message message;
  CHECK(supervisor.receive(message, Deadline::after(1min), {}) == Supervisor::Silence::died);
  REQUIRE(supervisor.worker({}) != nullptr);
  // bury() ends what is still there: the shell may be between its message and its death.
  const std::string how = supervisor.bury();
  CHECK((how.find("SIGSEGV") != std::string::npos || how.find("SIGKILL") != std::string::npos));
  REQUIRE(supervisor.worker({}) != nullptr);
  CHECK(supervisor.greeting() != first);
}

TEST_CASE("a worker that dies too often without work in between is given up") {
  Supervisor supervisor(script("printf ready >&3; exit 7"));
  for (int life = 0; life < 3; ++life) {
    REQUIRE(supervisor.worker({}) != nullptr);
    MessageSocket::Message message;
    CHECK(supervisor.receive(message, Deadline::after(1min), {}) == Supervisor::Silence::died);
    supervisor.bury();
  }
  CHECK(supervisor.worker({}) == nullptr);
  CHECK(supervisor.given_up());
}

TEST_CASE("a worker that only took too long is replaced, however often") {
  Supervisor supervisor(script(gets_ready_and_waits));
  for (int life = 0; life < 5; ++life) {
    REQUIRE(supervisor.worker({}) != nullptr);
    MessageSocket::Message message;
    CHECK(supervisor.receive(message, Deadline::after(0ms), {}) == Supervisor::Silence::late);
    supervisor.replace();
  }
  CHECK_FALSE(supervisor.given_up());
}

TEST_CASE("the stop of the run ends the wait for a worker") {
  Supervisor supervisor(script(gets_ready_and_waits));
  REQUIRE(supervisor.worker({}) != nullptr);
  std::stop_source stop;
  std::jthread stopper([&] { stop.request_stop(); });
  MessageSocket::Message message;
  CHECK(supervisor.receive(message, Deadline::never(), stop.get_token()) ==
        Supervisor::Silence::stopped);
}

TEST_CASE("a program that cannot be started, or does not get ready, stops the command") {
  Supervisor missing({.command = {"/no/such/program"}});
  CHECK_THROWS_AS(missing.worker({}), AppError);
  Supervisor silent(script("exit 3"));
  CHECK_THROWS_WITH(silent.worker({}),
                    "the worker process did not get ready: it ended with status 3");
}

TEST_CASE("a worker has nothing of its parent's: no files, no environment, no terminal") {
  const int secret = ::fcntl(STDIN_FILENO, F_DUPFD, 10);  // without close-on-exec
  REQUIRE(secret >= 10);
  const std::string file = "/proc/$$/fd/" + std::to_string(secret);
  Supervisor supervisor(script("[ -e " + file + " ] && leaked=yes; " +
                               "printf '%s %s %s' \"${leaked-no}\" "
                               "\"$(readlink /proc/$$/fd/1)\" \"${HOME-none}\" >&3; "
                               "cat <&3 >/dev/null"));
  REQUIRE(supervisor.worker({}) != nullptr);
  CHECK(supervisor.greeting() == "no /dev/null none");
  ::close(secret);
}

TEST_CASE("a worker that takes more memory than it may does without") {
  Supervisor supervisor(
      script("printf ready >&3; read x <&3; x=a; while x=$x$x; do :; done; exit 9"));
  WorkerProcess* const worker = supervisor.worker({});
  REQUIRE(worker != nullptr);
  worker->limit({.address_bytes = 64 << 20, .processor_time = 60s, .file_bytes = 1 << 20});
  REQUIRE(worker->socket().send("\n"));
  MessageSocket::Message message;
  CHECK(supervisor.receive(message, Deadline::after(1min), {}) == Supervisor::Silence::died);
  CHECK(supervisor.bury() != "ended with status 9");
}
