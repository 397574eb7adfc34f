// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>
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

TEST_CASE("a bad value of a flag says what is allowed") {
  CHECK(run_nodeops({"csv-transform", "--dry-run=maybe"}).err ==
        "nodeops csv-transform: --dry-run: 'maybe' is not allowed; allowed: true, false\n");
}

TEST_CASE("a report or log that cannot be is said once, by the command's name") {
  const TemporaryDirectory place;
  for (const char* const option : {"--report", "--metrics-file", "--log-file"}) {
    const auto outcome = run_nodeops({"csv-transform", option, place / "none/x"}, "a\n1\n");
    CHECK(outcome.exit_code == 73);
    CHECK(outcome.err.starts_with("nodeops csv-transform: " + place / "none/x"));
    CHECK(outcome.err.find('\n') == outcome.err.size() - 1);
  }
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

TEST_CASE("who is asked for on the command line to be quiet or verbose counts") {
  const TemporaryDirectory place;
  const auto loud = place.write("loud.toml", "verbose = true\n");
  const std::map<std::string, std::string> variable{{"NODEOPS_VERBOSE", "true"}};
  CHECK_FALSE(run_nodeops({"csv-transform"}, "a\n1\n", variable).err.empty());
  CHECK(run_nodeops({"csv-transform", "-q"}, "a\n1\n", variable).err.empty());
  CHECK_FALSE(run_nodeops({"csv-transform", "--config", loud}, "a\n1\n").err.empty());
  CHECK(run_nodeops({"csv-transform", "-q", "--config", loud}, "a\n1\n").err.empty());
}

TEST_CASE("a configuration file is TOML, or the plain lines of an INI file") {
  const TemporaryDirectory place;
  const auto outcome = [&](const std::string& text) {
    const auto config = place.write("nodeops.toml", text);
    return run_nodeops({"csv-transform", "--config", config}, "a,b\nx,Y\n");
  };
  CHECK(outcome("replace = \"b=/Y/a#b/\" # not before\n").out == "a,b\nx,a#b\n");
  CHECK(outcome("replace = 'b=/\\w/\\0\\0/'\n").out == "a,b\nx,YY\n");
  CHECK(outcome("replace = \"b=/Y/\\u00e9\\\\\\\\/\"\n").out == "a,b\nx,\xC3\xA9\\\n");
  CHECK(outcome("upper = [\n  \"a\", # both\n  \"b\",\n]\nno-header = false\n").out ==
        "a,b\nX,Y\n");
  CHECK(outcome("buffer = 65536\n[csv-transform]\nlower = 'b'\n").out == "a,b\nx,y\n");
  // The order of the file counts, also where it is not that of the alphabet.
  CHECK(outcome("upper = \"a\"\nreplace = \"a=/X/z/\"\nlower = \"b\"\n").out == "a,b\nz,y\n");
  CHECK(outcome("\xEF\xBB\xBFupper = \"a\"\r\n").out == "a,b\nX,Y\n");
  CHECK(outcome("; as INI files have it\n[csv-transform]\nupper = a\ndelimiter=,\n").out ==
        "a,b\nX,Y\n");
  CHECK(outcome("[dashboard]\nbudget = \"1s\"\n[csv-transform]\nupper = \"a\"\n").out ==
        "a,b\nX,Y\n");
}

TEST_CASE("a configuration file that is neither names its line") {
  const TemporaryDirectory place;
  for (const std::string text :
       {"upper = \"a\"\nlower = \"b\n", "upper = \"a\"\nlower =\n", "upper = \"a\"\ngarbage\n",
        "upper = \"a\"\nlower = [\"b\"\n", "upper = \"a\"\nlower = {b = 1}\n"}) {
    CAPTURE(text);
    const auto config = place.write("nodeops.toml", text);
    const auto outcome = run_nodeops({"csv-transform", "--config", config}, "a,b\n");
    CHECK(outcome.exit_code == 78);
    CHECK(outcome.err.find("nodeops.toml:") != std::string::npos);
    CHECK(outcome.err.find("nodeops.toml:1:") == std::string::npos);
    CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
  }
  for (const char* const text :
       {"[csv-tranform]\nupper = \"a\"\n", "[csv-tranform]\n", "; INI\n[csv-tranform]\n"}) {
    const auto config = place.write("nodeops.toml", text);
    const auto outcome = run_nodeops({"csv-transform", "--config", config}, "a\n");
    CHECK(outcome.exit_code == 78);
    CHECK(outcome.err.find("did you mean 'csv-transform'") != std::string::npos);
  }
}

TEST_CASE("standard input is one input") {
  for (const char* const command : {"csv-transform", "webhook-replay", "grayscale"}) {
    const auto outcome = run_nodeops({command, "-", "-"}, "a\n");
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.err.find("standard input") != std::string::npos);
  }
}

TEST_CASE("with --log-format json what was asked for comes as JSON too") {
  const auto outcome =
      run_nodeops({"csv-transform", "--dry-run", "-v", "--log-format", "json"}, "a\n1\n");
  CHECK(outcome.exit_code == 0);
  std::istringstream lines(outcome.err);
  int said = 0;
  for (std::string line; std::getline(lines, line);) {
    CHECK(line.starts_with("{\"time\":"));
    CHECK(line.ends_with("}"));
    said += line.find("dry run: would write") == std::string::npos ? 0 : 1;
  }
  CHECK(said == 1);
}

TEST_CASE("a configuration that cannot be meant is refused with 78") {
  const TemporaryDirectory place;
  const auto unknown = place.write("unknown.toml", "uper = \"a\"\n");
  const auto outcome = run_nodeops({"csv-transform", "--config", unknown});
  CHECK(outcome.exit_code == 78);
  CHECK(outcome.err.find("no option is named 'uper' (did you mean '--upper'?)") !=
        std::string::npos);
  for (const char* const name : {"help", "version", "config"}) {
    const auto only = place.write("only.toml", std::string(name) + " = true\n");
    CHECK(run_nodeops({"csv-transform", "--config", only}).err ==
          "nodeops csv-transform: " + only + ": '" + name + "' goes on the command line only\n");
  }
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

TEST_CASE("an input of nothing but a byte order mark adds nothing to the next") {
  const TemporaryDirectory place;
  const auto table = place.write("2.csv", "a\nx\n");
  for (const std::string mark : {"", "\xEF\xBB\xBF"}) {
    const auto only_mark = place.write("1.csv", mark);
    CHECK(run_nodeops({"csv-transform", "--upper", "a", only_mark, table}).out == mark + "a\nX\n");
  }
}

TEST_CASE("an empty value is refused and takes nothing for its own; a file has one role in a run") {
  const TemporaryDirectory place;
  const auto input = place.write("in.csv", "a\n1\n");
  CHECK(run_nodeops({"csv-transform", "--output=", input}).exit_code == 2);
  CHECK(run_nodeops({"csv-transform", "--report", input, input}).exit_code == 2);
  CHECK(run_nodeops({"csv-transform", "-o", input, "--events", input, "-"}).exit_code == 2);
  CHECK(run_nodeops({"csv-transform", input}, {}, {{"NODEOPS_OUTPUT", ""}}).out == "a\n1\n");
  CHECK(run_nodeops({"csv-transform", "--quote=", input}).out == "a\n1\n");
  CHECK(place.read("in.csv") == "a\n1\n");
}
