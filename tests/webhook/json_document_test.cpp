// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "webhook/json_document.hpp"
#include "webhook/problem.hpp"

using namespace nodeops::webhook;

namespace {

/// The type of the problem that a text has; empty: none.
std::string refused(const std::string& text) {
  JsonDocument document;
  try {
    document.read(text);
  } catch (const DeliveryError& error) {
    CHECK(error.problem().status == 400);
    return error.problem().type;
  }
  return "";
}

std::string canonical(const std::string& text) {
  JsonDocument document;
  document.read(text);
  std::string made;
  document.append_canonical(made, 0);
  return made;
}

}  // namespace

TEST_CASE("what RFC 8259 allows is read, and nothing else") {
  for (const auto* text : {"{}", "[]", "0", "-0", "-1.5e+10", "\"\"", " [1 , 2]\r\n",
                           "{\"a\":{\"b\":[null,true,false]}}", "\"\\u0041\\n\\/\"",
                           "\"\\ud83d\\ude39\"", "\"\xf0\x9f\x98\xb9\"", "[\"\x7f\"]"}) {
    CAPTURE(text);
    CHECK(refused(text).empty());
  }
  for (const auto* text : {"",          " ",           "{",           "[1,]",
                           "[,1]",      "{\"a\":1,}",  "{\"a\" 1}",   "{a:1}",
                           "{1:1}",     "01",          "-",           "1.",
                           ".5",        "1e",          "+1",          "0x1",
                           "NaN",       "Infinity",    "tru",         "nul",
                           "truex",     "'a'",         "\"a",         "\"\\x\"",
                           "\"\\u12\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"",
                           "\"a\tb\"",  "[1] x",       "[1]]",        "\xEF\xBB\xBF{}",
                           "{\"a\":}",  "[1 2]",       "/**/1"}) {
    CAPTURE(text);
    CHECK(refused(text) == "invalid-json");
  }
  CHECK(refused(std::string("{}\0", 3)) == "invalid-json");
  CHECK(refused("\"\xc0\xaf\"") == "invalid-utf8");
  CHECK(refused("\"\xed\xa0\x80\"") == "invalid-utf8");
  CHECK(refused("{\"a\":1,\"\\u0061\":2}") == "duplicate-key");
}

TEST_CASE("512 levels are read, 513 are not, and a million do no harm") {
  const auto levels = [](std::size_t count) {
    return std::string(count, '[') + std::string(count, ']');
  };
  CHECK(refused(levels(512)).empty());
  CHECK(refused(levels(513)) == "too-deep");
  CHECK(refused(std::string(1000000, '[')) == "too-deep");
}

TEST_CASE("every cut of a text is refused with the byte where it ends") {
  const std::string text = R"({"a":[1.5e3,"b\u0041\ud83d\ude39"],"c":{"d":null}})";
  for (std::size_t size = 0; size < text.size(); ++size) {
    CAPTURE(size);
    CHECK(refused(text.substr(0, size)) == "invalid-json");
  }
  JsonDocument document;
  CHECK_THROWS_WITH(document.read("{\"a\":"), "unexpected end of input at byte 5");
}

TEST_CASE("equal values have one canonical form, others have others") {
  CHECK(canonical(R"({"b":[1,"x"],"a":{}})") ==
        canonical("{ \"a\" : { } , \"\\u0062\":[1,\"\\u0078\"]}"));
  for (const auto* other :
       {R"({"b":[1,"x"],"a":[]})", R"({"b":["x",1],"a":{}})", R"({"b":[1,"x"]})",
        R"({"b":[1,"x"],"a":null})", R"({"b":["1","x"],"a":{}})"}) {
    CHECK(canonical(other) != canonical(R"({"b":[1,"x"],"a":{}})"));
  }
  CHECK(canonical(R"(["a","b"])") != canonical(R"(["a1:b"])"));
  CHECK(canonical(R"([["a"],"b"])") != canonical(R"([["a","b"]])"));
}

TEST_CASE("numbers are compared by value, however they are written") {
  const std::vector<std::vector<std::string>> classes = {
      {"0", "-0", "0.0", "-0.00e7", "0e99999999999999999999"},
      {"100", "100.0", "1e2", "1E+2", "0.1e3", "1000e-1", "100.000"},
      {"-100", "-1e2", "-100.0"},
      {"1.5", "15e-1", "1.50", "0.15e1"},
      {"1234567890123456789012", "1.234567890123456789012e21", "1234567890123456789012.0"},
      {"1234567890123456789013"},
      {"1000000000000000000000", "1e21"},
      {"9007199254740993"},
      {"9007199254740992"},
      {"1e400"},
      {"1e401"},
      {"1e99999999999999999999"},
  };
  for (std::size_t i = 0; i < classes.size(); ++i) {
    for (const auto& one : classes[i]) {
      CAPTURE(one);
      CHECK(canonical(one) == canonical(classes[i].front()));
      for (std::size_t other = 0; other < classes.size(); ++other)
        if (other != i) CHECK(canonical(one) != canonical(classes[other].front()));
    }
  }
}

TEST_CASE("members are found by their name without escapes") {
  JsonDocument document;
  document.read(R"({"x":[{"id":1}],"i\u0064":"t\ne"})");
  const auto place = document.member(0, "id");
  REQUIRE(place != 0);
  CHECK(document.nodes()[place].text == "t\ne");
  CHECK(document.member(0, "none") == 0);
  CHECK(document.member(place, "id") == 0);
}

TEST_CASE("a special byte is seen wherever it stands in a string") {
  for (std::size_t size = 0; size < 40; ++size) {
    for (std::size_t place = 0; place <= size; ++place) {
      CAPTURE(size);
      CAPTURE(place);
      const std::string before(place, 'x');
      const std::string behind = std::string(size - place, '\x7f') + "\xC3\xA9";
      const std::string text = "[\"" + before + "\\n" + behind + "\",\"" + before + "\"]";
      JsonDocument document;
      document.read(text);
      CHECK(document.nodes()[1].text == before + "\n" + behind);
      CHECK(document.nodes()[2].text == before);
      for (const char bad : {'\0', '\n', '\x1f'})
        CHECK(refused("\"" + before + bad + behind + "\"") == "invalid-json");
    }
  }
}
