// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <string>

#include "csv/steps.hpp"
#include "csv/transform_text.hpp"
#include "support/temporary_directory.hpp"

using namespace nodeops;
using namespace nodeops::csv;
using namespace nodeops::test;

namespace {

const std::string isbn = ISBN_PLUGIN;
const std::string faulty = FAULTY_PLUGINS "/faulty.so";

TransformOptions options_for(const std::vector<std::pair<std::string, std::string>>& steps) {
  TransformOptions options;
  options.on_error = OnError::skip;
  for (const auto& [option, value] : steps) options.steps.push_back(make_step(option, value, ""));
  return options;
}

TextOutcome outcome_of(const std::vector<std::pair<std::string, std::string>>& steps,
                       const std::string& text) {
  return transform_text(options_for(steps), text);
}

std::string refusal(const std::string& plugin, ErrorKind kind, const char* text = "a\n1\n") {
  try {
    const auto outcome = outcome_of({{"--plugin", plugin}}, text);
    REQUIRE(outcome.error);
    CHECK(outcome.error->kind() == kind);
    return outcome.error->line();
  } catch (const AppError& error) {
    CHECK(error.kind() == kind);
    return error.line();
  }
}

constexpr auto books =
    "title,isbn\n"
    "Emma,0-14-143958-0\n"
    "none,\n"
    "\"Odd, x\",978-0-306-40615-7\n"
    "wrong,0-14-143958-8\n"
    "x,080442957X\n"
    "tool,979-10-90636-07-1\n"
    "no,12\n";

}  // namespace

TEST_CASE("a plugin changes values, adds columns, leaves out and rejects records") {
  const auto outcome = outcome_of({{"--plugin", isbn + ":isbn"}}, books);
  CHECK(outcome.output ==
        "title,isbn,isbn10\n"
        "Emma,9780141439587,0141439580\n"
        "\"Odd, x\",9780306406157,0306406152\n"
        "x,9780804429573,080442957X\n"
        "tool,9791090636071,\n");
  CHECK(outcome.rejects == "wrong,0-14-143958-8\nno,12\n");
  CHECK(outcome.records == 7);
  CHECK(outcome.refused == 2);
  CHECK(outcome.filtered == 1);
  CHECK(outcome.reasons.find("isbn.so: wrong check digit") != std::string::npos);
  CHECK(outcome.reasons.find("\"line\":5,\"offset\":63,") != std::string::npos);
}

TEST_CASE("a plugin stands among the other transforms in its place") {
  const auto outcome = outcome_of({{"--upper", "title"},
                                   {"--where", "title != EMMA"},
                                   {"--plugin", isbn + ":isbn"},
                                   {"--where", "isbn10 != \"\""},
                                   {"--set", "title=row.title .. row.isbn10"},
                                   {"--select", "isbn10,title"}},
                                  books);
  CHECK(outcome.output ==
        "isbn10,title\n0306406152,\"ODD, X0306406152\"\n080442957X,X080442957X\n");
  CHECK(outcome.records == 7);
  CHECK(outcome.refused == 2);
  CHECK(outcome.filtered == 3);
}

TEST_CASE("records behind a failing one of a plugin go on, malformed ones keep their places") {
  const auto outcome =
      outcome_of({{"--plugin", faulty}}, "a,b\nx,1\nragged\nd,2\nr,3\n\nv,4\nq,5\nn,6\n");
  CHECK(outcome.output == "a,b\nx,1\n\"a,\"\"b\",5\n,6\n");
  CHECK(outcome.rejects == "ragged\nr,3\nv,4\n");
  CHECK(outcome.filtered == 1);
  CHECK(outcome.reasons.find("it does not say why") != std::string::npos);
  const auto failed = outcome_of({{"--plugin", faulty}}, "a,b\nd,1\nx,2\nf,3\ny,4\n");
  CHECK(failed.output == "a,b\n");
  CHECK(failed.filtered == 1);
  CHECK(failed.refused == 3);
  CHECK(failed.reasons.find("no more of this") != std::string::npos);
}

TEST_CASE("what is not a plugin of this version is refused when it is loaded") {
  const TemporaryDirectory place;
  CHECK(refusal(place / "none.so", ErrorKind::no_input) ==
        place / "none.so" + ": there is no such plugin");
  const auto text = place.write("text.so", "not a shared object, by far");
  CHECK(refusal(text, ErrorKind::unavailable).starts_with(text + ": not a plugin: "));
  CHECK(refusal(FAULTY_PLUGINS "/faulty_version.so", ErrorKind::unavailable)
            .find("is made for version 2 of the plugin interface, this is version 1 (build it") !=
        std::string::npos);
  CHECK(refusal(FAULTY_PLUGINS "/faulty_functions.so", ErrorKind::unavailable)
            .find("it has no function nodeops_plugin_transform") != std::string::npos);
  CHECK(refusal(faulty + ":refuse", ErrorKind::usage) ==
        "--plugin: " + faulty + ": the options are\\nnot to its taste");
  CHECK(refusal(isbn + ":number", ErrorKind::usage).find("no such column") != std::string::npos);
  CHECK(refusal(isbn + ":isbn", ErrorKind::usage, "isbn,isbn10\n").find("isbn10 already") !=
        std::string::npos);
  CHECK(refusal("", ErrorKind::usage) == "--plugin: '' is not of the form FILE.so[:OPTIONS]");
}

TEST_CASE("batches, blocks and workers do not show in what a plugin makes") {
  std::string text = "title,isbn\n";
  for (int i = 0; i < 400; ++i) {
    text += i % 7 == 0 ? "ragged\n" : i % 11 == 0 ? "\n" : "";
    text += "t" + std::to_string(i) +
            (i % 3 == 0   ? ",0-14-143958-0\n"
             : i % 3 == 1 ? ",\n"
                          : ",12\n");
  }
  auto options = options_for({{"--upper", "title"}, {"--plugin", isbn + ":isbn"}});
  const auto expected = transform_text(options, text);
  CHECK(expected.refused > 100);
  CHECK(expected.filtered == 133);
  for (const std::size_t block_size : {std::size_t{64}, std::size_t{700}, std::size_t{4000}}) {
    options.block_size = block_size;
    options.workers = 3;
    options.blocks_in_flight = 5;
    const auto outcome = transform_text(options, text, 97);
    CHECK(outcome.output == expected.output);
    CHECK(outcome.rejects == expected.rejects);
    CHECK(outcome.reasons == expected.reasons);
    CHECK(outcome.records == expected.records);
    CHECK(outcome.filtered == expected.filtered);
  }
}
