// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "csv/steps.hpp"
#include "csv/transform_text.hpp"
#include "support/random_csv.hpp"
#include "support/reference_csv.hpp"

using namespace nodeops;
using namespace nodeops::csv;
using namespace nodeops::test;

namespace {

TransformOptions options_for(std::initializer_list<std::pair<const char*, const char*>> steps,
                             OnError on_error = OnError::keep) {
  TransformOptions options;
  for (const auto& [option, text] : steps) options.steps.push_back(make_step(option, text, "key"));
  options.on_error = on_error;
  return options;
}

/// Random CSV of every kind, some of it mangled.
std::string some_csv(std::uint64_t seed) {
  auto csv_options = random_options(seed);
  csv_options.delimiter = ',';
  csv_options.quote = '"';
  const auto text = random_csv(seed, csv_options);
  return seed % 3 == 0 ? mangle(text, seed) : text;
}

}  // namespace

TEST_CASE("a run without transforms gives back every byte, whatever the input") {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    const auto text = some_csv(seed);
    const auto outcome = transform_text(options_for({}), text);
    CHECK_FALSE(outcome.error);
    CHECK(outcome.output == text);
  }
}

TEST_CASE("any block size, number of workers and speed of the input gives the same output") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    const auto text = some_csv(seed);
    auto options =
        options_for({{"--upper", "1"}, {"--replace", "2=/[0-9]+/<\\0>/g"}}, OnError::skip);
    const auto expected = transform_text(options, text);
    for (const std::size_t block_size : {std::size_t{64}, std::size_t{65}, std::size_t{1000}}) {
      for (const unsigned workers : {1U, 3U}) {
        options.block_size = block_size;
        options.workers = workers;
        options.blocks_in_flight = workers == 1 ? 1 : workers + 1;
        const auto outcome = transform_text(options, text, seed % 2 == 0 ? 7 : 100'000);
        CHECK(outcome.output == expected.output);
        CHECK(outcome.rejects == expected.rejects);
        CHECK(outcome.reasons == expected.reasons);
        CHECK(outcome.records == expected.records);
        CHECK(outcome.refused == expected.refused);
        CHECK(outcome.error.has_value() == expected.error.has_value());
      }
    }
  }
}

TEST_CASE("every record is written, refused or filtered: the counts add up") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    const auto text = some_csv(seed);
    const auto options =
        options_for({{"--where", "1 != zzz"}, {"--date", "1=%Y:%y"}}, OnError::skip);
    const auto outcome = transform_text(options, text);
    if (outcome.error) continue;
    const auto reasons = static_cast<std::uint64_t>(
        std::count(outcome.reasons.begin(), outcome.reasons.end(), '\n'));
    CHECK(reasons == outcome.refused);
    CHECK(outcome.records >= outcome.refused + outcome.filtered);
  }
}

TEST_CASE("changed cells change, and nothing else does") {
  const auto text = "id,name,note\r\n1,\"a \"\"b\"\"\",x\r\n2,c,\"y\ny\"\n3,\"d\",";
  CHECK(transform_text(options_for({{"--upper", "name"}}), text).output ==
        "id,name,note\r\n1,\"A \"\"B\"\"\",x\r\n2,C,\"y\ny\"\n3,\"D\",");
  CHECK(transform_text(options_for({{"--replace", "note=/y/zzz/g"}}), text).output ==
        "id,name,note\r\n1,\"a \"\"b\"\"\",x\r\n2,c,\"zzz\nzzz\"\n3,\"d\",");
}

TEST_CASE("a new value is quoted when it must be or was") {
  CHECK(transform_text(options_for({{"--replace", "a=/-/,/"}}), "a,b\n1-2,3\n\"4-\",5\n").output ==
        "a,b\n\"1,2\",3\n\"4,\",5\n");
  CHECK(transform_text(options_for({{"--default", "a=\"x"}}), "a,b\n,3\n").output ==
        "a,b\n\"\"\"x\",3\n");
}

TEST_CASE("steps run in their order, on the columns as the steps before left them") {
  const auto text = "a,b,c\n1,x,3\n2,y,4\n";
  CHECK(transform_text(options_for({{"--select", "c,b"}, {"--rename", "b=z"}, {"--upper", "z"}}),
                       text)
            .output == "c,z\n3,X\n4,Y\n");
  CHECK(
      transform_text(options_for({{"--upper", "b"}, {"--where", "b == Y"}, {"--drop", "a"}}), text)
          .output == "b,c\nY,4\n");
  CHECK(transform_text(options_for({{"--reorder", "c"}}), text).output == "c,a,b\n3,1,x\n4,2,y\n");
  const auto outcome = transform_text(options_for({{"--drop", "a"}, {"--upper", "a"}}), text);
  REQUIRE(outcome.error);
  CHECK(outcome.error->kind() == ErrorKind::usage);
  CHECK(outcome.output.empty());
}

TEST_CASE("the policy stop ends with the place, behind everything before it") {
  const auto outcome =
      transform_text(options_for({{"--trim", "a"}}, OnError::stop), "a,b\n1,2\n3\n4,5\n");
  REQUIRE(outcome.error);
  CHECK(outcome.error->kind() == ErrorKind::bad_data);
  CHECK(std::string(outcome.error->what()) == "-:3: 1 field, expected 2");
  CHECK(outcome.output == "a,b\n1,2\n");
  CHECK(outcome.records == 2);
}

TEST_CASE("the policy skip keeps refused records byte for byte, with their reasons") {
  const auto outcome =
      transform_text(options_for({{"--date", "b=%Y-%m-%d:%d.%m.%Y"}}, OnError::skip),
                     "a,b\n1,2026-01-31\nx\r\n2,2026-02-30\n");
  CHECK_FALSE(outcome.error);
  CHECK(outcome.output == "a,b\n1,31.01.2026\n");
  CHECK(outcome.rejects == "x\r\n2,2026-02-30\n");
  CHECK(outcome.reasons.find(
            R"("line":3,"offset":17,"input":"-","column":null,"reason":"ragged-record")") !=
        std::string::npos);
  CHECK(outcome.reasons.find(
            R"("line":4,"offset":20,"input":"-","column":"b","reason":"transform-failed")") !=
        std::string::npos);
}

TEST_CASE("the policy keep passes malformed records unchanged") {
  const auto text = "a,b\n1,x\n3\n4,not a date\n\"open";
  const auto outcome = transform_text(options_for({{"--date", "b=%Y:%y"}}), text);
  CHECK_FALSE(outcome.error);
  CHECK(outcome.output == text);
  CHECK(outcome.refused == 4);
}

TEST_CASE("max_errors stops behind so many malformed records") {
  auto options = options_for({}, OnError::skip);
  options.max_errors = 1;
  const auto outcome = transform_text(options, "a,b\n1,2\nx\n3,4\ny\n5,6\n");
  REQUIRE(outcome.error);
  CHECK(std::string(outcome.error->what()).starts_with("-:5: "));
  CHECK(outcome.output == "a,b\n1,2\n3,4\n");
  CHECK(outcome.refused == 2);
}

TEST_CASE("a record longer than allowed is refused in pieces, not held in memory") {
  auto options = options_for({}, OnError::skip);
  options.longest_record = 100;
  const std::string lengthy = "1," + std::string(5000, 'x') + "\n";
  options.steps.push_back(make_step("--trim", "a", ""));
  for (const std::size_t block_size : {std::size_t{64}, std::size_t{1024}, std::size_t{1} << 20}) {
    options.block_size = block_size;
    const auto outcome = transform_text(options, "a,b\n" + lengthy + "2,y\n");
    CHECK_FALSE(outcome.error);
    CHECK(outcome.output == "a,b\n2,y\n");
    CHECK(outcome.rejects == lengthy);
    CHECK(outcome.refused == 1);
  }
}

TEST_CASE("a quote that never closes is named by the line on which it opened") {
  const auto text = "a,b\n1,\"two\nlines\"\n2,\"open\n" + std::string(3000, 'x') + "\n";
  for (const std::size_t block_size : {std::size_t{64}, std::size_t{1} << 20}) {
    auto options = options_for({}, OnError::stop);
    options.block_size = block_size;
    auto outcome = transform_text(options, text);
    REQUIRE(outcome.error);
    CHECK(std::string(outcome.error->what()) == "-:4: a quote opens here and never closes");
    options.longest_record = 500;
    outcome = transform_text(options, text);
    REQUIRE(outcome.error);
    CHECK(std::string(outcome.error->what()).starts_with("-:4: a quote opens here"));
  }
}

TEST_CASE("blank lines are no records: they stay where records stay, and go where records move") {
  const auto text = "\na,b\n\n1,x\n\r\n2,y\n\n";
  CHECK(transform_text(options_for({}, OnError::stop), text).output == text);
  CHECK(transform_text(options_for({{"--upper", "b"}}, OnError::stop), text).output ==
        "\na,b\n\n1,X\n\r\n2,Y\n\n");
  CHECK(transform_text(options_for({{"--select", "b"}}, OnError::stop), text).output ==
        "b\nx\ny\n");
  CHECK(transform_text(options_for({{"--where", "a > 1"}}, OnError::stop), text).output ==
        "a,b\n2,y\n");
  // In a table of one column an empty line is a record with an empty field.
  CHECK(transform_text(options_for({{"--default", "a=0"}}, OnError::stop), "a\n\n1\n").output ==
        "a\n0\n1\n");
}

TEST_CASE("NDJSON holds one object per record, arrays without a header") {
  auto options = options_for({{"--drop", "b"}}, OnError::stop);
  options.form = Form::ndjson;
  CHECK(transform_text(options, "a,b,\"c \"\"d\"\"\"\n1,2,\"x\ny\"\n").output ==
        "{\"a\":\"1\",\"c \\\"d\\\"\":\"x\\ny\"}\n");
  options = options_for({}, OnError::keep);
  options.form = Form::ndjson;
  options.dialect.header = false;
  CHECK(transform_text(options, "1,\t\nx\n").output == "[\"1\",\"\\t\"]\n[\"x\"]\n");
}

TEST_CASE("NDJSON refuses what JSON cannot hold") {
  auto options = options_for({}, OnError::stop);
  options.form = Form::ndjson;
  auto outcome = transform_text(options, "a,b\n1,\xff\n");
  REQUIRE(outcome.error);
  CHECK(std::string(outcome.error->what()).starts_with("-:2: column 'b': is not valid UTF-8"));
  outcome = transform_text(options, "a,a\n1,2\n");
  REQUIRE(outcome.error);
  CHECK(outcome.error->kind() == ErrorKind::bad_data);
  options.on_error = OnError::keep;
  CHECK(transform_text(options, "a,b\n1,\xff\n2\n3,4,5\n").output ==
        "{\"a\":\"1\",\"b\":\"\xEF\xBF\xBD\"}\n{\"a\":\"2\"}\n{\"a\":\"3\",\"b\":\"4\",\"3\":\"5\"}"
        "\n");
}

TEST_CASE("another delimiter quotes what would be misread, and nothing else") {
  auto options = options_for({}, OnError::stop);
  options.output_delimiter = ';';
  CHECK(transform_text(options, "a,b\n1;2,\"3\"\n").output == "a;b\n\"1;2\";\"3\"\n");
}

TEST_CASE("a lone CR ends records in a file that has no LF, elsewhere it is data") {
  CHECK(transform_text(options_for({{"--upper", "b"}}, OnError::stop), "a,b\r1,x\r2,y\r").output ==
        "a,b\r1,X\r2,Y\r");
  CHECK(transform_text(options_for({{"--upper", "b"}}, OnError::stop), "a,b\n1,x\ry\n").output ==
        "a,b\n1,X\rY\n");
}

TEST_CASE(
    "a CR at the end of a field that becomes the last is not taken for a part of the line end") {
  const auto moved = transform_text(options_for({{"--select", "b,a"}}, OnError::stop),
                                    "a,b\nx\r,1\n\"y\r\",2\r\n");
  CHECK(moved.output == "b,a\n1,\"x\r\"\n2,\"y\r\"\r\n");
  const auto upper = transform_text(
      options_for({{"--select", "b,a"}, {"--upper", "b"}}, OnError::stop), "a,b\nx\r,y\n");
  CHECK(upper.output == "b,a\nY,\"x\r\"\n");
}

TEST_CASE("a byte order mark stays in CSV and is no part of the first name") {
  CHECK(transform_text(options_for({{"--upper", "a"}}, OnError::stop), "\xEF\xBB\xBF\"a\",b\nx,y\n")
            .output == "\xEF\xBB\xBF\"a\",b\nX,y\n");
}

TEST_CASE("more columns than the memory is for are refused before it is taken") {
  for (const bool header : {true, false}) {
    auto options = options_for({{"--upper", "1"}}, OnError::skip);
    options.dialect.header = header;
    options.most_columns = 3;
    CHECK_FALSE(transform_text(options, "a,b,c\nx,y,z\n").error);
    const auto outcome = transform_text(options, "\na,b,c,d\nx,y,z,w\n");
    REQUIRE(outcome.error);
    CHECK(outcome.error->kind() == ErrorKind::bad_data);
    CHECK(outcome.error->line() ==
          "-:2: 4 columns, but the memory is for 3 (--memory-limit makes room for more)");
  }
}

TEST_CASE("UTF-16 is refused with advice") {
  const auto outcome = transform_text(options_for({}), std::string_view("\xFF\xFE"
                                                                        "a\0,\0",
                                                                        6));
  REQUIRE(outcome.error);
  CHECK(outcome.error->kind() == ErrorKind::bad_data);
  CHECK(outcome.error->line().find("iconv -f UTF-16LE") != std::string::npos);
}

TEST_CASE("delimiter and quote are detected when asked for") {
  auto options = options_for({{"--upper", "b"}}, OnError::stop);
  options.sniff = true;
  CHECK(transform_text(options, "a;b\n1,5;x\n2,5;y\n").output == "a;b\n1,5;X\n2,5;Y\n");
  CHECK(transform_text(options, "a|b\n'1|2'|x\n").output == "a|b\n'1|2'|X\n");
}
