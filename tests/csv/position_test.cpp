// SPDX-License-Identifier: MIT
#include "csv/position.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/error.hpp"
#include "csv/steps.hpp"
#include "csv/transform.hpp"
#include "support/random_csv.hpp"

using namespace nodeops;
using namespace nodeops::csv;
using namespace nodeops::test;

namespace {

/// What stood in the sinks at a position.
struct Reached {
  Position position;
  std::size_t output = 0;
  std::size_t rejects = 0;
  std::size_t reasons = 0;
};

struct Outcome {
  std::string output;
  std::string rejects;
  std::string reasons;
  std::vector<Reached> reached;
  TotalsSnapshot totals;
  std::string error;
};

Outcome run(const TransformOptions& options, const std::vector<std::string>& texts) {
  MemorySink output;
  MemorySink rejects;
  MemorySink reasons;
  Outcome outcome;
  TransformSinks sinks;
  sinks.output = &output;
  sinks.rejects = &rejects;
  sinks.reasons = &reasons;
  sinks.reached = [&](const Position& position) {
    outcome.reached.push_back(
        {position, output.text().size(), rejects.text().size(), reasons.text().size()});
  };
  std::vector<TableInput> inputs;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    inputs.push_back({.name = "input" + std::to_string(i),
                      .open = [&texts, i] { return std::make_unique<MemorySource>(texts[i]); }});
  }
  RunTotals totals;
  RunEvents events;
  std::stop_source stop;
  try {
    transform(options, std::move(inputs), sinks, totals, events, stop);
  } catch (const AppError& error) {
    outcome.error = error.what();
  }
  outcome.output = output.text();
  outcome.rejects = rejects.text();
  outcome.reasons = reasons.text();
  outcome.totals = totals.snapshot();
  return outcome;
}

/// The positions on the grid behind so many bytes.
std::vector<Position> grid_positions(const Outcome& outcome, std::uint64_t bytes) {
  std::vector<Position> found;
  for (const Reached& at : outcome.reached) {
    if (at.position.on_grid && at.position.bytes > bytes) found.push_back(at.position);
  }
  return found;
}

/// Takes a run up again at positions that it reached: what comes behind is what came there. Every
/// one of few, 16 of many.
void check_positions(TransformOptions options, const std::vector<std::string>& texts) {
  const Outcome whole = run(options, texts);
  const std::size_t step = whole.reached.size() / 16 + 1;
  for (std::size_t i = 0; i < whole.reached.size(); i += step) {
    const Reached& at = whole.reached[i];
    CAPTURE(at.position.input);
    CAPTURE(at.position.offset);
    options.from = at.position;
    const Outcome rest = run(options, texts);
    CHECK(whole.output.substr(at.output) == rest.output);
    CHECK(whole.rejects.substr(at.rejects) == rest.rejects);
    CHECK(whole.reasons.substr(at.reasons) == rest.reasons);
    CHECK(whole.error == rest.error);
    CHECK(whole.totals.items_in == rest.totals.items_in);
    CHECK(whole.totals.items_ok == rest.totals.items_ok);
    CHECK(whole.totals.items_failed == rest.totals.items_failed);
    CHECK(whole.totals.items_skipped == rest.totals.items_skipped);
    // The places on the grid that come are the same too: a compressed output is cut there.
    CHECK(grid_positions(whole, at.position.bytes) == grid_positions(rest, at.position.bytes));
  }
}

/// A table of four columns in which everything happens that happens in files.
std::string table(std::uint64_t seed, std::size_t records) {
  std::uint64_t state = seed * 2654435761 + 12345;
  const auto random = [&state](std::uint64_t below) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return (state >> 33U) % below;
  };
  const std::string end = seed % 3 == 0 ? "\r\n" : "\n";
  std::string text = seed % 4 == 0 ? "\xEF\xBB\xBF" : "";
  if (seed % 5 == 0) text += end;
  text += "id,\"name\",note,date" + end;
  for (std::size_t i = 0; i < records; ++i) {
    text += std::to_string(i) + ",";
    switch (random(12)) {
      case 0:
        text += "\"a, \"\"b\"\"" + end + "c\",x,2020";
        break;
      case 1:
        text += "too,many,fields,here,2020";
        break;
      case 2:
        text += "\"" + std::string(random(500), 'q') + "\",x,2020";
        break;
      case 3:
        text += std::string(200 + random(900), 'l') + ",x,2020";
        break;
      case 4:
        text += "12\" monitor,x,notayear";
        break;
      case 5:
        text += "\xEF\xBB\xBFmark,x,2020" + end;  // and a blank line
        break;
      default:
        text += "jean-luc,x,2021";
    }
    text += random(9) == 0 ? "\n" : end;
  }
  if (seed % 2 == 0) text.erase(text.size() - end.size());
  return text;
}

TransformOptions options_for(std::uint64_t seed) {
  TransformOptions options;
  if (seed % 3 != 1) {
    options.steps.push_back(make_step("--upper", "name", ""));
    options.steps.push_back(make_step("--date", "date=%Y:%y", ""));
    options.steps.push_back(make_step("--where", "id != 7", ""));
  }
  if (seed % 5 == 2) options.steps.push_back(make_step("--select", "date,name", ""));
  if (seed % 4 == 3) options.form = Form::ndjson;
  options.on_error = seed % 2 == 0 ? OnError::skip : OnError::keep;
  options.longest_record = seed % 7 < 3 ? 700 : 100'000;
  options.block_size = 64 + seed % 5 * 100;
  options.grid = 256 + seed % 3 * 1000;
  options.workers = 1 + seed % 2;
  options.blocks_in_flight = 2 + seed % 3;
  return options;
}

}  // namespace

TEST_CASE("a run goes on at every position as if it had never stopped") {
  for (std::uint64_t seed = 0; seed < 21; ++seed) {
    CAPTURE(seed);
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < 1 + seed % 3; ++i) texts.push_back(table(seed + i, 40 - i * 17));
    if (seed % 11 == 10) texts.insert(texts.begin(), "");
    check_positions(options_for(seed), texts);
  }
}

TEST_CASE("random input of every kind goes on at every position") {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    CAPTURE(seed);
    auto csv_options = random_options(seed);
    const auto text = random_csv(seed, csv_options);
    TransformOptions options = options_for(seed);
    options.steps.clear();
    options.sniff = seed % 2 == 0;
    options.dialect.header = seed % 3 != 0;
    options.dialect.delimiter = csv_options.delimiter;
    options.dialect.quote = csv_options.quote;
    check_positions(options, {seed % 4 == 0 ? mangle(text, seed) : text, text});
  }
}

TEST_CASE("positions on the grid are where they are whatever the block size") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const std::vector<std::string> texts = {table(seed, 60), table(seed + 1, 10)};
    TransformOptions options = options_for(seed);
    options.grid = 1500;
    std::vector<Position> expected;
    for (const std::size_t block_size : {100'000, 1500, 1024, 333, 64}) {
      options.block_size = block_size;
      const std::vector<Position> met = grid_positions(run(options, texts), 0);
      if (block_size == 100'000) expected = met;
      CHECK(expected.size() > 3);
      CHECK(met == expected);
    }
  }
}

TEST_CASE("a position that the input has not is refused") {
  TransformOptions options;
  options.from = Position{.input = 0, .offset = 1000, .line = 3, .bytes = 1000};
  CHECK(run(options, {"a,b\n1,2\n"}).error ==
        "input0: has no byte 1000, where the run was to go on");
  options.from = Position{.input = 7};
  CHECK(run(options, {"a,b\n1,2\n"}).output.empty());
}
