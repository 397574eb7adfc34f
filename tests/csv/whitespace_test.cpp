// SPDX-License-Identifier: MIT
#include "csv/whitespace.hpp"

#include <doctest/doctest.h>

#include <string>

#include "csv/cells.hpp"

using namespace nodeops::csv;

TEST_CASE("trim takes white space off both ends") {
  const auto cut = trim();
  CHECK(after(*cut, "") == "");
  CHECK(after(*cut, "a b") == "a b");
  CHECK(after(*cut, "  a b\t\r\n") == "a b");
  CHECK(after(*cut, " \t ") == "");
  CHECK(after(*cut, "\u00A0\u3000a\u2009\u2028") == "a");
  CHECK(after(*cut, "\u0085\u1680\u202F\u205Fx\v\f") == "x");
  CHECK(after(*cut, "é ") == "é");
  CHECK(after(*cut, " é") == "é");
}

TEST_CASE("trim leaves what is not white space") {
  const auto cut = trim();
  for (const std::string text : {"é", "\u200B", "\uFEFFa", "\xC2", "\xE2\x80", "\xA0", "a\x85",
                                 "\xC2\x41\xA0", "\xE3\x80"}) {
    CAPTURE(text);
    CHECK(after(*cut, text) == text);
  }
  const std::string zeros("\0a\0", 3);
  CHECK(after(*cut, zeros) == zeros);
}

TEST_CASE("squeeze makes one space of each run and does not trim") {
  const auto one = squeeze();
  CHECK(after(*one, "") == "");
  CHECK(after(*one, "a b c") == "a b c");
  CHECK(after(*one, "a  b") == "a b");
  CHECK(after(*one, "  a \t b\r\n") == " a b ");
  CHECK(after(*one, "a\tb") == "a b");
  CHECK(after(*one, "a\u00A0b") == "a b");
  CHECK(after(*one, "a \u3000\u00A0 b") == "a b");
  CHECK(after(*one, "é è") == "é è");
  CHECK(after(*one, "fifteen letters  and more") == "fifteen letters and more");
  CHECK(after(*one, "\xE3\x80 \xC2") == "\xE3\x80 \xC2");
}

TEST_CASE("white space at any place of any length is found") {
  const auto one = squeeze();
  for (std::size_t size = 2; size <= 40; ++size) {
    for (std::size_t place = 0; place + 1 < size; ++place) {
      std::string text(size, 'x');
      text[place] = text[place + 1] = ' ';
      std::string expected = text;
      expected.erase(place, 1);
      REQUIRE(after(*one, text) == expected);
    }
  }
}

TEST_CASE("white space done twice is done once, and what comes out is a part of what went in") {
  constexpr std::string_view pieces[] = {" ",    "\t",   "\n",     "a",      "b ",       "é",
                                         "\xC2", "\xA0", "\u00A0", "\u3000", "\xE3\x80", "\0x"};
  Pieces random;
  const auto cut = trim();
  const auto one = squeeze();
  for (int round = 0; round < 10000; ++round) {
    const auto text = random.text(pieces, 24);
    CAPTURE(text);
    const auto trimmed = after(*cut, text);
    REQUIRE(text.find(trimmed) != std::string::npos);
    // Taking a character out may bring the halves of another one together, but only at the ends.
    const auto squeezed = after(*one, text);
    REQUIRE(squeezed.find("  ") == std::string::npos);
    REQUIRE(after(*one, squeezed) == squeezed);
  }
}

TEST_CASE("a megabyte of spaces is trimmed and squeezed") {
  const std::string spaces(1 << 20, ' ');
  CHECK(after(*trim(), spaces) == "");
  CHECK(after(*squeeze(), spaces) == " ");
  CHECK(after(*trim(), spaces + "x" + spaces) == "x");
}
