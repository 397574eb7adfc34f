// SPDX-License-Identifier: MIT
// The recipes of docs/RECIPES.md, as they stand there.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "load/load_support.hpp"
#include "process/run_nodeops.hpp"

using namespace nodeops::test;

namespace {

/// The first block of shell commands below a heading.
std::string recipe(const std::string& heading) {
  std::ifstream file(std::string(NODEOPS_SOURCE) + "/docs/RECIPES.md");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const auto section = text.find("## " + heading + "\n");
  REQUIRE(section != std::string::npos);
  const std::string fence = "```sh\n";
  const auto begin = text.find(fence, section) + fence.size();
  return text.substr(begin, text.find("```\n", begin) - begin);
}

ProcessOutcome run_commands(const TemporaryDirectory& place, const std::string& commands,
                            const std::string& fault = "") {
  const auto bin = std::filesystem::path(NODEOPS_BINARY).parent_path().string();
  return run_process(
      {.program = "/bin/sh",
       .arguments = {"-e", "-c", "PATH=" + bin + ":$PATH\n" + commands},
       .environment = {{"HOME", place.path().string()}, {"NODEOPS_TEST_LOAD_FAULT", fault}},
       .directory = place.path().string()});
}

ProcessOutcome run_recipe(const TemporaryDirectory& place, const std::string& heading) {
  return run_commands(place, recipe(heading));
}

std::string sales(std::size_t count) {
  std::string text = "id,quantity,unit_price,country\n";
  for (std::size_t i = 0; i < count; ++i) {
    text += std::to_string(i) + "," + std::to_string(i % 9) + ",\"" + std::to_string(i % 100) +
            ".25\"," + (i % 3 == 0 ? "\"a\nb\"" : "c") + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("shards made by GNU parallel are the whole when they are put together") {
  const TemporaryDirectory place;
  place.write("sales.csv", sales(2000));
  const auto whole =
      run_csv_transform(place, {"--set", "total=row.quantity * row.unit_price", "sales.csv"});
  REQUIRE(whole.exit_code == 0);
  const auto outcome = run_recipe(place, "One large file, several processes: GNU parallel");
  CAPTURE(outcome.err);
  CHECK(outcome.exit_code == 0);
  CHECK(place.read("whole.csv") == whole.out);
  CHECK(place.read("part-4.csv").size() < whole.out.size() / 3);
}

TEST_CASE(
    "shards that die while they load one table are loaded once when the line is given again") {
  const TemporaryDirectory place;
  place.write("sales.csv", sales(2000));
  const auto databases = load_places(place);
  if (databases.size() < 2) return;
  std::string commands = recipe("One large file into one table, several processes");
  const std::string example = "postgresql://db.example.com/shop?table=sales";
  REQUIRE(contains(commands, example));
  commands.replace(commands.find(example), example.size(), databases.back().table("sales"));
  CHECK(run_commands(place, commands, "after-commit:2").exit_code != 0);
  CHECK(run_commands(place, commands, "before-commit:2").exit_code != 0);
  const auto outcome = run_commands(place, commands);
  CHECK_MESSAGE(outcome.exit_code == 0, outcome.err);
  CHECK(databases.back().ask("SELECT count(*), count(DISTINCT id) FROM sales", 2) == "2000|2000");
  CHECK_FALSE(place.has("load-1.ckpt"));
}

TEST_CASE("a shard that fails ends the recipe with its failure, and nothing is put together") {
  const TemporaryDirectory place;
  place.write("sales.csv", sales(500) + "x,y,z,w\n" + sales(500));
  const auto outcome = run_recipe(place, "One large file, several processes: GNU parallel");
  CHECK(outcome.exit_code != 0);
  CHECK_FALSE(place.has("whole.csv"));
}

TEST_CASE("many files go through GNU parallel each under its name") {
  const TemporaryDirectory place;
  std::filesystem::create_directory(place.path() / "in");
  std::filesystem::create_directory(place.path() / "out");
  for (const auto* const name : {"a.csv", "b c.csv"})
    place.write(std::string("in/") + name, "country,n\nfrance," + std::string(name) + "\n");
  const auto outcome = run_recipe(place, "Many files");
  CAPTURE(outcome.err);
  CHECK(outcome.exit_code == 0);
  CHECK(place.read("out/a.csv") == "country,n\nFRANCE,a.csv\n");
  CHECK(place.read("out/b c.csv") == "country,n\nFRANCE,b c.csv\n");
}
