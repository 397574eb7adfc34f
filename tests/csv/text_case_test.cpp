// SPDX-License-Identifier: MIT
#include "csv/text_case.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "csv/cells.hpp"
#include "csv/title_case.hpp"
#include "csv/unicode.hpp"

using namespace nodeops::csv;

namespace {

using Table = std::vector<std::pair<std::string, std::string>>;

void check(const CellTransform& transform, const Table& table) {
  for (const auto& [value, expected] : table) {
    CAPTURE(value);
    CHECK(after(transform, value) == expected);
  }
}

/// What the general way makes of a text, without the fast path.
std::string general_title_case(std::string_view text) {
  std::string made(case_growth * text.size() + 1, '\0');
  made.resize(static_cast<std::size_t>(write_title_case(text, made.data()) - made.data()));
  return made;
}

}  // namespace

TEST_CASE("title case begins words at hyphens, spaces, full stops and underscores") {
  check(*capitalize(), {{"jean-luc o'NEIL", "Jean-Luc O'Neil"},
                        {"mary ann", "Mary Ann"},
                        {"MARY ANN", "Mary Ann"},
                        {"j.r.r. tolkien", "J.R.R. Tolkien"},
                        {"snake_case", "Snake_Case"},
                        {"  two  spaces ", "  Two  Spaces "},
                        {"a\tb\nc", "A\tB\nC"},
                        {"(smith & sons)", "(Smith & Sons)"},
                        {"Already Right", "Already Right"},
                        {"", ""}});
}

TEST_CASE("title case takes a number for a word's first letter") {
  check(*capitalize(), {{"3rd", "3rd"},
                        {"2ND STREET", "2nd Street"},
                        {"21ST-century", "21st-Century"},
                        {"b2b sales", "B2b Sales"},
                        {"½pint", "½pint"}});
}

TEST_CASE(
    "title case keeps an apostrophe within its word but behind a single letter or an article") {
  check(*capitalize(), {{"o'NEIL", "O'Neil"},
                        {"O’NEIL", "O’Neil"},
                        {"oʼneil", "OʼNeil"},
                        {"don't", "Don't"},
                        {"DON’T", "Don’t"},
                        {"it's mary's", "It's Mary's"},
                        {"james' car", "James' Car"},
                        {"i'll we've they're i'm i'd y'all", "I'll We've They're I'm I'd Y'all"},
                        {"o'neil's", "O'Neil's"},
                        {"dell'acqua", "Dell'Acqua"},
                        {"sant'angelo", "Sant'Angelo"},
                        {"m'bappé", "M'Bappé"},
                        {"xi'an qur'an", "Xi'an Qur'an"},
                        {"'quoted text'", "'Quoted Text'"},
                        {"rock 'n' roll", "Rock 'N' Roll"},
                        {"60's", "60's"},
                        {"o'", "O'"},
                        {"'", "'"},
                        {"''a''", "''A''"}});
}

TEST_CASE("title case knows the Cyrillic apostrophe") {
  check(*capitalize(), {{"мар'яна", "Мар'яна"},
                        {"в'ячеслав", "В'ячеслав"},
                        {"В’ЯЧЕСЛАВ", "В’ячеслав"},
                        {"д'артаньян", "Д'Артаньян"}});
}

TEST_CASE("title case keeps d' and l' small within a name") {
  check(*capitalize(), {{"anne-marie d'arc", "Anne-Marie d'Arc"},
                        {"ANNE-MARIE D'ARC", "Anne-Marie d'Arc"},
                        {"anne-marie d’arc", "Anne-Marie d’Arc"},
                        {"Anne-Marie d'Arc", "Anne-Marie d'Arc"},
                        {"d'arc", "D'Arc"},
                        {"L'ORÉAL", "L'Oréal"},
                        {"ralph D'Angelo", "Ralph D'Angelo"},
                        {"ralph d'angelo", "Ralph d'Angelo"},
                        {"jean l'hermite", "Jean l'Hermite"},
                        {"vitamin d's use", "Vitamin D's Use"}});
}

TEST_CASE("title case knows more than ASCII") {
  check(*capitalize(), {{"éric ŁUKASZ", "Éric Łukasz"},
                        {"ÉRIC", "Éric"},
                        {"MÜLLER-LÜDENSCHEIDT", "Müller-Lüdenscheidt"},
                        {"÷a×b", "÷A×B"},
                        {"straße ß", "Straße Ss"},
                        {"ÿves", "Ÿves"},
                        {"ǆungla ǅUNGLA", "ǅungla ǅungla"},
                        {"ﬁnn ﬁ", "Finn Fi"},
                        {"ΟΔΟΣ", "Οδος"},
                        {"ΟΔΌΣ ΣΑΣ.", "Οδός Σας."},
                        {"иван ПЕТРОВ", "Иван Петров"},
                        {"İSTANBUL", "İstanbul"},
                        {"ısparta", "Isparta"},
                        {"日本abc", "日本Abc"},
                        {"გიორგი", "გიორგი"},
                        {"ʻokina kaʻIULANI", "ʻOkina Kaʻiulani"},
                        {"col·LEGA", "Col·lega"},
                        {"co\u00ADop", "Co\u00ADop"},
                        {"\u24D0\u24D1", "\u24B6\u24D1"}});
}

TEST_CASE("combining marks keep the word together") {
  check(*capitalize(),
        {{"e\u0301ric ZOE\u0308", "E\u0301ric Zoe\u0308"}, {"\u0301abc", "\u0301Abc"}});
}

TEST_CASE("bytes that are not UTF-8 stay while the rest is converted") {
  check(*capitalize(), {{"jos\xE9 GARC\xCD"
                         "a",
                         "Jos\xE9 Garc\xCD"
                         "a"},
                        {"\xE9ric", "\xE9ric"},
                        {"mary \xC3", "Mary \xC3"},
                        {"\xC3(a", "\xC3(A"},
                        {"\xED\xA0\x80"
                         "A",
                         "\xED\xA0\x80"
                         "a"},
                        {"\xF0\x9F\x98", "\xF0\x9F\x98"}});
  check(*upper(), {{"a\xFF"
                    "b\xC3",
                    "A\xFF"
                    "B\xC3"}});
  check(*lower(), {{"A\xFF"
                    "B\xC3",
                    "a\xFF"
                    "b\xC3"}});
}

TEST_CASE("upper and lower case follow Unicode's default mappings") {
  check(*upper(), {{"mary ann-1", "MARY ANN-1"},
                   {"straße", "STRASSE"},
                   {"éÿµ", "ÉŸΜ"},
                   {"ﬁx ﬄ", "FIX FFL"},
                   {"ŉ ΐ ᾳ ᾄ", "ʼN \u0399\u0308\u0301 ΑΙ \u1F0C\u0399"},
                   {"ıi", "II"},
                   {"οδός", "ΟΔΌΣ"},
                   {"ALREADY", "ALREADY"}});
  check(*lower(), {{"MARY ANN-1", "mary ann-1"},
                   {"STRAẞE", "straße"},
                   {"İ", "i\u0307"},
                   {"ΟΔΟΣ Σ ΣΑΣ", "οδος σ σας"},
                   {"ΑΣ'Β ΑΣ'", "ασ'β ας'"},
                   {"ÀÞ×", "àþ×"},
                   {"𐐀", "𐐨"}});
}

TEST_CASE("the fast path and the general way agree on any text") {
  constexpr std::string_view pieces[] = {"a", "B",  "z",  "Z",  "é",  "É",    "ß",    "ÿ",  "×",
                                         "÷", " ",  "-",  "'",  "’",  "0",    "9",    "@",  "[",
                                         "`", "{",  "þ",  "Þ",  "à",  "\xC3", "\x80", "Σ",  "ł",
                                         "d", "d'", "o'", "\n", "\0", "abc",  "ABC",  "ÀÉ", "日"};
  Pieces random;
  const auto title = capitalize();
  const auto large = upper();
  const auto small = lower();
  for (int round = 0; round < 40000; ++round) {
    // Short texts and long ones: each length up to 32 has a way of its own.
    const std::string text = random.text(pieces, round % 2 == 0 ? 40 : 14);
    CAPTURE(text);
    REQUIRE(after(*title, text) == general_title_case(text));
    // A character that only the general way converts sends the whole value there.
    REQUIRE(after(*large, text) + "Σ" == after(*large, text + "σ"));
    REQUIRE(after(*small, text) + " ł" == after(*small, text + " Ł"));
  }
}

TEST_CASE("title case done twice is title case") {
  constexpr std::string_view pieces[] = {"ann",  "BO", "é", "É", " ", "-", "'",    "’",
                                         "d'",   "L'", "o", "x", "3", "Σ", "σ",    "q",
                                         "\xFF", "w",  "ї", "В", "s", "T", "dell", "\u0301"};
  Pieces random;
  const auto title = capitalize();
  for (int round = 0; round < 20000; ++round) {
    const std::string once = after(*title, random.text(pieces, 10));
    CAPTURE(once);
    REQUIRE(after(*title, once) == once);
  }
}

TEST_CASE("invalid bytes at any place of any length are kept") {
  const auto title = capitalize();
  for (std::size_t size = 1; size <= 40; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      std::string text(size, 'A');
      text[place] = '\xFF';
      std::string expected(size, 'a');
      expected[place] = '\xFF';
      if (place > 0) expected[0] = 'A';
      CAPTURE(text);
      REQUIRE(after(*title, text) == expected);
    }
  }
}

TEST_CASE("a value of a megabyte is converted whole") {
  std::string text;
  std::string expected;
  while (text.size() < 1 << 20) {
    text += "jean-LUC\n";
    expected += "Jean-Luc\n";
  }
  CHECK(after(*capitalize(), text) == expected);
  CHECK(after(*capitalize(), text + "ŁUKASZ") == expected + "Łukasz");
  CHECK(after(*upper(), std::string(1 << 20, '\0')) == std::string(1 << 20, '\0'));
  std::string iotas;
  for (int i = 0; i < 100000; ++i) iotas += "ΐ";
  CHECK(after(*upper(), iotas).size() == 600000);
}

TEST_CASE("a value is converted where it stands as it is elsewhere, and nothing around it") {
  constexpr std::string_view pieces[] = {"ann", "BO", "é", "É",    "ÿ", "×",    " ", "-",
                                         "'",   "x3", "ß", "\xC3", "Σ", "\xFF", "q", "Ünal"};
  Pieces random;
  constexpr std::string_view around[] = {"é", "\xC3", "zz"};
  for (const auto& transform : {capitalize(), upper(), lower()}) {
    int in_place = 0;
    for (int round = 0; round < 20000; ++round) {
      const std::string value = random.text(pieces, 10).substr(0, CellTransform::longest_in_place);
      const std::string before = random.text(around, 1);
      const std::string behind = "zÉ" + std::string(CellTransform::in_place_room, 'Q');
      CAPTURE(value);
      std::string text = before;
      text.append(value).append(behind);
      const std::string untouched = text;
      if (transform->apply_in_place(text.data() + before.size(), value.size())) {
        ++in_place;
        REQUIRE(text == before + after(*transform, value) + behind);
      } else {
        REQUIRE(text == untouched);
      }
    }
    CHECK(in_place > 3000);
  }
  for (std::size_t size = 1; size <= CellTransform::longest_in_place; ++size) {
    std::string text = std::string(size, 'a') + std::string(CellTransform::in_place_room, 'b');
    REQUIRE(upper()->apply_in_place(text.data(), size));
    REQUIRE(text == std::string(size, 'A') + std::string(CellTransform::in_place_room, 'b'));
  }
}
