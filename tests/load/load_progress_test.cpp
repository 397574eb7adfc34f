// SPDX-License-Identifier: MIT
#include "load/load_progress.hpp"

#include <doctest/doctest.h>

using namespace nodeops::load;
using nodeops::csv::Position;

namespace {

Position border(std::uint64_t bytes, std::uint64_t filtered = 0) {
  return {.offset = bytes, .bytes = bytes, .filtered = filtered};
}

void hand_in(LoadProgress& progress, int records) {
  for (int i = 0; i < records; ++i) CHECK(progress.handed());
}

}  // namespace

TEST_CASE("a position is the last border before what is done, and what is done behind it") {
  LoadProgress progress;
  hand_in(progress, 5);
  progress.loaded(3);
  CHECK(progress.position({}).at.bytes == 0);
  CHECK(progress.position({}).passed == 3);
  progress.reached(border(100, 7));
  hand_in(progress, 5);
  progress.loaded(1);
  CHECK(progress.position({}).at.bytes == 0);
  CHECK(progress.position({}).passed == 4);
  progress.loaded(4);
  const auto position = progress.position({});
  CHECK(position.at.bytes == 100);
  CHECK(position.passed == 3);
  CHECK(position.at.written == 8);
  CHECK(position.at.records == 15);
}

TEST_CASE("of borders with nothing between them the last one counts") {
  LoadProgress progress;
  hand_in(progress, 1);
  progress.reached(border(10, 1));
  progress.reached(border(20, 2));
  progress.loaded(1);
  CHECK(progress.position({}).at == [] {
    Position position = border(20, 2);
    position.records = 3;
    position.written = 1;
    return position;
  }());
}

TEST_CASE("a refused record is done when something follows, or at the end") {
  LoadProgress progress;
  hand_in(progress, 3);
  progress.loaded(1);
  progress.refused({40, 60});
  CHECK(progress.position({50, 70}).passed == 1);
  CHECK(progress.position({50, 70}).at.refused == 0);
  CHECK(progress.position({50, 70}).lengths == RejectLengths{40, 60});
  SUBCASE("by a row") {
    progress.loaded(1);
    CHECK(progress.position({50, 70}).passed == 3);
    CHECK(progress.position({50, 70}).at.refused == 1);
    CHECK(progress.position({50, 70}).lengths == RejectLengths{50, 70});
  }
  SUBCASE("by another one") {
    progress.refused({50, 70});
    CHECK(progress.position({60, 80}).passed == 2);
    CHECK(progress.position({60, 80}).lengths == RejectLengths{50, 70});
  }
  SUBCASE("by nothing more") {
    progress.end();
    CHECK(progress.position({50, 70}).passed == 2);
    CHECK(progress.position({50, 70}).lengths == RejectLengths{50, 70});
  }
}

TEST_CASE("who goes on passes over what is done, and counts on from there") {
  LoadPosition from{.at = border(100, 5), .passed = 2, .bytes = 9, .lengths = {1, 2}};
  from.at.written = 10;
  from.at.refused = 4;
  LoadProgress progress;
  progress.go_on(from);
  CHECK_FALSE(progress.handed());
  CHECK_FALSE(progress.handed());
  CHECK(progress.handed());
  progress.loaded(1);
  progress.took(3);
  const auto position = progress.position({1, 2});
  CHECK(position.at.bytes == 100);
  CHECK(position.passed == 3);
  CHECK(position.at.written == 11);
  CHECK(position.at.refused == 4);
  CHECK(position.at.records == 20);
  CHECK(position.bytes == 12);
}
