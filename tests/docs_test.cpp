// SPDX-License-Identifier: MIT
// Holds help, man pages and completions to one another, and the man pages' examples to the program.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "support/process.hpp"
#include "support/temporary_directory.hpp"

using namespace nodeops::test;
namespace fs = std::filesystem;

namespace {

const fs::path source_directory = NODEOPS_SOURCE;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE_MESSAGE(file.good(), path.string());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string help() {
  const auto outcome =
      run_process({.program = NODEOPS_BINARY, .arguments = {"csv-transform", "--help"}});
  CHECK(outcome.exit_code == 0);
  return outcome.out;
}

/// All matches of the first group.
std::set<std::string> all(const std::string& text, const std::string& pattern) {
  const std::regex expression(pattern);
  std::set<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), expression), end; match != end;
       ++match) {
    found.insert((*match)[1].str());
  }
  return found;
}

std::set<std::string> options_of_help() {
  return all(help(), "\n(?:  -[a-z], |      )--([a-z-]+)");
}

/// The long options that a man page's `.Fl` and `.It Fl` name.
std::set<std::string> options_of_man_page(const std::string& name) {
  std::istringstream lines(read(source_directory / "man" / name));
  std::string flags;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(".Fl ") || line.starts_with(".It Fl ")) flags += line + "\n";
  }
  return all(flags, R"((?:Fl |, )-([a-z][a-z-]+))");
}

/// A set as a text, so that a failed comparison can be read.
std::string listed(const std::set<std::string>& options) {
  std::string text;
  for (const auto& option : options) text += option + " ";
  return text;
}

struct Example {
  std::string command;
  std::string output;
};

/// What is printed over is gone: "x\bx" is a bold x.
std::string without_overstrike(const std::string& text) {
  std::string plain;
  for (const char c : text) {
    if (c != '\b') {
      plain += c;
      continue;
    }
    while (!plain.empty() && (static_cast<unsigned char>(plain.back()) & 0xC0U) == 0x80U)
      plain.pop_back();
    if (!plain.empty()) plain.pop_back();
  }
  return plain;
}

/// The commands in a man page's displays, with what they print, as a reader sees them.
std::vector<Example> examples(const std::string& page) {
  const auto rendered = run_process(
      {.program = "/usr/bin/mandoc", .arguments = {"-T", "utf8", "-O", "width=200", page}});
  REQUIRE_MESSAGE(rendered.exit_code == 0, rendered.err);
  std::istringstream lines(without_overstrike(rendered.out));
  std::vector<Example> found;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    const bool display = line.starts_with("           ");  // indented twice
    if (!display) inside = false;
    if (!display || line.size() < 11) continue;
    const std::string text = line.substr(11);
    if (text.starts_with("$ ")) {
      found.push_back({text.substr(2), ""});
      inside = true;
    } else if (inside) {
      found.back().output += text + "\n";
    }
  }
  return found;
}

}  // namespace

TEST_CASE("help fits a screen of 80 columns") {
  std::istringstream lines(help());
  for (std::string line; std::getline(lines, line);) CHECK_MESSAGE(line.size() <= 80, line);
}

TEST_CASE("the man pages know the options that help shows, and no others") {
  const auto options = options_of_help();
  CHECK(options.size() > 50);
  CHECK(listed(options_of_man_page("nodeops-csv-transform.1")) == listed(options));
  for (const auto& option : options_of_man_page("nodeops.1"))
    CHECK_MESSAGE(options.contains(option), option);
}

TEST_CASE("the completions know the options that help shows, and no others") {
  const fs::path completions = source_directory / "apps" / "nodeops" / "completions";
  const auto options = options_of_help();
  CHECK(listed(all(read(completions / "nodeops.bash"), R"([ ']--([a-z-]+))")) == listed(options));
  CHECK(listed(all(read(completions / "_nodeops"), R"((?:'\*?|,)--([a-z-]+)[\[}])")) ==
        listed(options));
  CHECK(listed(all(read(completions / "nodeops.fish"), " -l ([a-z-]+)")) == listed(options));
}

TEST_CASE("the man pages' examples print what the pages say") {
  if (!fs::exists("/usr/bin/mandoc")) {
    MESSAGE("skipped: mandoc is not installed");
    return;
  }
  const TemporaryDirectory place;
  fs::copy(source_directory / "testdata" / "csv", place.path(), fs::copy_options::recursive);
  const std::string path = fs::path(NODEOPS_BINARY).parent_path().string() + ":/usr/bin:/bin";
  const auto found = examples((source_directory / "man" / "nodeops-csv-transform.1").string());
  CHECK(found.size() >= 8);
  for (const auto& example : found) {
    CAPTURE(example.command);
    const auto outcome = run_process({.program = "/bin/sh",
                                      .arguments = {"-c", example.command},
                                      .environment = {{"PATH", path}},
                                      .directory = place.path().string()});
    CHECK(outcome.exit_code <= 1);
    CHECK(outcome.err.empty());
    CHECK(outcome.out == example.output);
  }
}
