// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <charconv>
#include <cmath>
#include <random>
#include <string>

#include "csv/number_text.hpp"

using namespace nodeops::csv;

namespace {

std::string text_of(double value) {
  Scratch scratch;
  return std::string(number_text(value, scratch));
}

double double_of(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

TEST_CASE("numbers are written in full and as short as they are exact") {
  CHECK(text_of(0) == "0");
  CHECK(text_of(-0.0) == "0");
  CHECK(text_of(-2.5) == "-2.5");
  CHECK(text_of(0.05) == "0.05");
  CHECK(text_of(-0.0001) == "-0.0001");
  CHECK(text_of(12.3456) == "12.3456");
  CHECK(text_of(12.34567) == "12.34567");
  CHECK(text_of(0.1 + 0.2) == "0.30000000000000004");
  CHECK(text_of(123456789012.25) == "123456789012.25");
  CHECK(text_of(1e300) == "1e+300");
  CHECK(text_of(5e-324) == "5e-324");
}

TEST_CASE("what is written is the shortest text that reads back as the same double") {
  std::mt19937_64 random(11);
  for (int i = 0; i < 200'000; ++i) {
    const auto digits = static_cast<double>(random() >> (12 + random() % 50));
    const double value =
        (i % 2 == 0 ? 1 : -1) * digits / std::pow(10.0, static_cast<double>(random() % 8));
    const std::string text = text_of(value);
    CAPTURE(text);
    REQUIRE(double_of(text) == value);
    char shortest[400];
    const auto end =
        std::to_chars(shortest, shortest + sizeof shortest, value, std::chars_format::fixed).ptr;
    if (std::fabs(value) > 1e-7 && text.find('e') == std::string::npos)
      REQUIRE(text.size() <= static_cast<std::size_t>(end - shortest));
  }
}

TEST_CASE("a text is read as the number that from_chars makes of it, or not at all") {
  std::mt19937 random(12);
  constexpr std::string_view letters = "0123456789..-+eE 9x";
  int numbers = 0;
  for (int i = 0; i < 300'000; ++i) {
    std::string text;
    for (auto left = random() % 20; left > 0; --left)
      text += letters[random() % (i % 3 == 0 ? 19 : 11)];
    CAPTURE(text);
    double expected = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, expected);
    const bool is_number = !text.empty() && read.ec == std::errc() && read.ptr == end;
    const auto number = read_number(text);
    REQUIRE(number.has_value() == is_number);
    if (!number) continue;
    ++numbers;
    REQUIRE((number->is_whole ? static_cast<double>(number->whole) : number->value) == expected);
    REQUIRE((std::fabs(expected) > 9.2e18 ||
             number->is_whole == (text.find_first_of(".eE") == std::string::npos)));
  }
  CHECK(numbers > 10'000);
  for (const auto* const text :
       {"", "-", ".", "-.", "inf", "nan", "-inf", "+1", " 1", "1 ", "0x1", "1e", "1e999"})
    CHECK_MESSAGE(!read_number(text), text);
  CHECK(read_number("9223372036854775807")->whole == INT64_MAX);
  CHECK_FALSE(read_number("9223372036854775808")->is_whole);
}
