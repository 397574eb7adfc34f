// SPDX-License-Identifier: MIT
#include "csv/predicate.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "csv/decimal.hpp"

using namespace nodeops;
using namespace nodeops::csv;

namespace {

bool holds(std::string_view condition, std::string_view value) {
  return parse_predicate(condition).holds(value);
}

std::string refusal(std::string_view text) {
  try {
    static_cast<void>(parse_predicate(text));
  } catch (const AppError& error) {
    CHECK(error.kind() == ErrorKind::usage);
    return error.what();
  }
  return "taken";
}

}  // namespace

TEST_CASE("a condition's column is what stands before the operator") {
  CHECK(parse_predicate("amount>5").column() == "amount");
  CHECK(parse_predicate("  country == Germany ").column() == "country");
  CHECK(parse_predicate("\"unit price\" >= 10").column() == "unit price");
  CHECK(parse_predicate("unit price >= 10").column() == "unit price");
  CHECK(parse_predicate("\"a\"\"b==\"=={}").column() == "a\"b==");
  CHECK(parse_predicate("\"contains\" contains \"x y\"").column() == "contains");
  CHECK(parse_predicate("contains_vat==1").column() == "contains_vat");
  CHECK(parse_predicate("3 ~ a").column() == "3");
}

TEST_CASE("equality is by bytes, and by value between numbers") {
  CHECK(holds("country==Germany", "Germany"));
  CHECK_FALSE(holds("country==Germany", "germany"));
  CHECK_FALSE(holds("country==Germany", "German"));
  CHECK(holds("country != Germany", "France"));
  CHECK_FALSE(holds("country != Germany", "Germany"));
  CHECK(holds("a == \"\"", ""));
  CHECK_FALSE(holds("a == \"\"", " "));
  CHECK(holds("a == \" x \"", " x "));
  CHECK(holds("a==5", "5.0"));
  CHECK(holds("a==5", "+05"));
  CHECK(holds("a==\"5\"", "5.00"));
  CHECK_FALSE(holds("a==5", "5 "));
  CHECK_FALSE(holds("a!=5", "5.0"));
  CHECK(holds("a!=5", "five"));
}

TEST_CASE("order is by value between numbers, else by bytes") {
  CHECK(holds("amount>5", "10"));
  CHECK_FALSE(holds("amount>5", "5"));
  CHECK(holds("amount>=5", "5.0"));
  CHECK(holds("amount<-1", "-1.5"));
  CHECK(holds("amount<=1e3", "1000"));
  CHECK(holds("amount>1e3", "1000.5"));
  CHECK(holds("name<b", "a"));
  CHECK(holds("name>=b", "b"));
  CHECK(holds("date >= 2026-01-10", "2026-01-11"));
  CHECK_FALSE(holds("amount>5", ""));
  CHECK(holds("amount>5", "n/a"));
}

TEST_CASE("text is searched for") {
  CHECK(holds("name contains \"x y\"", "ax yb"));
  CHECK_FALSE(holds("name contains \"x y\"", "axy"));
  CHECK(holds("name contains\"x\"", "x"));
  CHECK(holds("name startswith Mc", "McDonald"));
  CHECK_FALSE(holds("name startswith Mc", "Mac"));
  CHECK(holds("name ~ ^a.c$", "abc"));
  CHECK(holds("name~<b>", "a<b>c"));
  CHECK(holds("name ~ (?i)ABC", "xabcx"));
  CHECK_FALSE(holds("name ~ ^b", "ab"));
  CHECK_FALSE(holds("name ~ .", "\xFF"));
}

TEST_CASE("a copy of a condition is as good as the condition") {
  std::vector<Predicate> all = {parse_predicate("a>5"), parse_predicate("a~^6")};
  const auto copies = all;
  all.clear();
  CHECK(copies[0].holds("6"));
  CHECK(copies[1].holds("6"));
}

TEST_CASE("what is not a condition is refused with the reason") {
  CHECK(refusal("") == "'': there is no operator");
  CHECK(refusal("amount") == "'amount': there is no operator");
  CHECK(refusal("==5") == "'==5': there is no column before the operator");
  CHECK(refusal("\"\"==5") == "'\"\"==5': there is no column before the operator");
  CHECK(refusal("a=5") == "'a=5': '=' is not an operator");
  CHECK(refusal("a=>5") == "'a=>5': '=>' is not an operator");
  CHECK(refusal("a === 5") == "'a === 5': '===' is not an operator");
  CHECK(refusal("a==") == "'a==': there is no value behind the operator (empty is \"\")");
  CHECK(refusal("a==\"x") == "'a==\"x': a quote never closes");
  CHECK(refusal("\"a==5") == "'\"a==5': a quote never closes");
  CHECK(refusal("a==\"x\"y") == "'a==\"x\"y': something stands behind the closing quote");
  CHECK(refusal("\"a\" 5") == "'\"a\" 5': there is no operator behind the column");
  CHECK(refusal("a~(").find("missing )") != std::string::npos);
}

TEST_CASE("decimals are compared exactly") {
  const auto order = [](std::string_view left, std::string_view right) {
    return compare(parse_decimal(left).value(), parse_decimal(right).value());
  };
  CHECK(order("9007199254740993", "9007199254740992") > 0);
  CHECK(order("12345678901234567890123", "12345678901234567890124") < 0);
  CHECK(order("0.1", "0.10") == 0);
  CHECK(order("0.1", "0.1000000000000000000001") < 0);
  CHECK(order("-0", "0.00") == 0);
  CHECK(order("-2", "-10") > 0);
  CHECK(order("-0.5", ".5") < 0);
  CHECK(order("5.", "+5") == 0);
  CHECK(order("1e400", "9") > 0);
  CHECK(order("-1e400", "9") < 0);
  CHECK(order("1e-400", "0") == 0);
  CHECK(order("1.5e2", "150") == 0);
  CHECK(order("-0e1", "0") == 0);
}

TEST_CASE("what is not a decimal is not one") {
  for (const auto* text : {"", "+", "-", ".", "e5", "1e", "1e+", "0x10", "inf", "nan", " 1", "1 ",
                           "1,5", "1.2.3", "--1", "1e5.0", "\xD9\xA1"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_decimal(text));
  }
  CHECK_FALSE(parse_decimal(std::string_view("1\0", 2)));
}
