// SPDX-License-Identifier: MIT
#include "csv/number.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "csv/cells.hpp"
#include "csv/number_locale.hpp"

using namespace nodeops;
using namespace nodeops::csv;

namespace {

using Table = std::vector<std::pair<std::string, std::string>>;

const std::string ambiguous =
    "failed: ambiguous: the separator may part thousands or decimals (a locale says which: "
    "--number COL=en or COL=de)";

void check(std::string_view locale, const Table& table) {
  const auto transform = number(locale);
  for (const auto& [value, expected] : table) {
    CAPTURE(value);
    CHECK(after(*transform, value) == expected);
  }
}

void check_refused(std::string_view locale, const std::vector<std::string>& values) {
  const auto transform = number(locale);
  for (const auto& value : values) {
    CAPTURE(value);
    CHECK(after(*transform, value).starts_with("failed: not a number"));
  }
}

}  // namespace

TEST_CASE("without a locale the value itself says what its separators are") {
  check("", {{"1.234,56", "1234.56"},
             {"1,234.56", "1234.56"},
             {"1 234,56", "1234.56"},
             {"1'234.56", "1234.56"},
             {"1’234.56", "1234.56"},
             {"1\u00A0234,5", "1234.5"},
             {"1\u202F234", "1234"},
             {"1\u2009234\u2009567", "1234567"},
             {"1,234,567", "1234567"},
             {"1.234.567", "1234567"},
             {"1.234.567,8", "1234567.8"},
             {"12,34,567.89", "1234567.89"},
             {"1 234,567", "1234.567"},
             {"1,5", "1.5"},
             {"0,123", "0.123"},
             {"1234,567", "1234.567"},
             {"1,2345", "1.2345"},
             {",5", "0.5"},
             {".500", "0.500"},
             {"5,", "5"},
             {"1234", "1234"},
             {"1234.56", "1234.56"},
             {"007", "007"},
             {"", ""}});
}

TEST_CASE("without a locale a number that may be a thousand times another is refused") {
  check("", {{"1,234", ambiguous},
             {"1.234", ambiguous},
             {"-12.345", ambiguous},
             {"€ 999,000", ambiguous},
             {"1.234e5", "1.234e5"},
             {"0.234", "0.234"}});
}

TEST_CASE("signs, parentheses and currencies may stand around a number") {
  check("", {{"-5", "-5"},
             {"+5", "5"},
             {"\u22125,5", "-5.5"},
             {"5-", "-5"},
             {"5,50 -", "-5.50"},
             {"(1,234.50)", "-1234.50"},
             {"€ 5", "5"},
             {"5 €", "5"},
             {"$1,234.50", "1234.50"},
             {"-$5", "-5"},
             {"$-5", "-5"},
             {"($5)", "-5"},
             {"$(5)", "-5"},
             {"£5.00-", "-5.00"},
             {" 5 ", "5"},
             {"\u00A05\t", "5"},
             {"-0", "-0"}});
}

TEST_CASE("digits are kept, however many") {
  check("", {{"12345678901234567890123456789.10", "12345678901234567890123456789.10"},
             {"0.1000000000000000000001", "0.1000000000000000000001"},
             {"1,5E-3", "1.5E-3"},
             {"1e5", "1e5"}});
  const std::string long_number(1 << 20, '7');
  CHECK(after(*number(), long_number) == long_number);
  CHECK(after(*number(), long_number + ",5") == long_number + ".5");
}

TEST_CASE("what is not a number is refused") {
  check_refused("",
                {"abc",          "-",           "€",      ".",         ",",         " ",
                 "()",           "1.2.3",       "1,23,4", "1,234,56",  "1.234.56",  "1,234.567.890",
                 "12 34",        "1 234.567 8", "1,,234", "1..5",      "--5",       "(-5)",
                 "-5-",          "€5€",         "(5",     "5)",        "5%",        "5 EUR",
                 "0x10",         "1e",          "1e5x",   "e5",        "5.-",       "5,-",
                 "1'23",         "'123",        "123'",   "1 234'567", "\xFF",      "1\xFF",
                 "\u0661\u0662", "1_000",       "NaN",    "inf",       "12,345 678"});
  check_refused("", {std::string("1\0", 2), std::string(1 << 20, ','), std::string(1 << 20, '-')});
}

TEST_CASE("with a locale only its separators are read") {
  check("de",
        {{"1.234", "1234"}, {"1,234", "1.234"}, {"1.234,56", "1234.56"}, {"1 234,5", "1234.5"}});
  check("en", {{"1,234", "1234"}, {"1.234", "1.234"}, {"1,234.56", "1234.56"}});
  check("fr", {{"1 234,56", "1234.56"}, {"1\u202F234", "1234"}});
  check("de_CH", {{"1'234.50", "1234.50"}, {"1’234", "1234"}, {"1.234", "1.234"}});
  check("en_IN", {{"12,34,567", "1234567"}, {"1,234,567", "1234567"}});
  check("C", {{"1.234", "1.234"}});
  check_refused("de", {"1,234.56", "1.23", "1234.5", "1'234", "1,2,3"});
  check_refused("en", {"1.234,56", "1,23", "1 234", "12,34,567"});
  check_refused("fr", {"1.234", "1,234.5"});
  check_refused("C", {"1,234"});
  CHECK(after(*number("de_AT"), "x") == "failed: not a number as 'de_AT' writes it");
}

TEST_CASE("a locale is found by language and country in any spelling") {
  CHECK(number_locale("de_DE.UTF-8")->decimal == ',');
  CHECK(number_locale("DE-ch")->groups == "'");
  CHECK(number_locale("en")->decimal == '.');
  CHECK(number_locale("es_MX")->decimal == '.');
  CHECK(number_locale("es_AR")->decimal == ',');
  for (const auto* name : {"", "xx", "xx_DE", "german", "_", " ", "de nl"}) {
    CAPTURE(name);
    CHECK_FALSE(number_locale(name));
  }
  CHECK_THROWS_WITH_AS(number("klingon"), "'klingon' is not a known locale", AppError);
}

TEST_CASE("what number makes is a number that any locale with a point leaves alone") {
  constexpr std::string_view pieces[] = {"1", "23", "456", ".", ",", " ", "'",
                                         "-", "(",  ")",   "€", "e", "0"};
  Pieces random;
  const auto any = number();
  const auto plain = number("C");
  for (int round = 0; round < 20000; ++round) {
    const auto text = random.text(pieces, 8);
    const auto made = after(*any, text);
    if (made.starts_with("failed")) continue;
    CAPTURE(text);
    REQUIRE(after(*plain, made) == made);
  }
}
