// SPDX-License-Identifier: MIT
#include "task/shutdown.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <functional>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

using namespace nodeops;
using namespace std::chrono_literals;

namespace {

/// Runs the program in a forked process; the exit status as a shell has it. The program gets the
/// writing end of a pipe, what it wrote comes back. It ends by its own return (0) or otherwise.
struct Ended {
  int status = 0;
  std::string said;
};

Ended run_forked(const std::function<void(const std::function<void(std::string)>&)>& program) {
  int pipe[2];
  REQUIRE(::pipe(pipe) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::close(pipe[0]);
    program([&](const std::string& word) {
      static_cast<void>(::write(pipe[1], word.data(), word.size()) > 0);
    });
    ::_exit(0);
  }
  ::close(pipe[1]);
  Ended ended;
  std::array<char, 256> buffer{};
  for (ssize_t length = 0; (length = ::read(pipe[0], buffer.data(), buffer.size())) > 0;) {
    ended.said.append(buffer.data(), static_cast<std::size_t>(length));
  }
  ::close(pipe[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  ended.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return ended;
}

void send(int signal) {
  REQUIRE(::kill(::getpid(), signal) == 0);
}

/// Returns when the token is triggered.
void await(const std::stop_token& token) {
  std::promise<void> triggered;
  const std::stop_callback callback(token, [&] { triggered.set_value(); });
  triggered.get_future().get();
}

[[noreturn]] void hang() {
  for (;;) ::pause();
}

}  // namespace

TEST_CASE("the first signal triggers the token and is remembered") {
  for (const int signal : {SIGINT, SIGTERM}) {
    const Shutdown shutdown;
    CHECK_FALSE(shutdown.token().stop_requested());
    CHECK(shutdown.signal() == 0);
    send(signal);
    await(shutdown.token());
    CHECK(shutdown.signal() == signal);
  }
}

TEST_CASE("the signal mask is put back at the end") {
  sigset_t before;
  sigset_t during;
  sigset_t after;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &before);
  {
    const Shutdown shutdown;
    ::pthread_sigmask(SIG_SETMASK, nullptr, &during);
  }
  ::pthread_sigmask(SIG_SETMASK, nullptr, &after);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) {
    CHECK(::sigismember(&during, signal) == 1);
    CHECK(::sigismember(&before, signal) == ::sigismember(&after, signal));
  }
  CHECK(::sigismember(&during, SIGSEGV) == 0);
}

TEST_CASE("a shutdown that nobody asks for ends without waiting") {
  for (int round = 0; round < 20; ++round) const Shutdown shutdown;
}

TEST_CASE("SIGHUP and SIGUSR1 call their listeners and stop nothing") {
  Shutdown shutdown;
  std::promise<void> hangup;
  std::promise<void> user_signal;
  const auto first = shutdown.on_hangup().add([&] { hangup.set_value(); });
  const auto second = shutdown.on_user_signal().add([&] { user_signal.set_value(); });
  send(SIGHUP);
  hangup.get_future().get();
  send(SIGUSR1);
  user_signal.get_future().get();
  CHECK_FALSE(shutdown.token().stop_requested());
  CHECK_FALSE(shutdown.failure());
}

TEST_CASE("a listener that throws is kept as the failure and does not end the others") {
  Shutdown shutdown;
  std::promise<void> called;
  const auto first = shutdown.on_hangup().add([&] { called.set_value(); });
  const auto second = shutdown.on_hangup().add([] { throw std::runtime_error("log is gone"); });
  send(SIGHUP);
  called.get_future().get();
  while (!shutdown.failure()) std::this_thread::yield();
  CHECK_THROWS_WITH(std::rethrow_exception(shutdown.failure()), "log is gone");
}

TEST_CASE("a listener whose ticket is gone is not called any more") {
  Listeners listeners;
  std::string calls;
  std::optional<Listeners::Ticket> first(listeners.add([&] { calls += "a"; }));
  const auto second = listeners.add([&] { calls += "b"; });
  auto moved = std::move(*first);
  first.reset();
  listeners.call_all();
  CHECK(calls == "ba");
  moved = {};
  listeners.call_all();
  CHECK(calls == "bab");
}

TEST_CASE("a second signal speaks the last words and ends the process at once") {
  for (const int second : {SIGTERM, SIGINT}) {
    const Ended ended = run_forked([&](const auto& say) {
      Shutdown shutdown({.same_request = 0ms});
      const auto words = shutdown.last_words().add([&] { say("goodbye"); });
      send(SIGTERM);
      await(shutdown.token());
      send(second);
      hang();
    });
    CHECK(ended.status == 128 + second);
    CHECK(ended.said == "goodbye");
  }
}

TEST_CASE("a listener that hangs holds up neither the first signal nor the second") {
  const Ended ended = run_forked([](const auto& say) {
    Shutdown shutdown({.same_request = 0ms});
    std::promise<void> hanging;
    const auto stuck = shutdown.on_user_signal().add([&] {
      hanging.set_value();
      hang();
    });
    send(SIGUSR1);
    hanging.get_future().get();
    send(SIGTERM);
    await(shutdown.token());
    say("stopping");
    send(SIGINT);
    hang();
  });
  CHECK(ended.status == 130);
  CHECK(ended.said == "stopping");
}

TEST_CASE("the same signal sent twice at one time is one request") {
  const Ended ended = run_forked([](const auto& say) {
    Shutdown shutdown({.same_request = 1h});
    std::promise<void> passed;
    const auto listener = shutdown.on_user_signal().add([&] { passed.set_value(); });
    send(SIGINT);
    await(shutdown.token());
    // Of two pending signals the lower number comes first, so the SIGINT was seen.
    send(SIGINT);
    send(SIGUSR1);
    passed.get_future().get();
    say("still here");
    send(SIGTERM);
    hang();
  });
  CHECK(ended.status == 143);
  CHECK(ended.said == "still here");
}

TEST_CASE("a program that does not end after the first signal is ended") {
  const Ended ended = run_forked([](const auto& say) {
    Shutdown shutdown({.hard_stop = 1ms});
    const auto words = shutdown.last_words().add([&] { say("too late"); });
    send(SIGTERM);
    hang();
  });
  CHECK(ended.status == 143);
  CHECK(ended.said == "too late");
}

TEST_CASE("last words that hang or throw do not keep the process") {
  const Ended ended = run_forked([](const auto& say) {
    Shutdown shutdown({.hard_stop = 0ms});
    const auto never = shutdown.last_words().add([] { hang(); });
    const auto said = shutdown.last_words().add([&] { say("one"); });
    const auto thrown = shutdown.last_words().add([] { throw std::runtime_error("two"); });
    send(SIGINT);
    hang();
  });
  CHECK(ended.status == 130);
  CHECK(ended.said == "one");
}

TEST_CASE("cleanup tasks run in reverse order, once, and their failures are named") {
  Shutdown shutdown;
  std::string order;
  shutdown.cleanup("first", [&] { order += "1"; });
  shutdown.cleanup("second", [&] {
    order += "2";
    throw std::runtime_error("no such table");
  });
  shutdown.cleanup("third", [&] { order += "3"; });
  const auto failures = shutdown.run_cleanups();
  CHECK(order == "321");
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].name == "second");
  CHECK(failures[0].reason == "no such table");
  CHECK(shutdown.run_cleanups().empty());
  CHECK(order == "321");
}

TEST_CASE("a cleanup task that hangs is left behind, and the others run") {
  const Ended ended = run_forked([](const auto& say) {
    Cleanups cleanups;
    cleanups.add("last", [&] { say("done "); });
    cleanups.add(
        "stuck", [] { hang(); }, 1ms);
    for (const auto& failure : cleanups.run()) say(failure.name + ": " + failure.reason);
  });
  CHECK(ended.status == 0);
  CHECK(ended.said == "done stuck: ran out of time");
}

TEST_CASE("no cleanup task is started when the time for all is over") {
  Cleanups cleanups;
  bool ran = false;
  cleanups.add("late", [&] { ran = true; });
  const auto failures = cleanups.run(Deadline::after(0ms));
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].reason == "no time left to run it");
  CHECK_FALSE(ran);
}
