// SPDX-License-Identifier: MIT
#include "csv/column_type.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string_view>

using namespace nodeops::csv;

namespace {

void check_fits(ColumnType type, std::initializer_list<std::string_view> values) {
  for (const auto value : values) CHECK_MESSAGE(misfit(type, value) == nullptr, value);
}

void check_misfits(ColumnType type, std::initializer_list<std::string_view> values) {
  for (const auto value : values) CHECK_MESSAGE(misfit(type, value) != nullptr, value);
}

ColumnType guess(std::initializer_list<std::string_view> values) {
  TypeGuess all;
  for (const auto value : values) all.see(value);
  return all.type();
}

}  // namespace

TEST_CASE("types go by their names and the usual other ones, in any case") {
  CHECK(column_type_named("INTEGER") == ColumnType::integer);
  CHECK(column_type_named("bigint") == ColumnType::integer);
  CHECK(column_type_named("double") == ColumnType::real);
  CHECK(column_type_named("bool") == ColumnType::boolean);
  CHECK_FALSE(column_type_named(""));
  CHECK_FALSE(column_type_named("integers"));
  CHECK(name_of(ColumnType::timestamptz) == "timestamptz");
}

TEST_CASE("values fit a type from their first to their last byte, or not at all") {
  check_fits(ColumnType::integer,
             {"0", "-5", "+5", "007", "9223372036854775807", "-9223372036854775808"});
  check_misfits(ColumnType::integer, {"", "-", "+", "+-5", "1.0", "1e3", " 1", "1 ", "0x1", "1,000",
                                      "9223372036854775808"});
  check_fits(ColumnType::real, {"1", "-1.5", "+.5", "5.", "1e3", "1E-30", "0.1"});
  check_misfits(ColumnType::real, {"", ".", "e5", "1e", "nan", "inf", "1.5x", "1e999", "--1"});
  check_fits(ColumnType::numeric, {"1", "123456789012345678901234567890.5", "-0.10"});
  check_misfits(ColumnType::numeric, {"", "1,5", "NaN", "1.2.3"});
  check_fits(ColumnType::boolean, {"true", "F", "1", "0", "Yes", "off"});
  check_misfits(ColumnType::boolean, {"", "2", "maybe", "truee"});
  check_fits(ColumnType::date, {"2024-02-29", "0001-01-01", "9999-12-31"});
  check_misfits(ColumnType::date, {"", "2023-02-29", "1900-02-29", "2024-13-01", "2024-1-1",
                                   "24-01-01", "2024-01-01 ", "0000-01-01"});
  check_fits(ColumnType::timestamp,
             {"2024-02-29 23:59", "2024-02-29T23:59:59", "2024-02-29 23:59:59.123456"});
  check_misfits(ColumnType::timestamp,
                {"2024-02-29", "2024-02-29 24:00", "2024-02-29 23:60", "2024-02-29 23:59:59.",
                 "2024-02-29 23:59:59.1234567", "2024-02-29 23:59Z"});
  check_fits(ColumnType::timestamptz,
             {"2024-02-29 23:59Z", "2024-02-29T23:59:59+02:00", "2024-02-29T23:59:59-0330"});
  check_misfits(ColumnType::timestamptz,
                {"2024-02-29 23:59", "2024-02-29 23:59+2", "2024-02-29 23:59+16:00"});
  check_fits(ColumnType::text, {"", "anything"});
}

TEST_CASE("a guess is the narrowest type under which no value changes") {
  CHECK(guess({}) == ColumnType::text);
  CHECK(guess({"1", "-2"}) == ColumnType::integer);
  CHECK(guess({"1", "2.5"}) == ColumnType::numeric);
  CHECK(guess({"1", "2.5", "1e5"}) == ColumnType::real);
  CHECK(guess({"0", "1"}) == ColumnType::integer);
  CHECK(guess({"true", "FALSE"}) == ColumnType::boolean);
  CHECK(guess({"yes", "no"}) == ColumnType::text);
  CHECK(guess({"2024-01-01"}) == ColumnType::date);
  CHECK(guess({"2024-01-01", "2024-01-01 10:00"}) == ColumnType::text);
  CHECK(guess({"01234", "5"}) == ColumnType::text);
  CHECK(guess({"+49", "5"}) == ColumnType::text);
  CHECK(guess({"-0"}) == ColumnType::text);
  CHECK(guess({"1.5", "-0.00"}) == ColumnType::text);
  CHECK(guess({"1e5", "-0e1"}) == ColumnType::text);
  CHECK(guess({"-0.5", "-10"}) == ColumnType::numeric);
  CHECK(guess({"1", ""}) == ColumnType::text);
  CHECK(guess({"12345678901234567890"}) == ColumnType::text);
}

TEST_CASE("digits that count begin with the first that is not zero") {
  CHECK(significant_digits("0.00120") == 2);
  CHECK(significant_digits("1200") == 4);
  CHECK(significant_digits("-12.50") == 3);
  CHECK(significant_digits("1.5e30") == 2);
}
