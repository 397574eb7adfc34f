// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <utility>

#include "csv/steps.hpp"
#include "csv/transform_text.hpp"
#include "support/random_csv.hpp"

using namespace nodeops;
using namespace nodeops::csv;
using namespace nodeops::test;

namespace {

using Steps = std::initializer_list<std::pair<const char*, const char*>>;

TransformOptions options_for(Steps steps, OnError on_error = OnError::skip) {
  TransformOptions options;
  for (const auto& [option, text] : steps) options.steps.push_back(make_step(option, text, "key"));
  options.on_error = on_error;
  return options;
}

std::string output_of(Steps steps, const std::string& text) {
  const auto outcome = transform_text(options_for(steps), text);
  if (outcome.error) return std::string("error: ") + outcome.error->line();
  return outcome.output;
}

std::string usage_of(Steps steps, const std::string& text = "a,b,c\n1,2,3\n") {
  try {
    const auto outcome = transform_text(options_for(steps), text);
    REQUIRE(outcome.error);
    CHECK(outcome.error->kind() == ErrorKind::usage);
    return outcome.error->line();
  } catch (const AppError& error) {
    CHECK(error.kind() == ErrorKind::usage);
    return error.line();
  }
}

}  // namespace

TEST_CASE("a new column stands behind the record's own bytes, which stay as they are") {
  CHECK(output_of({{"--set", "d=row.a + row.b"}}, "a,b,c\r\n1,2,\"x\"\r\n\"3\",4,\"y\"\"\"") ==
        "a,b,c,d\r\n1,2,\"x\",3\r\n\"3\",4,\"y\"\"\",7");
  CHECK(output_of({{"--set", "d=row.c .. ',' .. row.a"}}, "a,b,c\n1,2,x\n") ==
        "a,b,c,d\n1,2,x,\"x,1\"\n");
  CHECK(output_of({{"--set", "d=1"}, {"--set", "a=row.d + row.b"}}, "a,b,c\n1,2,x\n") ==
        "a,b,c,d\n3,2,x,1\n");
}

TEST_CASE("a column that is there gets another value, quoted if it must be or was") {
  CHECK(output_of({{"--set", "b=row.b * 10"}}, "a,b,c\n1,2,3\n4,\"5\",6\n") ==
        "a,b,c\n1,20,3\n4,\"50\",6\n");
  CHECK(output_of({{"--set", "2=nil"}}, "a,b,c\n1,2,3\n") == "a,b,c\n1,,3\n");
  CHECK(output_of({{"--set", "\"odd name\"=row[\"odd name\"] .. '!'"}}, "odd name,b\nx,2\n") ==
        "odd name,b\nx!,2\n");
}

TEST_CASE("later steps see, choose, order and rename what earlier ones have added") {
  const auto text = "a,b,c\n1,x,3\n2,y,4\n";
  CHECK(output_of({{"--set", "d=row.b"}, {"--upper", "d"}, {"--select", "d,a"}}, text) ==
        "d,a\nX,1\nY,2\n");
  CHECK(output_of({{"--set", "d=row.a * 2"}, {"--where", "d > 2"}, {"--drop", "b-c"}}, text) ==
        "a,d\n2,4\n");
  CHECK(output_of({{"--set", "d=1"}, {"--rename", "d=e"}, {"--set", "f=row.e + row.a"}}, text) ==
        "a,b,c,e,f\n1,x,3,1,2\n2,y,4,1,3\n");
  CHECK(output_of({{"--set", "d=7"}, {"--reorder", "d"}}, text) == "d,a,b,c\n7,1,x,3\n7,2,y,4\n");
  CHECK(output_of({{"--set", "d=7"}, {"--drop", "d"}, {"--set", "d=8"}}, text) ==
        "a,b,c,d\n1,x,3,8\n2,y,4,8\n");
  CHECK(output_of({{"--where-lua", "row.b == 'y'"}, {"--set", "d=row[1]"}}, text) ==
        "a,b,c,d\n2,y,4,2\n");
}

TEST_CASE("added columns come out in every form") {
  const auto text = "a,b\n1,\"x\ty\"\n";
  auto options = options_for({{"--set", "c=row.b .. ';' .. row.a"}});
  options.output_delimiter = '\t';
  CHECK(transform_text(options, text).output == "a\tb\tc\n1\t\"x\ty\"\t\"x\ty;1\"\n");
  options.output_delimiter = '\0';
  options.form = Form::ndjson;
  CHECK(transform_text(options, text).output ==
        "{\"a\":\"1\",\"b\":\"x\\ty\",\"c\":\"x\\ty;1\"}\n");
  options.dialect.header = false;
  options.steps = {make_step("--set", "3=row[1] + 1", "")};
  CHECK(transform_text(options, "1,2\n").output == "[\"1\",\"2\",\"2\"]\n");
  options.form = Form::csv;
  CHECK(transform_text(options, "1,2\n").output == "1,2,2\n");
}

TEST_CASE("comparison goes by number where both sides read as numbers") {
  const auto text = "a,b\n9,10\n10,9\nx,10\n";
  CHECK(output_of({{"--where-lua", "row.a == 'x' or row.a < row.b"}}, text) == "a,b\n9,10\nx,10\n");
  CHECK(output_of({{"--where-lua", "row.a == 10"}}, text) == "a,b\n10,9\n");
  CHECK(output_of({{"--where-lua", "row.a == '10'"}}, text) == "a,b\n10,9\n");
  CHECK(output_of({{"--where-lua", "row['a'] ~= nil and row[x] == nil"}}, text) == text);
}

TEST_CASE("a body returns its value; what it leaves out is empty") {
  CHECK(output_of({{"--set", "c=local n = row.a * 2 if n > 2 then return n end"}},
                  "a,b\n1,2\n2,2\n") == "a,b,c\n1,2,\n2,2,4\n");
  CHECK(output_of({{"--set", "c=(function() return 5 end)()"}}, "a\n1\n") == "a,c\n1,5\n");
}

TEST_CASE("a record whose expression fails is refused with the reason, byte for byte") {
  const auto outcome = transform_text(options_for({{"--upper", "c"}, {"--set", "d=row.a * row.b"}}),
                                      "a,b,c\n1,,\"x\"\nq,2,y\n3,4,z\n");
  CHECK(outcome.output == "a,b,c,d\n3,4,Z,12\n");
  CHECK(outcome.rejects == "1,,\"x\"\nq,2,y\n");
  CHECK(outcome.refused == 2);
  CHECK(
      outcome.reasons ==
      "{\"line\":2,\"offset\":6,\"input\":\"-\",\"column\":\"d\",\"reason\":\"transform-failed\","
      "\"detail\":\"--set d:1: row.b is empty\"}\n"
      "{\"line\":3,\"offset\":13,\"input\":\"-\",\"column\":\"d\",\"reason\":\"transform-failed\","
      "\"detail\":\"--set d:1: row.a is not a number\"}\n");
  const auto nothing = transform_text(options_for({{"--set", "d=row.a.b.c"}}), "a\n1\n");
  CHECK(nothing.reasons.find("attempt to index a nil value") != std::string::npos);
  CHECK(nothing.reasons.find("_row_") == std::string::npos);
}

TEST_CASE("a value that needs quotes where there are none refuses the untouched record") {
  auto options = options_for({{"--upper", "a"}, {"--set", "c=',' .. row.b"}});
  options.dialect.quoting = false;
  const auto outcome = transform_text(options, "a,b\nxyz,2\n");
  CHECK(outcome.rejects == "xyz,2\n");
  CHECK(outcome.refused == 1);
}

TEST_CASE("an expression of nothing is a mistake, such as a shell's variable that is not set") {
  CHECK(usage_of({{"--where-lua", ""}}) == "--where-lua: the expression is empty");
  CHECK(usage_of({{"--where-lua", " \n"}}) == "--where-lua: the expression is empty");
  CHECK(usage_of({{"--set", "x="}}) == "--set x: the expression is empty");
}

TEST_CASE("what can be known at the start is said there") {
  CHECK(usage_of({{"--set", "d=row.A"}}) == "--set: no column 'A' (did you mean 'a'?)");
  CHECK(usage_of({{"--set", "d=row[4]"}}) == "--set: no column 4 (there are 3, counted from 1)");
  CHECK(usage_of({{"--set", "7=1"}}) == "--set: no column 7 (there are 3, counted from 1)");
  CHECK(usage_of({{"--drop", "a"}, {"--set", "d=row.a"}}).starts_with("--set: no column 'a'"));
  CHECK(usage_of({{"--set", "d"}}) == "--set: 'd' is not of the form COL=EXPR");
  CHECK(usage_of({{"--set", "d=1 +"}}) == "--set d:1: unexpected symbol near <eof>");
  CHECK(usage_of({{"--where-lua", "row.a ="}}).starts_with("--where-lua:1: "));
  CHECK(usage_of({{"--where-lua", "local x = 1"}}).starts_with("--where-lua:1: "));
  CHECK(usage_of({{"--set", "d=row.a = 1 return 1"}})
            .starts_with("--set d: 'row' cannot be written"));
  CHECK(usage_of({{"--set", "d=1 end, function() return 2"}}).starts_with("--set d:1: "));
  CHECK(usage_of({{"--set", "d=..."}}).starts_with("--set d:1: "));
}

TEST_CASE("blocks, workers and pieces do not show in what expressions make") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    auto csv_options = random_options(seed);
    csv_options.delimiter = ',';
    csv_options.quote = '"';
    const auto text = random_csv(seed, csv_options);
    auto options = options_for({{"--set", "1=(row[1] .. 'x'):upper()"},
                                {"--set", "made=#row[1] + 1"},
                                {"--where-lua", "#row[1] % 3 ~= 0"}});
    const auto expected = transform_text(options, text);
    for (const std::size_t block_size : {std::size_t{64}, std::size_t{1000}}) {
      options.block_size = block_size;
      options.workers = 3;
      options.blocks_in_flight = 5;
      const auto outcome = transform_text(options, text, 11);
      CHECK(outcome.output == expected.output);
      CHECK(outcome.rejects == expected.rejects);
      CHECK(outcome.reasons == expected.reasons);
      CHECK(outcome.filtered == expected.filtered);
      CHECK(outcome.error.has_value() == expected.error.has_value());
    }
  }
}
