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

std::string help(const std::string& command) {
  std::vector<std::string> arguments = {command, "--help"};
  if (command.empty()) arguments.erase(arguments.begin());
  const auto outcome = run_process({.program = NODEOPS_BINARY, .arguments = arguments});
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

std::set<std::string> options_in(const std::string& help) {
  return all(help, "\n(?:  -[a-z0-9], |      )--([a-z-]+)");
}

/// Every command, as the program's own help lists them.
std::set<std::string> commands() {
  const auto found = all(help(""), "\n  ([a-z]+-?[a-z]+)  ");
  REQUIRE(!found.empty());
  return found;
}

std::string page_of(const std::string& command) {
  return "nodeops-" + command + ".1";
}

std::set<std::string> options_of_help(const std::string& command) {
  return options_in(help(command));
}

/// The options that every command has stand last in its help.
std::set<std::string> common_options_of_help(const std::string& command) {
  const std::string text = help(command);
  const auto start = text.find("Options of every command:");
  REQUIRE(start != std::string::npos);
  return options_in(text.substr(start));
}

/// The values of an option that takes one of a few words, as the program itself lists them when it
/// refuses another: "auto always never". Empty for any other option.
std::string fixed_values(const std::string& command, const std::string& option) {
  const TemporaryDirectory place;
  const auto outcome =
      run_process({.program = NODEOPS_BINARY,
                   .arguments = {command, "--" + option + "=?", "there-is-no-such-file"},
                   .directory = place.path().string()});
  std::smatch match;
  if (!std::regex_search(outcome.err, match,
                         std::regex(R"(allowed: ([a-z0-9]+(, [a-z0-9]+)*) \(see )"))) {
    return {};
  }
  return std::regex_replace(match[1].str(), std::regex(", "), " ");
}

/// What stands between `start` and the next `end`.
std::string between(const std::string& text, const std::string& start, const std::string& end) {
  const auto at = text.find(start);
  return at == std::string::npos ? "" : text.substr(at, text.find(end, at) - at);
}

/// The long options that the items of a man page's lists are about.
std::set<std::string> options_described(const std::string& page) {
  std::istringstream lines(read(source_directory / "man" / page));
  std::string flags;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(".It Fl ")) flags += line + "\n";
  }
  return all(flags, R"(Fl -([a-z][a-z-]+))");
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

/// The commands in README's `console` blocks, with what they print.
std::vector<Example> examples_of_readme() {
  std::istringstream lines(read(source_directory / "README.md"));
  std::vector<Example> found;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("```")) {
      inside = line == "```console";
    } else if (inside && line.starts_with("$ ")) {
      found.push_back({line.substr(2), ""});
    } else if (inside) {
      REQUIRE_FALSE(found.empty());
      found.back().output += line + "\n";
    }
  }
  return found;
}

/// Runs them in a directory with the files of testdata/csv and testdata/webhook, and the images of
/// testdata/image in pictures. What a command says on standard error belongs to what it prints.
void check(const std::vector<Example>& found) {
  const TemporaryDirectory place;
  for (const auto* const module : {"csv", "webhook"})
    fs::copy(source_directory / "testdata" / module, place.path(), fs::copy_options::recursive);
  fs::copy(source_directory / "testdata" / "image", place / "pictures");
  const std::string path = fs::path(NODEOPS_BINARY).parent_path().string() + ":/usr/bin:/bin";
  for (const auto& example : found) {
    CAPTURE(example.command);
    const auto outcome = run_process({.program = "/bin/sh",
                                      .arguments = {"-c", "exec 2>&1; " + example.command},
                                      .environment = {{"PATH", path}},
                                      .directory = place.path().string()});
    CHECK(outcome.out == example.output);
  }
}

}  // namespace

TEST_CASE("help fits a screen of 80 columns") {
  for (const auto& command : commands()) {
    std::istringstream lines(help(command));
    for (std::string line; std::getline(lines, line);) CHECK_MESSAGE(line.size() <= 80, line);
  }
}

TEST_CASE("nodeops(1) describes the options of every command, the command's page the others") {
  for (const auto& command : commands()) {
    CAPTURE(command);
    const auto common = common_options_of_help(command);
    std::set<std::string> own = options_of_help(command);
    CHECK(own.size() > 30);
    CHECK(listed(options_of_man_page(page_of(command))) == listed(own));
    for (const auto& option : common) own.erase(option);
    CHECK(listed(options_described("nodeops.1")) == listed(common));
    CHECK(listed(options_described(page_of(command))) == listed(own));
  }
}

/// The three completion scripts.
struct Completions {
  std::string bash = read(fs::path(NODEOPS_COMPLETIONS) / "nodeops.bash");
  std::string zsh = read(fs::path(NODEOPS_COMPLETIONS) / "_nodeops");
  std::string fish = read(fs::path(NODEOPS_COMPLETIONS) / "nodeops.fish");
};

TEST_CASE("the completions know the options that help shows, and no others") {
  const Completions scripts;
  for (const auto& command : commands()) {
    CAPTURE(command);
    const auto options = options_of_help(command);
    const std::string in_bash = between(scripts.bash, "    " + command + ")\n", ";;");
    CHECK(listed(all(in_bash, R"([ ']--([a-z-]+))")) == listed(options));
    const std::string in_zsh = between(scripts.zsh, "  " + command + ")\n", ";;");
    CHECK(listed(all(in_zsh, R"((?:'\*?|,)--([a-z-]+)[\[}'])")) == listed(options));
    CHECK(listed(all(scripts.fish, "from " + command + "' -l ([a-z-]+)")) == listed(options));
  }
}

TEST_CASE("the completions offer the words that an option takes") {
  const Completions scripts;
  for (const auto& command : commands()) {
    int options_with_words = 0;
    const std::string in_zsh = between(scripts.zsh, "  " + command + ")\n", ";;");
    for (const auto& option : options_of_help(command)) {
      if (option == "help" || option == "version") continue;
      const std::string words = fixed_values(command, option);
      if (words.empty()) continue;
      ++options_with_words;
      CAPTURE(option);
      CAPTURE(words);
      CHECK(between(scripts.bash, command + ":--" + option + ")", ";;").find("'" + words + "'") !=
            std::string::npos);
      CHECK(between(in_zsh, "--" + option + "[", "\n").find("(" + words + ")") !=
            std::string::npos);
      CHECK(between(scripts.fish, "from " + command + "' -l " + option + " ", "\n")
                .find("'" + words + "'") != std::string::npos);
    }
    CHECK(options_with_words >= 3);
  }
}

TEST_CASE("bash reads the completions and offers options") {
  const auto outcome = run_process(
      {.program = "/bin/bash",
       .arguments = {"-c", ". " NODEOPS_COMPLETIONS "/nodeops.bash; "
                           "COMP_WORDS=(nodeops csv-transform --newl) COMP_CWORD=2; _nodeops; "
                           "echo ${COMPREPLY[@]}; COMP_WORDS=(nodeops csv-transform --to '') "
                           "COMP_CWORD=3; _nodeops; echo ${COMPREPLY[@]}"}});
  CHECK(outcome.out == "--newline\ncsv tsv ndjson\n");
}

TEST_CASE("the man pages' examples print what the pages say") {
  if (!fs::exists("/usr/bin/mandoc")) {
    MESSAGE("skipped: mandoc is not installed");
    return;
  }
  std::set<std::string> pages = {"nodeops.1"};
  for (const auto& command : commands()) pages.insert(page_of(command));
  for (const auto& page : pages) {
    CAPTURE(page);
    const auto found = examples((source_directory / "man" / page).string());
    CHECK(found.size() >= 4);
    check(found);
  }
}

TEST_CASE("the README's examples print what it says") {
  const auto found = examples_of_readme();
  CHECK(found.size() >= 5);
  check(found);
}
