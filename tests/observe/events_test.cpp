// SPDX-License-Identifier: MIT
#include "observe/events.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "core/error.hpp"
#include "observe/event_stream.hpp"
#include "observe/log.hpp"

using namespace nodeops;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::system_clock::time_point noon(1756700000123ms);

std::string json(const Event& event) {
  return event_json(event, noon);
}

class FullDisk : public ByteSink {
 public:
  void write(std::span<const std::string_view>) override {
    ++writes;
    throw AppError(ErrorKind::io_failed, "events: no space");
  }
  int writes = 0;
};

}  // namespace

TEST_CASE("listeners hear an event in the order in which they subscribed") {
  RunEvents events;
  std::string heard;
  events.emit(Warning{"nobody listens"});
  for (const char name : {'a', 'b', 'c'}) {
    events.subscribe(
        [&heard, name](const Event& event) { heard += name + std::get<Warning>(event).message; });
  }
  events.emit(Warning{"1"});
  events.emit(Warning{"2"});
  CHECK(heard == "a1b1c1a2b2c2");
}

TEST_CASE("a listener that fails is logged and does not touch the work") {
  std::string err;
  log::start({.write = [&](std::string_view line) { err += line; }});
  RunEvents events;
  int heard = 0;
  events.subscribe([](const Event&) { throw std::runtime_error("broken"); });
  events.subscribe([](const Event&) { throw 7; });
  events.subscribe([&](const Event&) { ++heard; });
  CHECK_NOTHROW(events.emit(Warning{"x"}));
  log::stop();
  CHECK(heard == 1);
  CHECK(err ==
        "nodeops: an observer of the run failed reason=broken\nnodeops: an observer of the run "
        "failed\n");
}

TEST_CASE("an operational error of a listener reaches the work when all have heard") {
  RunEvents events;
  int heard = 0;
  events.subscribe([](const Event&) { throw AppError(ErrorKind::io_failed, "first"); });
  events.subscribe([](const Event&) { throw AppError(ErrorKind::io_failed, "second"); });
  events.subscribe([&](const Event&) { ++heard; });
  CHECK_THROWS_WITH_AS(events.emit(Warning{"x"}), "first", AppError);
  CHECK(heard == 1);
}

TEST_CASE("threads may emit at the same time and a listener needs no lock") {
  RunEvents events;
  int heard = 0;
  events.subscribe([&](const Event&) { ++heard; });
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&] {
        for (int turn = 0; turn < 250; ++turn) events.emit(Progress{});
      });
    }
  }
  CHECK(heard == 1000);
}

TEST_CASE("every event is one JSON object with its name and time") {
  const std::string time = "\"time\":\"2025-09-01T04:13:20.123Z\"";
  CHECK(json(Started{"csv-transform", "0.1.0", noon}) ==
        "{\"event\":\"started\"," + time + ",\"command\":\"csv-transform\",\"version\":\"0.1.0\"}");
  CHECK(json(InputOpened{"a.csv", 12}) ==
        "{\"event\":\"input_opened\"," + time + ",\"path\":\"a.csv\",\"bytes\":12}");
  CHECK(json(InputOpened{"-"}) == "{\"event\":\"input_opened\"," + time + ",\"path\":\"-\"}");
  CHECK(json(Progress{
            {.items_in = 5, .items_ok = 4, .items_failed = 1, .bytes_in = 9, .expected_bytes = 10},
            1500ms}) == "{\"event\":\"progress\"," + time +
                            ",\"items_in\":5,\"items_ok\":4,\"items_failed\":1,\"items_skipped\":0,"
                            "\"bytes_in\":9,\"bytes_out\":0,"
                            "\"expected_bytes\":10,\"elapsed_ms\":1500}");
  CHECK(json(ItemFailed{"a.csv:3", "ragged-record", "2 fields", 3, 17, "email"}) ==
        "{\"event\":\"item_failed\"," + time +
            ",\"item\":\"a.csv:3\",\"type\":\"urn:nodeops:error:ragged-record\",\"detail\":\"2 "
            "fields\",\"line\":3,"
            "\"offset\":17,\"column\":\"email\"}");
  CHECK(json(Retry{"database", 2, 250ms, "locked"}) ==
        "{\"event\":\"retry\"," + time +
            ",\"what\":\"database\",\"attempt\":2,\"wait_ms\":250,\"detail\":\"locked\"}");
  CHECK(json(Warning{"careful"}) == "{\"event\":\"warning\"," + time + ",\"message\":\"careful\"}");
  CHECK(json(OutputWritten{"o.csv", 7}) ==
        "{\"event\":\"output_written\"," + time + ",\"path\":\"o.csv\",\"bytes\":7}");
  CHECK(json(Finished{143, true, 2s}) ==
        "{\"event\":\"finished\"," + time +
            ",\"exit_code\":143,\"interrupted\":true,\"elapsed_ms\":2000}");
}

TEST_CASE("events are masked and stay on one line") {
  const std::string line = json(ItemFailed{"jane@example.com\n.csv", "x", "bad +12025550101"});
  CHECK(line.find("jane") == std::string::npos);
  CHECK(line.find("2025550101") == std::string::npos);
  CHECK(line.find('\n') == std::string::npos);
}

TEST_CASE("the event stream writes each event at once as a line") {
  MemorySink sink;
  EventStream stream(sink, [] { return noon; });
  stream.watch(Warning{"1"});
  CHECK(sink.text() == json(Warning{"1"}) + "\n");
  stream.watch(Warning{"2"});
  CHECK(sink.text() == json(Warning{"1"}) + "\n" + json(Warning{"2"}) + "\n");
}

TEST_CASE("an event stream that cannot write stops the run once and then keeps quiet") {
  FullDisk sink;
  EventStream stream(sink);
  CHECK_THROWS_AS(stream.watch(Warning{"1"}), AppError);
  CHECK_NOTHROW(stream.watch(Warning{"2"}));
  CHECK(sink.writes == 1);
}
