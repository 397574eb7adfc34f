// SPDX-License-Identifier: MIT
#include "image/batch_plan.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "core/error.hpp"
#include "support/temporary_directory.hpp"

using namespace nodeops;
using namespace nodeops::image;
using nodeops::test::TemporaryDirectory;
namespace fs = std::filesystem;

namespace {

using Names = std::vector<std::string>;

BatchInput named(const std::string& path) {
  return {.path = path, .below = fs::path(path).filename().string()};
}

BatchInput found(const std::string& path) {
  BatchInput input = named(path);
  input.found = true;
  return input;
}

Names outputs(const std::vector<BatchItem>& items) {
  Names names;
  for (const BatchItem& item : items) names.push_back(item.output);
  return names;
}

OutputRule into(const std::string& directory) {
  return {.place = OutputRule::Place::directory,
          .destination = directory,
          .pattern = NamePattern("{dir}/{stem}.{ext}")};
}

}  // namespace

TEST_CASE("outputs are beside their inputs, or below a directory as their inputs were") {
  const std::vector<BatchInput> inputs = {
      {.path = "in/a.png", .below = "a.png"},
      {.path = "in/sub/b.gif", .below = "sub/b.gif"},
      {.path = "c.jpg", .below = "c.jpg"},
  };
  CHECK(outputs(plan_batch(inputs, {}, Order::given)) ==
        Names{"in/a-gray.png", "in/sub/b-gray.png", "c-gray.jpg"});
  CHECK(outputs(plan_batch(inputs, into("out"), Order::given)) ==
        Names{"out/a.png", "out/sub/b.png", "out/c.jpg"});
  CHECK(outputs(plan_batch(inputs, {.place = OutputRule::Place::input}, Order::given)) ==
        Names{"in/a.png", "in/sub/b.gif", "c.jpg"});
}

TEST_CASE("a suffix that has to change keeps the old one in front where a neighbour has the new") {
  CHECK(outputs(plan_batch({named("a.gif"), named("a.png"), named("b.gif")}, {}, Order::given)) ==
        Names{"a-gray.gif.png", "a-gray.png", "b-gray.png"});
}

TEST_CASE("two inputs with one output are found before the work") {
  const OutputRule png{.to = Target::png};
  CHECK_THROWS_WITH(plan_batch({named("a.gif"), named("a.png")}, png, Order::given),
                    "a.gif and a.png would both be written to a-gray.png");
  CHECK_THROWS_AS(plan_batch({named("x/a.png"), named("y/a.png")}, into("out"), Order::given),
                  AppError);
  const OutputRule fixed{.pattern = NamePattern("one.{ext}")};
  CHECK_THROWS_AS(plan_batch({named("a.png"), named("b.png")}, fixed, Order::given), AppError);
}

TEST_CASE("one output written in two ways is one output") {
  const OutputRule png{.to = Target::png};
  const TemporaryDirectory place;
  fs::create_directories(place / "real");
  fs::create_directory_symlink("real", place / "link");
  CHECK_THROWS_AS(plan_batch({named(place / "real/a.gif"), named(place / "link/../real/./a.png")},
                             png, Order::given),
                  AppError);
  CHECK_THROWS_AS(
      plan_batch({named(place / "real/a.gif"), named(place / "link/a.png")}, png, Order::given),
      AppError);
}

TEST_CASE("an input that is named twice for one output is taken once") {
  CHECK(outputs(plan_batch({named("a.png"), named("./a.png"), found("a.png")}, {}, Order::given)) ==
        Names{"a-gray.png"});
}

TEST_CASE("an output that would replace another input is refused when that was named") {
  CHECK_THROWS_WITH(plan_batch({named("a.png"), named("a-gray.png")}, {}, Order::given),
                    "the output of a.png would replace a-gray.png, which is an input too");
}

TEST_CASE("outputs of an earlier run that are found in a directory are no inputs") {
  const std::vector<BatchInput> inputs = {found("a.png"), found("a-gray.png"),
                                          found("a-gray-gray.png"), found("b-gray.png")};
  CHECK(outputs(plan_batch(inputs, {}, Order::given)) == Names{"a-gray.png", "b-gray-gray.png"});
}

TEST_CASE("an output may replace its own input") {
  const TemporaryDirectory place;
  const std::string file = place.write("a.png", "x");
  const OutputRule rule{.place = OutputRule::Place::file, .destination = file};
  CHECK(outputs(plan_batch({named(file)}, rule, Order::given)) == Names{file});
}

TEST_CASE("hard links are files of their own: replacing one leaves the other alone") {
  const TemporaryDirectory place;
  const std::string one = place.write("one.png", "x");
  fs::create_hard_link(one, place / "two.png");
  const OutputRule rule{.place = OutputRule::Place::input};
  CHECK(plan_batch({named(one), named(place / "two.png")}, rule, Order::given).size() == 2);
}

TEST_CASE("the smallest or the largest go first when asked to, equals as given") {
  std::vector<BatchInput> inputs = {named("a"), named("b"), named("c"), named("d")};
  inputs[0].bytes = 2;
  inputs[1].bytes = 1;
  inputs[2].bytes = 2;
  inputs[3].bytes = 3;
  CHECK(outputs(plan_batch(inputs, {}, Order::smallest)) ==
        Names{"b-gray", "a-gray", "c-gray", "d-gray"});
  CHECK(outputs(plan_batch(inputs, {}, Order::largest)) ==
        Names{"d-gray", "a-gray", "c-gray", "b-gray"});
}
