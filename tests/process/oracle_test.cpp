// SPDX-License-Identifier: MIT
// Python's csv module as the judge: another reader, by other people.
#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include <nlohmann/json.hpp>

#include "process/run_nodeops.hpp"
#include "support/random_csv.hpp"
#include "support/reference_csv.hpp"

using namespace nodeops::test;
using nlohmann::json;

namespace {

/// Reads CSV in the dialect of its arguments and prints a JSON array a record.
constexpr const char* python_reader = R"(
import csv, json, sys
csv.field_size_limit(1 << 30)
path, delimiter, quote = sys.argv[1:]
with open(path, newline='', encoding='utf-8') as text:
    for record in csv.reader(text, delimiter=delimiter, quotechar=quote, strict=False):
        print(json.dumps(record))
)";

/// Python makes an empty list of a blank line, the reference an empty field, nodeops nothing.
bool is_blank(const json& row) {
  return row == json::array() || row == json::array({""});
}

std::vector<json> parse_lines(const std::string& text) {
  std::vector<json> rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    json row = json::parse(line);
    if (!is_blank(row)) rows.push_back(std::move(row));
  }
  return rows;
}

/// What Python has no opinion on, or another one, is left out: lone CRs, NULs (before 3.11),
/// invalid UTF-8, empty lines, quotes that never close.
RandomCsvOptions common_ground(std::uint64_t seed) {
  RandomCsvOptions options = random_options(seed);
  options.records += 50;
  options.stray_quotes = true;
  options.lone_carriage_returns = false;
  options.nul_bytes = false;
  options.invalid_utf8 = false;
  options.empty_lines = false;
  options.byte_order_mark = false;
  options.unterminated_quote = false;
  options.columns += 1;
  return options;
}

bool python_is_there() {
  return run_process({.program = "python3", .arguments = {"-c", "import csv, json"}}).exit_code ==
         0;
}

}  // namespace

TEST_CASE("Python's csv module reads random CSV as nodeops does") {
  if (!python_is_there()) {
    MESSAGE("skipped: python3 is not installed");
    return;
  }
  const TemporaryDirectory place;
  place.write("reader.py", python_reader);
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    const RandomCsvOptions options = common_ground(seed);
    const std::string text = random_csv(seed, options);
    place.write("in.csv", text);
    const std::string delimiter(1, options.delimiter);
    const std::string quote(1, options.quote);
    const auto oracle = run_process({.program = "python3",
                                     .arguments = {"reader.py", "in.csv", delimiter, quote},
                                     .directory = place.path().string()});
    REQUIRE(oracle.exit_code == 0);
    const auto ours =
        run_csv_transform(place, {"--no-header", "--to", "ndjson", "--on-error", "keep", "-d",
                                  delimiter, "--quote", quote, "--buffer", "4K", "in.csv"});
    CHECK(contains("01", std::to_string(ours.exit_code)));
    CHECK(parse_lines(ours.out) == parse_lines(oracle.out));
    json reference = reference_values(
        parse_reference(text, {.delimiter = options.delimiter, .quote = options.quote}));
    reference.erase(std::remove_if(reference.begin(), reference.end(), is_blank), reference.end());
    CHECK(reference == json(parse_lines(oracle.out)));
  }
}

TEST_CASE("Python's csv module reads a transformed output as the transformed values") {
  if (!python_is_there()) {
    MESSAGE("skipped: python3 is not installed");
    return;
  }
  const TemporaryDirectory place;
  place.write("reader.py", python_reader);
  for (std::uint64_t seed = 100; seed < 120; ++seed) {
    CAPTURE(seed);
    RandomCsvOptions options = common_ground(seed);
    options.ragged = false;
    options.stray_quotes = false;
    options.delimiter = ',';
    options.quote = '"';
    const std::string text = random_csv(seed, options);
    const auto ours = run_csv_transform(
        place, {"--replace", "c1=/^/, \"/", "--select", "c2,c1", "-o", "out.csv", "-"}, text);
    REQUIRE(ours.exit_code == 0);
    const auto oracle = run_process({.program = "python3",
                                     .arguments = {"reader.py", "out.csv", ",", "\""},
                                     .directory = place.path().string()});
    const std::vector<json> rows = parse_lines(oracle.out);
    const auto reference = reference_values(parse_reference(text));
    REQUIRE(rows.size() == reference.size());
    for (std::size_t i = 1; i < rows.size(); ++i) {
      CHECK(rows[i] == json({reference[i][1], ", \"" + reference[i][0]}));
    }
  }
}
