// SPDX-License-Identifier: MIT
#include "support/reference_csv.hpp"

#include <doctest/doctest.h>

#include "support/random_csv.hpp"

using namespace nodeops::test;
using Values = std::vector<std::vector<std::string>>;

namespace {

Values values(std::string_view text, const ReferenceDialect& dialect = {}) {
  return reference_values(parse_reference(text, dialect));
}

}  // namespace

TEST_CASE("the reference reads what every CSV reader agrees on") {
  CHECK(values("").empty());
  CHECK(values("a,b,c\n1,2,3\n") == Values{{"a", "b", "c"}, {"1", "2", "3"}});
  CHECK(values("a,b\r\nc,d\r\n") == Values{{"a", "b"}, {"c", "d"}});
  CHECK(values("1,\"\",\"\"\n2,3,4") == Values{{"1", "", ""}, {"2", "3", "4"}});
  CHECK(values("a,\"x, \"\"y\"\"\"\n") == Values{{"a", "x, \"y\""}});
  CHECK(values("\"two\nlines\",\"and\r\nmore\"") == Values{{"two\nlines", "and\r\nmore"}});
  CHECK(values("a,b,") == Values{{"a", "b", ""}});
  CHECK(values(",\n") == Values{{"", ""}});
  CHECK(values("\"\"\"\"\"\"\"\"") == Values{{"\"\"\""}});
}

TEST_CASE("the reference takes a quote inside an unquoted field for a character") {
  CHECK(values("12\" monitor,b\n") == Values{{"12\" monitor", "b"}});
  CHECK(values("a\"\"b,c\n") == Values{{"a\"\"b", "c"}});
  CHECK(values(" \"a\",b\n") == Values{{" \"a\"", "b"}});
}

TEST_CASE("the reference appends text after a closing quote and goes on unquoted") {
  CHECK(values("\"ab\"c,d\n") == Values{{"abc", "d"}});
  CHECK(values("\"a \"word\",\"b\"\n") == Values{{"a word\"", "b"}});
  CHECK(values("\"a\"b\"c,d\"\n") == Values{{"ab\"c", "d\""}});
}

TEST_CASE("the reference flags a quote that never closes, with the line where it opened") {
  const ReferenceText text = parse_reference("a,b\n1,\"x\ny\"\n2,3\nz,\"open\nto the\nend\n");
  REQUIRE(text.records.size() == 4);
  CHECK_FALSE(text.records[1].unterminated);
  CHECK(text.records[3].unterminated);
  CHECK(text.records[3].quote_line == 5);
  CHECK(text.records[3].fields[1].value == "open\nto the\nend\n");
  CHECK(text.records[3].end.empty());
}

TEST_CASE("the reference says where each record and field stands") {
  const ReferenceText text = parse_reference("\xef\xbb\xbfh,i\r\n\"1\n2\",b\nlast,");
  CHECK(text.byte_order_mark);
  REQUIRE(text.records.size() == 3);
  CHECK(text.records[0].offset == 3);
  CHECK(text.records[0].end == "\r\n");
  CHECK(text.records[1].offset == 8);
  CHECK(text.records[1].line == 2);
  CHECK(text.records[1].last_line == 3);
  CHECK(text.records[1].fields[0].raw == "\"1\n2\"");
  CHECK(text.records[1].fields[0].was_quoted);
  CHECK(text.records[1].fields[1].offset == 14);
  CHECK_FALSE(text.records[1].fields[1].was_quoted);
  CHECK(text.records[2].line == 4);
  CHECK(text.records[2].end.empty());
}

TEST_CASE("a lone CR is data to the reference unless the dialect says otherwise") {
  CHECK(values("a,b\rc,d\n") == Values{{"a", "b\rc", "d"}});
  CHECK(values("a\r\r\nb") == Values{{"a\r"}, {"b"}});
  const ReferenceDialect cr = {.newline = ReferenceDialect::Newline::cr};
  CHECK(values("a,b\rc,\"d\re\"\r", cr) == Values{{"a", "b"}, {"c", "d\re"}});
}

TEST_CASE("the reference knows other delimiters and quotes, and none") {
  CHECK(values("a;'b;c'\n", {.delimiter = ';', .quote = '\''}) == Values{{"a", "b;c"}});
  CHECK(values("\"a,b\"\n", {.quote = std::nullopt}) == Values{{"\"a", "b\""}});
}

TEST_CASE("an empty line is a record of one empty field to the reference") {
  CHECK(values("a\n\nb\n") == Values{{"a"}, {""}, {"b"}});
}

TEST_CASE("the reference loses no byte of random and mangled texts") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const RandomCsvOptions options = random_options(seed);
    const ReferenceDialect dialect = {.delimiter = options.delimiter, .quote = options.quote};
    const std::string text = random_csv(seed, options);
    CHECK(join_reference(parse_reference(text, dialect), dialect) == text);
    const std::string mangled = mangle(text, seed);
    CHECK(join_reference(parse_reference(mangled, dialect), dialect) == mangled);
  }
}

TEST_CASE("random CSV is the same for the same seed and has the records asked for") {
  RandomCsvOptions options;
  options.crlf_ends = true;
  options.stray_quotes = true;
  options.nul_bytes = true;
  options.invalid_utf8 = true;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::string text = random_csv(seed, options);
    CHECK(text == random_csv(seed, options));
    const Values rows = values(text);
    CHECK(rows.size() == options.records + 1);
    for (const auto& row : rows) CHECK(row.size() == options.columns);
  }
}
