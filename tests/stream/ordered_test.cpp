// SPDX-License-Identifier: MIT
#include "stream/ordered.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <latch>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace nodeops;

namespace {

struct Numbered {
  int number = 0;
  int doubled = 0;
};

/// Runs the numbers 1 to `count` through a pipeline of `workers`.
std::vector<int> run_numbers(int count, unsigned workers, std::size_t slot_count) {
  std::vector<Numbered> slots(slot_count);
  std::vector<int> written;
  int next = 0;
  int prepared = 0;
  Ordered<Numbered>(slots, workers)
      .run({.read = [&](Numbered& slot) { return ++next <= count && (slot.number = next, true); },
            .prepare = [&](Numbered& slot) { CHECK(slot.number == ++prepared); },
            .work = [](Numbered& slot) { slot.doubled = 2 * slot.number; },
            .write = [&](Numbered& slot) { return written.push_back(slot.doubled), true; }});
  return written;
}

}  // namespace

TEST_CASE("an ordered pipeline writes in the order of reading, whatever the number of workers") {
  for (const unsigned workers : {1U, 2U, 7U}) {
    for (const std::size_t slots : {std::size_t{2}, std::size_t{5}}) {
      const auto written = run_numbers(500, workers, slots);
      REQUIRE(written.size() == 500);
      for (int i = 0; i < 500; ++i) CHECK(written[static_cast<std::size_t>(i)] == 2 * (i + 1));
    }
  }
  CHECK(run_numbers(0, 3, 4).empty());
  CHECK(run_numbers(3, 1, 1) == std::vector<int>{2, 4, 6});
  CHECK(run_numbers(3, 2, 1) == std::vector<int>{2, 4, 6});
}

TEST_CASE("what any step throws comes out of run() behind everything before it") {
  for (const std::string where : {"read", "prepare", "work", "write"}) {
    CAPTURE(where);
    std::vector<Numbered> slots(4);
    std::vector<int> written;
    int next = 0;
    const auto fail_in = [&](const char* step, int number) {
      if (where == step && number == 10) throw std::runtime_error("tenth");
    };
    const auto run = [&] {
      Ordered<Numbered>(slots, 3).run(
          {.read =
               [&](Numbered& slot) {
                 slot.number = ++next;
                 fail_in("read", slot.number);
                 return next <= 100;
               },
           .prepare = [&](Numbered& slot) { fail_in("prepare", slot.number); },
           .work = [&](Numbered& slot) { fail_in("work", slot.number); },
           .write =
               [&](Numbered& slot) {
                 fail_in("write", slot.number);
                 return written.push_back(slot.number), true;
               }});
    };
    CHECK_THROWS_WITH(run(), "tenth");
    CHECK(written == std::vector<int>{1, 2, 3, 4, 5, 6, 7, 8, 9});
  }
}

TEST_CASE("a writer that says stop ends an endless input") {
  std::vector<Numbered> slots(3);
  int written = 0;
  Ordered<Numbered>(slots, 2).run({.read = [](Numbered&) { return true; },
                                   .prepare = [](Numbered&) {},
                                   .work = [](Numbered&) {},
                                   .write = [&](Numbered&) { return ++written < 20; }});
  CHECK(written == 20);
}

TEST_CASE("a slow writer holds the reader back at the number of slots") {
  std::vector<Numbered> slots(3);
  std::atomic<int> read = 0;
  int written = 0;
  bool bounded = true;
  Ordered<Numbered>(slots, 2).run({.read = [&](Numbered&) { return ++read <= 50; },
                                   .prepare = [](Numbered&) {},
                                   .work = [](Numbered&) {},
                                   .write =
                                       [&](Numbered&) {
                                         bounded = bounded && read - written <= 3;
                                         return ++written, true;
                                       }});
  CHECK(written == 50);
  CHECK(bounded);
}

TEST_CASE("a slot that is prepared is not held up by the next read") {
  std::vector<Numbered> slots(2);
  std::latch written(1);
  int next = 0;
  // The second read waits for the first slot to come out, as a live pipe does.
  Ordered<Numbered>(slots, 2).run({.read =
                                       [&](Numbered&) {
                                         if (++next == 2) written.wait();
                                         return next <= 2;
                                       },
                                   .prepare = [](Numbered&) {},
                                   .work = [](Numbered&) {},
                                   .write =
                                       [&](Numbered&) {
                                         if (!written.try_wait()) written.count_down();
                                         return true;
                                       }});
  CHECK(next == 3);
}

TEST_CASE("a writer that ends early lets a waiting reader go") {
  std::vector<Numbered> slots(2);
  std::latch let_go(1);
  int next = 0;
  Ordered<Numbered>(slots, 2).run({.read =
                                       [&](Numbered&) {
                                         if (++next == 2) let_go.wait();
                                         return true;
                                       },
                                   .prepare = [](Numbered&) {},
                                   .work = [](Numbered&) {},
                                   .write = [](Numbered&) { return false; },
                                   .released = [&] { let_go.count_down(); }});
  CHECK(next <= 2);
}

TEST_CASE("one worker goes through all steps in the caller's thread") {
  std::vector<Numbered> slots(1);
  const auto caller = std::this_thread::get_id();
  int elsewhere = 0;
  const auto note = [&] { elsewhere += std::this_thread::get_id() == caller ? 0 : 1; };
  int next = 0;
  Ordered<Numbered>(slots, 1).run({.read = [&](Numbered&) { return note(), ++next <= 5; },
                                   .prepare = [&](Numbered&) { note(); },
                                   .work = [&](Numbered&) { note(); },
                                   .write = [&](Numbered&) { return note(), true; }});
  CHECK(next == 6);
  CHECK(elsewhere == 0);
}

TEST_CASE("workers work side by side") {
  std::vector<Numbered> slots(4);
  std::latch both(2);
  int next = 0;
  // Each of the two slots waits for the other: one worker alone would never end.
  Ordered<Numbered>(slots, 2).run({.read = [&](Numbered&) { return ++next <= 2; },
                                   .prepare = [](Numbered&) {},
                                   .work = [&](Numbered&) { both.arrive_and_wait(); },
                                   .write = [](Numbered&) { return true; }});
  CHECK(both.try_wait());
}
