// SPDX-License-Identifier: MIT
#include "observe/json_object.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>

using namespace nodeops;

TEST_CASE("an object has its members in the order in which they were added") {
  const std::string nested = JsonObject().add("x", 1).text();
  CHECK(JsonObject().text() == "{}");
  CHECK(JsonObject()
            .add("text", "a")
            .add("number", std::numeric_limits<std::uint64_t>::max())
            .add("below", -1)
            .add("real", 0.1)
            .add("truth", true)
            .add("object", JsonObject().add("x", 1))
            .add_json("raw", "[1,null]")
            .text() ==
        "{\"text\":\"a\",\"number\":18446744073709551615,\"below\":-1,\"real\":0.1,\"truth\":true,"
        "\"object\":" +
            nested + ",\"raw\":[1,null]}");
}

TEST_CASE("a string is escaped so that any JSON reader takes it and no terminal obeys it") {
  CHECK(json_quoted("a\"b\\c\n\x1b") == "\"a\\\"b\\\\c\\n\\u001b\"");
  CHECK(json_quoted("\xC3\xA9\xE6\x9D\x8E") == "\"\xC3\xA9\xE6\x9D\x8E\"");
  CHECK(json_quoted("\xE2\x80\xAE\xC2\x9B\x7F") == "\"\\u202e\\u009b\\u007f\"");
  CHECK(json_quoted("\xF3\xA0\x80\x81") == "\"\\udb40\\udc01\"");
  CHECK(json_quoted("a\xFF\xC3") == "\"a\\\\xff\\\\xc3\"");
  CHECK(json_quoted(std::string_view("\0", 1)) == "\"\\u0000\"");
}

TEST_CASE("a number is short, and null where JSON has none") {
  CHECK(json_number(1234.5) == "1234.5");
  CHECK(json_number(100) == "100");
  CHECK(json_number(std::numeric_limits<double>::infinity()) == "null");
  CHECK(json_number(std::numeric_limits<double>::quiet_NaN()) == "null");
}

TEST_CASE("only one whole JSON text is JSON") {
  CHECK(is_json("{\"a\":[1]}"));
  CHECK(is_json("1"));
  CHECK_FALSE(is_json(""));
  CHECK_FALSE(is_json("{}{}"));
  CHECK_FALSE(is_json("{a:1}"));
}
