// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "csv/lookup_table.hpp"
#include "csv/steps.hpp"
#include "csv/transform_text.hpp"
#include "support/temporary_directory.hpp"

using namespace nodeops;
using namespace nodeops::csv;
using namespace nodeops::test;

namespace {

constexpr auto countries =
    "code,name,region\r\nDE,\"Germany, Fed.\",EU\r\nFR,France,EU\r\n\r\nUS,\"U \"\"S\"\" A\",NA";
constexpr auto people = "id,country\n1,DE\n2,XX\n3,\"US\"\n";

/// Runs one --lookup over `people` and then other steps.
TextOutcome look_up(const std::string& text, StepSettings settings = {},
                    const std::vector<std::pair<std::string, std::string>>& then = {}) {
  TransformOptions options;
  options.on_error = OnError::skip;
  options.steps.push_back(make_step("--lookup", text, settings));
  for (const auto& [option, value] : then) options.steps.push_back(make_step(option, value, ""));
  return transform_text(options, people);
}

std::string refusal(const std::string& text, ErrorKind kind, StepSettings settings = {}) {
  try {
    const auto outcome = look_up(text, std::move(settings));
    REQUIRE(outcome.error);
    CHECK(outcome.error->kind() == kind);
    return outcome.error->line();
  } catch (const AppError& error) {
    CHECK(error.kind() == kind);
    return error.line();
  }
}

}  // namespace

TEST_CASE("a table finds what was put in, and nothing else") {
  std::mt19937 random(7);
  LookupTable table(2);
  std::map<std::string, std::vector<std::string>> expected;
  for (std::uint32_t line = 1; line < 5000; ++line) {
    const std::string key(random() % 4, static_cast<char>('a' + random() % 26));
    const std::string longer = key + std::to_string(random() % 3000);
    const std::vector<std::string> values = {std::string(random() % 50, 'x'), longer};
    const auto known = table.add(longer, {values[0], values[1]}, line);
    CHECK(known.has_value() == expected.contains(longer));
    if (known) CHECK(known->line() < line);
    expected.emplace(longer, values);
  }
  CHECK(expected.size() > 2000);
  for (const auto& [key, values] : expected) {
    const auto found = table.find(key);
    REQUIRE(found);
    std::vector<std::string> got;
    found->each([&](std::size_t, std::string_view value) { got.emplace_back(value); });
    CHECK(got == values);
  }
  CHECK_FALSE(table.find("a"));
  CHECK_FALSE(table.find(""));
  CHECK_FALSE(LookupTable(1).find(""));
}

TEST_CASE("a lookup adds the columns of its table by the key") {
  const TemporaryDirectory place;
  const auto path = place.write("c.csv", countries);
  CHECK(look_up(path + ":country=code").output ==
        "id,country,name,region\n1,DE,\"Germany, Fed.\",EU\n2,XX,,\n3,\"US\",U \"S\" A,NA\n");
  CHECK(look_up(path + ":2=1:region").output == "id,country,region\n1,DE,EU\n2,XX,\n3,\"US\",NA\n");
  CHECK(look_up(path + ":country=code:region,name", {},
                {{"--upper", "name"}, {"--where-lua", "row.region ~= ''"}, {"--select", "name,id"}})
            .output == "name,id\n\"GERMANY, FED.\",1\nU \"S\" A,3\n");
  const auto odd = place.write("a:b.csv", "x=y,v\n1,one\n");
  CHECK(look_up(place / "a\\:b.csv" + ":id=x\\=y").output ==
        "id,country,v\n1,DE,one\n2,XX,\n3,\"US\",\n");
}

TEST_CASE("a key that is not in the table gives empty values, or refuses the record") {
  const TemporaryDirectory place;
  const auto path = place.write("c.csv", countries);
  const auto outcome = look_up(path + ":country=code:region", {.missing = LookupMissing::reject});
  CHECK(outcome.output == "id,country,region\n1,DE,EU\n3,\"US\",NA\n");
  CHECK(outcome.rejects == "2,XX\n");
  CHECK(
      outcome.reasons.find("\"column\":\"country\",\"reason\":\"transform-failed\",\"detail\":\"is "
                           "not in ") != std::string::npos);
}

TEST_CASE("a table that is wrong is refused with the place") {
  const TemporaryDirectory place;
  const auto refuse = [&](const char* text) {
    const auto path = place.write("t.csv", text);
    return refusal(path + ":id=k", ErrorKind::bad_data).substr(path.size());
  };
  CHECK(refuse("k,v\n1,a\n2,\"b\nc\"\n1,d\n") ==
        ":5: the key of this record is that of line 2 already");
  CHECK(refuse("k,v\n1,a\n2\n") == ":3: 1 field, expected 2");
  CHECK(refuse("k,v\n1,\"a\n2\n") == ":2: a quote opens in this record and never closes");
  CHECK(refuse("") == ": it is empty");
  const auto path = place.write("c.csv", countries);
  CHECK(refusal(place / "none.csv" + ":id", ErrorKind::no_input).find("none.csv") !=
        std::string::npos);
  CHECK(refusal(path + ":country", ErrorKind::usage) ==
        "--lookup: " + path + ": no column 'country' (there are code, name, region)");
  CHECK(refusal(path + ":code", ErrorKind::usage) ==
        "--lookup: no column 'code' (there are id, country)");
  CHECK(refusal(path, ErrorKind::usage).find("is not of the form FILE:KEY[:COLS]") !=
        std::string::npos);
  CHECK(refusal(place.write("d.csv", "k,id\n1,2\n") + ":id=k", ErrorKind::usage) ==
        "--lookup: there is a column 'id' already (--rename or --drop it first)");
}

TEST_CASE("a table takes the memory that it may, and says what it would take") {
  const TemporaryDirectory place;
  std::string text = "k,v\n";
  for (int i = 0; i < 100'000; ++i) text += std::to_string(i) + ",value\n";
  const auto path = place.write("t.csv", text);
  std::size_t memory = 64 << 20;
  look_up(path + ":id=k", {.lookup_memory = &memory});
  const std::size_t taken = (64 << 20) - memory;
  CHECK(taken > 4 << 20);
  CHECK(taken < 5 << 20);
  memory = 1 << 20;
  CHECK(refusal(path + ":id=k", ErrorKind::usage, {.lookup_memory = &memory}) ==
        "--lookup: " + path +
            ": the table takes 5.0 MiB of memory, more than the 1.0 MiB that it may (raise "
            "--memory-limit, or choose fewer columns)");
}
