// SPDX-License-Identifier: MIT
#include "observe/progress.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "observe/log.hpp"

using namespace nodeops;
using namespace std::chrono_literals;

namespace {

/// What a person sees: the screen after all writes, with carriage returns and backspaces obeyed.
std::string screen(const std::string& written) {
  std::vector<std::string> lines(1);
  std::size_t column = 0;
  for (const char c : written) {
    if (c == '\n') {
      lines.emplace_back();
      column = 0;
    } else if (c == '\r') {
      column = 0;
    } else if (c == '\b') {
      --column;
    } else {
      auto& line = lines.back();
      line.resize(std::max(line.size(), column + 1), ' ');
      line[column++] = c;
    }
  }
  std::string shown;
  for (auto& line : lines) {
    line.erase(line.find_last_not_of(' ') + 1);
    shown += (shown.empty() ? "" : "\n") + line;
  }
  return shown;
}

/// A run whose clock stands still until a test moves it.
class ProgressTest {
 public:
  std::string err;
  int writes = 0;
  Terminal terminal{[this](std::string_view text) {
    err += text;
    ++writes;
  }};
  RunTotals totals;
  Clock::time_point now{};
};

}  // namespace

TEST_CASE_FIXTURE(ProgressTest, "the line says how much, how far, how fast and how long") {
  ProgressLine line(
      terminal, totals,
      {.choice = ProgressChoice::automatic, .is_terminal = true, .now = [this] { return now; }});
  totals.expected_bytes = 4ULL << 30;
  totals.bytes_in = 1ULL << 30;
  totals.items_in = 5'400'000;
  now += 2s;
  line.tick();
  CHECK(err == "1.0 GiB  25 %  5.4 M records  512 MiB/s  0:06 left");
}

TEST_CASE_FIXTURE(ProgressTest,
                  "without a known size, and past it, the line says how long it took") {
  ProgressLine line(terminal, totals, {.is_terminal = true, .now = [this] { return now; }});
  totals.bytes_in = 640;
  totals.items_in = 7;
  now += 3725s;
  CHECK(line.line() == "640 B  7 records  0 B/s  1:02:05");
  totals.expected_bytes = 100;
  CHECK(line.line() == "640 B  7 records  0 B/s  1:02:05");
}

TEST_CASE_FIXTURE(ProgressTest, "work that reads no bytes shows its items") {
  ProgressLine line(terminal, totals,
                    {.is_terminal = true, .noun = "dashboards", .now = [this] { return now; }});
  totals.items_in = 3000;
  now += 10s;
  CHECK(line.line() == "3.0 k dashboards  300/s  0:10");
}

TEST_CASE_FIXTURE(ProgressTest,
                  "on a terminal the line is drawn at most ten times a second, in place") {
  auto choice = ProgressChoice::automatic;
  ProgressLine line(terminal, totals,
                    {.choice = choice, .is_terminal = true, .now = [this] { return now; }});
  for (int tick = 0; tick < 1000; ++tick) {
    now += 1ms;
    totals.items_in += 10;
    line.tick();
  }
  CHECK(writes <= 10);
  CHECK(writes >= 9);
  CHECK(std::count(err.begin(), err.end(), '\n') == 0);
  CHECK(screen(err).find("records") != std::string::npos);
  line.finish();
  CHECK(screen(err).empty());
  now += 10s;
  line.tick();
  CHECK(screen(err).empty());
}

TEST_CASE_FIXTURE(ProgressTest, "a shorter line leaves nothing of the longer one behind") {
  terminal.status("a long status line");
  terminal.status("short");
  CHECK(screen(err) == "short");
  terminal.status("");
  CHECK(screen(err).empty());
}

TEST_CASE_FIXTURE(ProgressTest, "progress is drawn when the choice and the terminal say so") {
  const auto drawn = [this](ProgressChoice choice, bool is_terminal) {
    ProgressLine line(
        terminal, totals,
        {.choice = choice, .is_terminal = is_terminal, .now = [this] { return now; }});
    const int before = writes;
    now += 20s;
    line.tick();
    line.finish();
    return writes != before;
  };
  CHECK(drawn(ProgressChoice::automatic, true));
  CHECK_FALSE(drawn(ProgressChoice::automatic, false));
  CHECK(drawn(ProgressChoice::always, true));
  CHECK(drawn(ProgressChoice::always, false));
  CHECK_FALSE(drawn(ProgressChoice::never, true));
}

TEST_CASE_FIXTURE(ProgressTest, "without a terminal progress is a whole line every ten seconds") {
  ProgressLine line(terminal, totals,
                    {.choice = ProgressChoice::always, .now = [this] { return now; }});
  for (int tick = 0; tick < 35; ++tick) {
    now += 1s;
    line.tick();
  }
  line.finish();
  CHECK(err == "0 records  0/s  0:10\n0 records  0/s  0:20\n0 records  0/s  0:30\n");
}

TEST_CASE_FIXTURE(ProgressTest, "the line fits a screen of 80 columns whatever the figures") {
  ProgressLine line(terminal, totals,
                    {.noun = std::string(100, 'n'), .now = [this] { return now; }});
  totals.expected_bytes = ~0ULL;
  totals.bytes_in = ~0ULL - 1;
  totals.items_in = ~0ULL;
  now += 1s;
  CHECK(line.line().size() == 79);
}

TEST_CASE_FIXTURE(ProgressTest, "the rate follows a change and the time left never runs wild") {
  ProgressLine line(terminal, totals, {.is_terminal = true, .now = [this] { return now; }});
  totals.expected_bytes = 1ULL << 40;
  for (int second = 0; second < 60; ++second) {
    now += 1s;
    totals.bytes_in += 100U << 20;
    line.tick();
  }
  CHECK(line.line().find("100 MiB/s") != std::string::npos);
  for (int second = 0; second < 30; ++second) {
    now += 1s;
    totals.bytes_in += 10U << 20;
    line.tick();
  }
  CHECK(line.line().find("  10.0 MiB/s") != std::string::npos);
  now += 1000h;
  CHECK_NOTHROW(line.line());
}

TEST_CASE_FIXTURE(ProgressTest, "a log line comes before the progress line, not into it") {
  log::start({.command = "csv-transform",
              .write = [this](std::string_view line) { terminal.words(line); }});
  terminal.status("5.4 M records");
  log::error("one line");
  const int before = writes;
  log::error("another");
  CHECK(writes == before + 1);
  log::stop();
  CHECK(screen(err) ==
        "nodeops csv-transform: one line\nnodeops csv-transform: another\n5.4 M records");
}

TEST_CASE_FIXTURE(ProgressTest, "words without a status are written as they are") {
  terminal.words("a\nb\n");
  CHECK(err == "a\nb\n");
}

TEST_CASE("threads may draw, log and finish at the same time") {
  std::string err;
  Terminal terminal([&err](std::string_view text) { err += text; });
  RunTotals totals;
  std::atomic<int> milliseconds{0};
  {
    ProgressLine line(terminal, totals,
                      {.choice = ProgressChoice::always, .is_terminal = true, .now = [&] {
                         return Clock::time_point(std::chrono::milliseconds(milliseconds += 50));
                       }});
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 2; ++thread) {
      threads.emplace_back([&] {
        for (int turn = 0; turn < 200; ++turn) {
          totals.items_in += 1;
          line.tick();
        }
      });
    }
    threads.emplace_back([&] {
      for (int turn = 0; turn < 50; ++turn) terminal.words("words\n");
    });
    threads.emplace_back([&] { CHECK_FALSE(line.line().empty()); });
    threads.clear();
    line.finish();
  }
  CHECK(std::count(err.begin(), err.end(), '\n') == 50);
  const std::string shown = screen(err);
  CHECK(shown.find("words\nwords\n") != std::string::npos);
  CHECK(shown.find("records") == std::string::npos);
}
