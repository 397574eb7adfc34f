// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "cli/run_nodeops.hpp"
#include "support/temporary_directory.hpp"

using namespace nodeops::test;

TEST_CASE("without a command, or with a misspelt one, the usage is told") {
  CHECK(run_nodeops({}).exit_code == 2);
  const auto outcome = run_nodeops({"csv-tranform"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err == "nodeops: csv-tranform: no such command (did you mean 'csv-transform'?)\n");
}

TEST_CASE("a misspelt option is answered with the nearest one") {
  const auto outcome = run_nodeops({"csv-transform", "--capitalise", "a"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err ==
        "nodeops csv-transform: --capitalise: no such option (did you mean '--capitalize'?)\n");
}

TEST_CASE("a bad value names the option, the value and what is allowed") {
  const auto outcome = run_nodeops({"csv-transform", "--heartbeat", "soon"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err.find("--heartbeat: 'soon' is not allowed; allowed: 0, or 1ms to 1h") !=
        std::string::npos);
}

TEST_CASE("the command line wins over variables, and variables over the file") {
  const TemporaryDirectory place;
  const auto config = place.write(
      "nodeops.toml", "to = \"ndjson\"\nupper = \"a\"\n[csv-transform]\nlower = \"b\"\n");
  const std::string input = "a,b\nx,Y\n";
  CHECK(run_nodeops({"csv-transform", "--config", config}, input).out ==
        "{\"a\":\"X\",\"b\":\"y\"}\n");
  CHECK(run_nodeops({"csv-transform", "--config", config}, input, {{"NODEOPS_TO", "csv"}}).out ==
        "a,b\nX,y\n");
  CHECK(run_nodeops({"csv-transform", "--to", "tsv", "--config", config}, input,
                    {{"NODEOPS_TO", "csv"}})
            .out == "a\tb\nX\ty\n");
}

TEST_CASE("a configuration that cannot be meant is refused with 78") {
  const TemporaryDirectory place;
  const auto unknown = place.write("unknown.toml", "uper = \"a\"\n");
  const auto outcome = run_nodeops({"csv-transform", "--config", unknown});
  CHECK(outcome.exit_code == 78);
  CHECK(outcome.err.find("no option is named 'uper' (did you mean '--upper'?)") !=
        std::string::npos);
  const auto bad = place.write("bad.toml", "buffer = \"much\"\n");
  CHECK(run_nodeops({"csv-transform", "--config", bad}).exit_code == 78);
  CHECK(run_nodeops({"csv-transform", "--config", place / "missing"}).exit_code == 66);
}

TEST_CASE("transforms run in the order of the command line") {
  const std::string input = "a\n x \n";
  CHECK(run_nodeops({"csv-transform", "--replace", "a=/ /_/", "--trim", "a"}, input).out ==
        "a\n_x\n");
  CHECK(run_nodeops({"csv-transform", "--trim", "a", "--replace", "a=/ /_/"}, input).out ==
        "a\nx\n");
}

TEST_CASE("help and version go to standard output") {
  CHECK(run_nodeops({"--help"}).out.starts_with("usage: nodeops COMMAND"));
  CHECK(run_nodeops({"csv-transform", "-h"}).out.starts_with("usage: nodeops csv-transform"));
  CHECK(run_nodeops({"csv-transform", "--version"}).out.starts_with("nodeops "));
}

TEST_CASE("a dry run writes nothing and says what it would") {
  const TemporaryDirectory place;
  const auto outcome =
      run_nodeops({"csv-transform", "--dry-run", "-o", place / "out.csv"}, "a\n1\n2\n");
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.find("dry run: would write 2 records, 6 bytes") != std::string::npos);
  CHECK(place.names().empty());
}

TEST_CASE("what stops a run is one line with the place and the status of its kind") {
  const auto outcome = run_nodeops({"csv-transform"}, "a,b\n1,2\n3\n");
  CHECK(outcome.exit_code == 65);
  CHECK(outcome.out == "a,b\n1,2\n");
  CHECK(outcome.err ==
        "nodeops csv-transform: -:3: 1 field, expected 2 (--on-error skip leaves such records "
        "out)\n");
}

TEST_CASE("shards of several files make up the whole, also where a last line end is missing") {
  const TemporaryDirectory place;
  const std::vector<std::string> files = {place.write("1.csv", "a,b\n1,x\n2,y"),
                                          place.write("2.csv", "a,b\n3,\"z\n\""),
                                          place.write("3.csv", "a,b\n4,w\n")};
  const auto run_shard = [&](const std::string& shard) {
    std::vector<std::string> arguments = {"csv-transform", "--upper", "b", "--shard", shard};
    arguments.insert(arguments.end(), files.begin(), files.end());
    return run_nodeops(arguments).out;
  };
  const auto whole = run_shard("1/1");
  CHECK(whole == "a,b\n1,X\n2,Y\n3,\"Z\n\"\n4,W\n");
  for (int count = 2; count <= 12; ++count) {
    std::string together;
    for (int k = 1; k <= count; ++k)
      together += run_shard(std::to_string(k) + "/" + std::to_string(count));
    CHECK(together == whole);
  }
}
