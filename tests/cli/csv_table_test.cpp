// SPDX-License-Identifier: MIT
// The options of tables, and what a run into one tells.
#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/run_nodeops.hpp"
#include "store/sqlite.hpp"
#include "support/temporary_directory.hpp"

using namespace nodeops;
using namespace nodeops::test;
using Arguments = std::vector<std::string>;

namespace {

constexpr auto people = "id,name\n1,ada\n2,alan\n";

struct Load {
  TemporaryDirectory place;

  std::string table() const { return "sqlite:" + place / "t.db?table=t"; }
  RunOutcome run(Arguments arguments, std::string_view input = people) const {
    arguments.insert(arguments.begin(), {"csv-transform", "-o", table()});
    return run_nodeops(arguments, input);
  }
  std::int64_t count() const {
    store::Sqlite file(place / "t.db", std::chrono::seconds(10), {},
                       store::SqliteFile::of_the_user);
    auto query = file.prepare("SELECT count(*) FROM t");
    query.step();
    return query.integer(0);
  }
};

}  // namespace

TEST_CASE("options of a table that do not fit together are wrong usage") {
  const Load load;
  const std::vector<Arguments> wrong = {{"--key", "id"},
                                        {"--mode", "upsert"},
                                        {"--mode", "insert"},
                                        {"--types", "id"},
                                        {"--types", "id=word"},
                                        {"--types", "=text"},
                                        {"--infer-types", "--mode", "append"},
                                        {"--on-error", "keep"},
                                        {"--to", "ndjson"},
                                        {"--compress", "gzip"},
                                        {"--plan", "2"},
                                        {"--batch", "0"},
                                        {"--retry-for", "soon"},
                                        {"--shard", "1/2", "--mode", "replace"},
                                        {"--checkpoint", load.place / "c"}};
  for (const Arguments& arguments : wrong) {
    CAPTURE(arguments);
    const auto outcome = load.run(arguments);
    CHECK(outcome.exit_code == 2);
    CHECK_FALSE(outcome.err.empty());
  }
  CHECK_FALSE(std::filesystem::exists(load.place / "t.db"));
}

TEST_CASE("an option of tables without a table is wrong usage") {
  for (const Arguments& arguments : std::vector<Arguments>{{"--mode", "append"},
                                                           {"--types", "id=integer"},
                                                           {"--empty-as-null"},
                                                           {"--batch", "5"}}) {
    Arguments all = arguments;
    all.insert(all.begin(), "csv-transform");
    const auto outcome = run_nodeops(all, people);
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.err.find(arguments.front()) != std::string::npos);
  }
}

TEST_CASE("the report tells what became of the table") {
  const Load load;
  const auto outcome =
      load.run({"--batch", "1", "--report", load.place / "r.json", "--digest", "sha256"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.empty());
  CHECK(load.count() == 2);
  const auto report = nlohmann::json::parse(load.place.read("r.json"));
  const auto& database = report.at("database");
  CHECK(database.at("table") == "t");
  CHECK(database.at("mode") == "create");
  CHECK(database.at("rows") == 2);
  CHECK(database.at("batches") == 2);
  CHECK(database.at("refused") == 0);
  CHECK(report.at("items").at("ok") == 2);
  CHECK_FALSE(report.at("digest").contains("output"));
  CHECK(load.run({}).exit_code == 73);
}

TEST_CASE("a load that fails says what is committed, a dry run what would be loaded") {
  const Load load;
  const auto dry = load.run({"--dry-run"});
  CHECK(dry.exit_code == 0);
  CHECK(dry.err.find("would load 2 records") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(load.place / "t.db"));
  const auto failed = load.run({}, "id,name\n1,ada\n2\n3,alan\n");
  CHECK(failed.exit_code == 65);
  CHECK(failed.err.find("1 records were committed") != std::string::npos);
  CHECK(load.count() == 1);
  const auto skipped =
      load.run({"--mode", "replace", "--on-error", "skip"}, "id,name\n1,ada\n2\n3,alan\n");
  CHECK(skipped.exit_code == 1);
  CHECK(load.count() == 2);
}

TEST_CASE("several inputs are one table, and a header that differs ends the load") {
  const Load load;
  const std::string first = load.place.write("a.csv", people);
  const std::string second = load.place.write("b.csv", "id,name\n3,grace\n");
  CHECK(load.run({first, second}).exit_code == 0);
  CHECK(load.count() == 3);
  const std::string other = load.place.write("c.csv", "id,nom\n4,x\n");
  CHECK(load.run({"--mode", "replace", first, other}).exit_code == 65);
  CHECK(load.count() == 3);
}
