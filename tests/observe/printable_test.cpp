// SPDX-License-Identifier: MIT
#include "observe/printable.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace nodeops;

TEST_CASE("plain and accented text is printed as it is") {
  for (const auto* text : {"", "a b\\n~", "\xC3\xA9ric", "\xE6\x9D\x8E", "\xF0\x9F\x98\x80"})
    CHECK(printable(text) == text);
}

TEST_CASE("control characters are shown, so that a value cannot forge a line or drive a terminal") {
  CHECK(printable("a\nb\r\tc") == "a\\nb\\r\\tc");
  CHECK(printable("\x1B[2J\x7F") == "\\x1b[2J\\x7f");
  CHECK(printable(std::string_view("a\0b", 3)) == "a\\x00b");
  CHECK(printable("\xC2\x9B"
                  "31m") == "\\u009b31m");
}

TEST_CASE("what turns the direction of text or hides in it is shown") {
  CHECK(printable("a\xE2\x80\xAE"
                  "fdp.exe") == "a\\u202efdp.exe");
  CHECK(printable("\xE2\x81\xA6\xE2\x81\xA9") == "\\u2066\\u2069");
  CHECK(printable("\xD8\x9C\xE2\x80\x8E\xE2\x80\x8F") == "\\u061c\\u200e\\u200f");
  CHECK(printable("\xE2\x80\xA8\xE2\x80\x8B\xEF\xBB\xBF") == "\\u2028\\u200b\\ufeff");
  CHECK(printable("\xF3\xA0\x80\x81") == "\\U000e0001");
}

TEST_CASE("bytes that are not UTF-8 are shown") {
  CHECK(printable("a\xFF"
                  "b") == "a\\xffb");
  CHECK(printable("\xC3") == "\\xc3");
  CHECK(printable("\xC0\xAF") == "\\xc0\\xaf");                    // overlong
  CHECK(printable("\xED\xA0\x80") == "\\xed\\xa0\\x80");           // surrogate
  CHECK(printable("\xF4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");  // beyond Unicode
  CHECK(printable("\xE2\x80") == "\\xe2\\x80");
}
