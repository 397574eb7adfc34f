// SPDX-License-Identifier: MIT
#include "task/event_loop.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string>
#include <thread>
#include <vector>

using namespace nodeops;
using namespace std::chrono_literals;

namespace {

/// A pipe, closed at the end.
struct Pipe {
  Pipe() { REQUIRE(::pipe2(ends.data(), O_NONBLOCK | O_CLOEXEC) == 0); }
  ~Pipe() {
    for (const int end : ends) ::close(end);
  }
  void put(const std::string& text) const {
    REQUIRE(::write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  char take() const {
    char c = 0;
    REQUIRE(::read(ends[0], &c, 1) == 1);
    return c;
  }
  std::array<int, 2> ends{};
};

}  // namespace

TEST_CASE("tasks are called in order and never early") {
  EventLoop loop;
  std::vector<int> called;
  const auto start = Clock::now();
  loop.at(start + 3ms, [&] {
    CHECK(Clock::now() >= start + 3ms);
    called.push_back(2);
  });
  loop.at(start + 1ms, [&] {
    CHECK(Clock::now() >= start + 1ms);
    called.push_back(1);
  });
  loop.cancel(loop.at(start + 2ms, [&] { called.push_back(9); }));
  loop.run([&] { return called.size() == 2; }, {});
  CHECK(called == std::vector<int>{1, 2});
}

TEST_CASE("a descriptor is heard each time it is ready, until nobody watches it") {
  EventLoop loop;
  const Pipe pipe;
  std::string heard;
  WatchId watch = 0;
  watch = loop.watch(pipe.ends[0], {.readable = true}, [&](Readiness ready) {
    CHECK(ready.readable);
    heard += pipe.take();
    if (heard == "ab") loop.unwatch(watch);
  });
  pipe.put("abc");
  int turns = 0;
  loop.at(Clock::now() + 5ms, [&] { turns = 1; });
  loop.run([&] { return turns == 1; }, {});
  CHECK(heard == "ab");
}

TEST_CASE("a regular file is always ready") {
  EventLoop loop;
  const int file = ::open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  REQUIRE(file >= 0);
  int heard = 0;
  const WatchId watch = loop.watch(file, {.readable = true}, [&](Readiness) { ++heard; });
  loop.run([&] { return heard >= 3; }, {});
  loop.unwatch(watch);
  ::close(file);
  CHECK(heard >= 3);
}

TEST_CASE("what arrived while the loop was held up is heard before a task that is overdue") {
  EventLoop loop;
  const Pipe pipe;
  std::string order;
  const WatchId watch = loop.watch(pipe.ends[0], {.readable = true}, [&](Readiness) {
    pipe.take();
    order += "answer ";
  });
  loop.at(loop.now(), [&] {
    pipe.put("x");
    const auto limit = Clock::now() + 1ms;
    loop.at(limit, [&] { order += "cutoff "; });
    // Our own work takes longer than the time limit set for the answer.
    while (Clock::now() < limit + 4ms) {
    }
  });
  loop.run([&] { return order.find("cutoff") != std::string::npos; }, {});
  loop.unwatch(watch);
  CHECK(order == "answer cutoff ");
  CHECK(loop.stalls().count() >= 1);
}

TEST_CASE("of many answers that are there none is passed over for a task that has become due") {
  EventLoop loop;
  constexpr int count = 200;  // more than Asio asks the system for at once
  std::vector<Pipe> pipes(count);
  std::vector<WatchId> watches;
  int heard = 0;
  int heard_at_cutoff = -1;
  for (const Pipe& pipe : pipes) {
    watches.push_back(loop.watch(pipe.ends[0], {.readable = true}, [&](Readiness) {
      pipe.take();
      // The cutoff comes while the first answer is listened to, and each of them takes time.
      if (++heard == 1) loop.at(loop.now(), [&] { heard_at_cutoff = heard; });
      const auto end = Clock::now() + 50us;
      while (Clock::now() < end) {
      }
    }));
    pipe.put("x");
  }
  loop.run([&] { return heard_at_cutoff >= 0; }, {});
  for (const WatchId watch : watches) loop.unwatch(watch);
  CHECK(heard_at_cutoff == count);
}

TEST_CASE("a stop request from another thread ends the waiting") {
  EventLoop loop;
  std::stop_source stop;
  const std::jthread other([&] { stop.request_stop(); });
  loop.run([&] { return stop.stop_requested(); }, stop.get_token());
  CHECK(stop.stop_requested());
}
