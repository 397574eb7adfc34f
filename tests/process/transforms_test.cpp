// SPDX-License-Identifier: MIT
// What expressions, lookups and plugins need a process for: exit statuses, shards, memory.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "process/run_nodeops.hpp"

using namespace nodeops::test;

TEST_CASE("expressions, lookups and plugins say what is wrong before anything is written") {
  const TemporaryDirectory place;
  place.write("in.csv", "a,b\n1,2\n");
  place.write("twice.csv", "k,v\n1,x\n1,y\n");
  place.write("text.so", "no plugin");
  struct Wrong {
    std::vector<std::string> arguments;
    int exit_code;
    const char* says;
  };
  const std::vector<Wrong> all = {
      {{"--set", "c=1 +"}, 2, "--set c:1: unexpected symbol near <eof>"},
      {{"--set", "c=row.x"}, 2, "--set: no column 'x' (there are a, b)"},
      {{"--where-lua", "while"}, 2, "--where-lua:1: "},
      {{"--lookup", "twice.csv:a=k"},
       65,
       "twice.csv:3: the key of this record is that of line 2 already"},
      {{"--lookup", "none.csv:a"}, 66, "none.csv: cannot open"},
      {{"--lookup", "in.csv:a"}, 2, "there is a column 'b' already"},
      {{"--lookup-missing", "skip"}, 2, "--lookup-missing"},
      {{"--plugin", "none.so"}, 66, "none.so: there is no such plugin"},
      {{"--plugin", "text.so"}, 69, "text.so: not a plugin: "},
      {{"--lookup", "in.csv:a", "--rejects", "in.csv", "--on-error", "skip", "-"},
       2,
       "another role"},
  };
  for (const Wrong& wrong : all) {
    std::vector<std::string> arguments = wrong.arguments;
    CAPTURE(arguments.front() + " " + arguments[1]);
    arguments.insert(arguments.end(), {"-o", "out.csv", "in.csv"});
    const auto outcome = run_csv_transform(place, arguments);
    CHECK(outcome.exit_code == wrong.exit_code);
    CHECK(is_one_message(outcome.err));
    CHECK_MESSAGE(contains(outcome.err, wrong.says), outcome.err);
    CHECK_FALSE(place.has("out.csv"));
  }
}

TEST_CASE("the shards of a run with expressions and a lookup are its output, cut") {
  const TemporaryDirectory place;
  place.write("in.csv", numbered_records(3000));
  std::string table = "id,group\n";
  for (int i = 0; i < 3000; i += 2)
    table += std::to_string(i) + ",g" + std::to_string(i % 7) + "\n";
  place.write("groups.csv", table);
  const std::vector<std::string> steps = {"--lookup",    "groups.csv:id",
                                          "--set",       "n=row.id * 3",
                                          "--where-lua", "row.group ~= '' or row.n % 5 == 0"};
  auto arguments = steps;
  arguments.insert(arguments.end(), {"-j", "2", "in.csv"});
  const auto whole = run_csv_transform(place, arguments);
  REQUIRE(whole.exit_code == 0);
  CHECK(contains(whole.out,
                 "id,name,group,n\n0,name of 0,g0,0\n2,name of 2,g2,6\n4,name of 4,g4,12\n5,"));
  std::string together;
  for (const auto* const shard : {"1/3", "2/3", "3/3"}) {
    arguments = steps;
    arguments.insert(arguments.end(), {"--shard", shard, "in.csv"});
    const auto part = run_csv_transform(place, arguments);
    CHECK(part.exit_code == 0);
    together += part.out;
  }
  CHECK(together == whole.out);
}

TEST_CASE("a table that does not fit into the memory limit is refused with its size") {
  const TemporaryDirectory place;
  std::string table = "k,v\n";
  for (int i = 0; i < 60'000; ++i) table += std::to_string(i) + ",some value of a row\n";
  place.write("table.csv", table);
  place.write("in.csv", "k\n7\n");
  const auto refused =
      run_csv_transform(place, {"--memory-limit", "4M", "--lookup", "table.csv:k", "in.csv"});
  CHECK(refused.exit_code == 2);
  CHECK(contains(refused.err, "table.csv: the table takes "));
  CHECK(contains(refused.err, "more than the 2.0 MiB that it may"));
  const auto fits =
      run_csv_transform(place, {"--memory-limit", "8M", "--lookup", "table.csv:k", "in.csv"});
  CHECK(fits.exit_code == 0);
  CHECK(fits.out == "k,v\n7,some value of a row\n");
}
