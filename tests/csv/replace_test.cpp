// SPDX-License-Identifier: MIT
#include "csv/replace.hpp"

#include <doctest/doctest.h>

#include <string>

#include "core/error.hpp"
#include "csv/cells.hpp"
#include "csv/default_value.hpp"

using namespace nodeops;
using namespace nodeops::csv;

namespace {

std::string replaced(std::string_view spec, std::string_view value) {
  return after(*parse_replacement(spec), value);
}

std::string refusal(std::string_view spec) {
  try {
    static_cast<void>(parse_replacement(spec));
  } catch (const AppError& error) {
    CHECK(error.kind() == ErrorKind::usage);
    return error.what();
  }
  return "taken";
}

}  // namespace

TEST_CASE("a replacement changes the first match, with g every one") {
  CHECK(replaced("/a/b/", "banana") == "bbnana");
  CHECK(replaced("/a/b/g", "banana") == "bbnbnb");
  CHECK(replaced("/A/b/gi", "banana") == "bbnbnb");
  CHECK(replaced("/A/b/", "banana") == "banana");
  CHECK(replaced("/x//g", "axbxc") == "abc");
  CHECK(replaced("/a/a/g", "aaa") == "aaa");
}

TEST_CASE("a replacement's groups and escapes are put in") {
  CHECK(replaced("/(\\w+), (\\w+)/\\2 \\1/", "Neil, Anna") == "Anna Neil");
  CHECK(replaced("/\\d+/<\\0>/g", "a1b22") == "a<1>b<22>");
  CHECK(replaced("/(a)|(b)/[\\2]/g", "ab") == "[][b]");
  CHECK(replaced("/a/\\\\/", "a") == "\\");
  CHECK(replaced("/a/&/", "a") == "&");
}

TEST_CASE("any sign may be the delimiter, and escaped it is a plain character") {
  CHECK(replaced("#/home#~#", "/home/x") == "~/x");
  CHECK(replaced("/\\//|/g", "a/b/c") == "a|b|c");
  CHECK(replaced("/a/\\//", "a") == "/");
  CHECK(replaced("|\\|+|-|", "a||b") == "a-b");
}

TEST_CASE("empty matches are taken between characters, not within them nor behind a match") {
  CHECK(replaced("/x*/-/g", "abc") == "-a-b-c-");
  CHECK(replaced("/b*/-/g", "abc") == "-a-c-");
  CHECK(replaced("/x*/-/g", "é日") == "-é-日-");
  CHECK(replaced("/^/>/g", "abc") == ">abc");
  CHECK(replaced("/$/</g", "abc") == "abc<");
  CHECK(replaced("/^$/none/", "") == "none");
  CHECK(replaced("/x*/-/", "") == "-");
}

TEST_CASE("bytes that are not UTF-8 are matched by nothing and stay") {
  CHECK(replaced("/./x/g",
                 "a\xFF"
                 "b\xC3") ==
        "x\xFF"
        "x\xC3");
  CHECK(replaced("/[^a]/x/g", "a\xFF") == "a\xFF");
  CHECK(replaced("/b*/-/g", "\xFF\xFE") == "-\xFF-\xFE-");
  CHECK(replaced("/é/e/g", "é\xE9") == "e\xE9");
  const std::string zero("a\0b", 3);
  CHECK(replaced("/b/c/", zero) == std::string("a\0c", 3));
}

TEST_CASE("a replacement that is not one is refused with the reason") {
  CHECK(refusal("") == "'' is not a replacement");
  CHECK(refusal("abc") == "'abc' is not a replacement");
  CHECK(refusal("/a/b") == "'/a/b' has too few '/'");
  CHECK(refusal("/a/b/x") == "'x' is not a flag of a replacement; there are g and i");
  CHECK(refusal("/(/b/") == "'(' is not a regular expression: missing ): (");
  CHECK(refusal("/(a)/\\2/") == "replacement '\\2' uses group 2, but the expression has 1");
  CHECK(refusal("/a/\\x/") == "replacement '\\x' has a '\\' without a digit or a '\\' behind it");
  CHECK(refusal("/a{1,5000}/b/").find("is not a regular expression") != std::string::npos);
}

TEST_CASE("an expression made to be slow takes linear time on a megabyte") {
  const std::string text(1 << 20, 'a');
  CHECK(replaced("/(a+)+$/x/", text) == "x");
  CHECK(replaced("/(a|aa)+b/x/", text) == text);
}

TEST_CASE("a default fills empty values and no others") {
  CHECK(after(*default_value("none"), "") == "none");
  CHECK(after(*default_value("none"), "x") == "x");
  CHECK(after(*default_value("none"), " ") == " ");
  CHECK(after(*default_value(""), "") == "");
}
