// SPDX-License-Identifier: MIT
#include "task/channel.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <thread>
#include <vector>

using namespace nodeops;

TEST_CASE("a channel hands on every item once, in order") {
  Channel<int> channel(3);
  std::vector<int> seen;
  std::jthread receiver([&] {
    while (const auto item = channel.receive()) seen.push_back(*item);
  });
  for (int n = 0; n < 1000; ++n) REQUIRE(channel.send(n));
  channel.close();
  receiver.join();
  REQUIRE(seen.size() == 1000);
  for (int n = 0; n < 1000; ++n) CHECK(seen[static_cast<std::size_t>(n)] == n);
}

TEST_CASE("a closed channel takes nothing more, and gives what it has") {
  Channel<int> channel(2);
  CHECK(channel.send(1));
  channel.close();
  CHECK_FALSE(channel.send(2));
  CHECK(channel.receive() == 1);
  CHECK_FALSE(channel.receive().has_value());
}

TEST_CASE("a channel that ended badly says so behind its last item; the first close counts") {
  Channel<int> channel(2);
  CHECK(channel.send(1));
  channel.close(std::make_exception_ptr(std::runtime_error("broken")));
  channel.close();
  CHECK(channel.receive() == 1);
  CHECK_THROWS_WITH(channel.receive(), "broken");
}

TEST_CASE("closing lets go of a sender that waits for room") {
  Channel<int> channel(1);
  REQUIRE(channel.send(1));
  bool sent = true;
  {
    std::jthread sender([&] { sent = channel.send(2); });
    channel.close();
  }
  // It was either in time to be refused at once or was woken: never taken, as there was no room.
  CHECK_FALSE(sent);
}
