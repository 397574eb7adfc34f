// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <string>

#include "csv/steps.hpp"
#include "csv/transform_text.hpp"

using namespace nodeops;
using namespace nodeops::csv;

namespace {

TransformOptions options_for(std::initializer_list<std::pair<const char*, const char*>> steps,
                             OnError on_error) {
  TransformOptions options;
  for (const auto& [option, text] : steps) options.steps.push_back(make_step(option, text, "key"));
  options.on_error = on_error;
  return options;
}

}  // namespace

TEST_CASE("a block with more refused records than are handed over at once loses none of them") {
  std::string text = "a,b\n";
  std::string good = text;
  std::string bad;
  for (int i = 0; i < 5000; ++i) {
    const auto number = std::to_string(i);
    text += "\n" + number + ",x\n\"" + number + "\"\n";
    good += number + ",X\n";
    bad += "\"" + number + "\"\n";
  }
  for (const bool changed : {true, false}) {
    auto options = changed ? options_for({{"--upper", "b"}, {"--where", "b == X"}}, OnError::skip)
                           : options_for({}, OnError::keep);
    for (const unsigned workers : {1U, 3U}) {
      options.workers = workers;
      options.blocks_in_flight = workers == 1 ? 1 : workers + 1;
      const auto outcome = transform_text(options, text);
      CHECK_FALSE(outcome.error);
      CHECK(outcome.output == (changed ? good : text));
      CHECK(outcome.rejects == bad);
      CHECK(outcome.records == 10'000);
      CHECK(outcome.refused == 5000);
      CHECK(outcome.reasons.find("{\"line\":15001,") != std::string::npos);
    }
  }
  auto options = options_for({{"--upper", "b"}}, OnError::skip);
  options.max_errors = 3000;
  const auto outcome = transform_text(options, text);
  REQUIRE(outcome.error);
  CHECK(std::string(outcome.error->what()) == "-:9004: 1 field, expected 2");
  CHECK(outcome.refused == 3001);
  CHECK(outcome.records == 6002);
}

TEST_CASE("a block that makes far more output than it has input comes out whole") {
  std::string text = "a,b\n";
  std::string expected = text;
  const std::string filling(3000, 'x');
  for (int i = 0; i < 5000; ++i) {
    text += std::to_string(i) + ",\n";
    expected += std::to_string(i) + "," + filling + "\n";
  }
  CHECK(transform_text(options_for({{"--default", ("b=" + filling).c_str()}}, OnError::stop), text)
            .output == expected);
}
