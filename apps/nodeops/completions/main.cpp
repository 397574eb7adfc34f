// SPDX-License-Identifier: MIT
// Writes the completion scripts at build time: nodeops_completions DIRECTORY
#include <fstream>
#include <iostream>
#include <regex>
#include <sstream>

#include "command_line.hpp"
#include "completions.hpp"
#include "core/error.hpp"

namespace nodeops {
namespace {

/// The words that an option takes, as the program lists them when it refuses another.
std::vector<std::string> words_of(const std::string& command, const std::string& option) {
  try {
    Invocation invocation;
    read_command_line({command, "--" + option + "=?"}, {}, invocation);
  } catch (const AppError& error) {
    static const std::regex list(R"(allowed: ([a-z0-9]+(, [a-z0-9]+)*)$)");
    std::smatch match;
    const std::string text = error.what();
    if (!std::regex_search(text, match, list)) return {};
    std::istringstream split(std::regex_replace(match[1].str(), std::regex(","), ""));
    std::vector<std::string> words;
    for (std::string word; split >> word;) words.push_back(word);
    return words;
  }
  return {};
}

void write(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) throw std::runtime_error(path + ": cannot write");
}

void write_completions(const std::string& directory) {
  auto commands = completed_commands();
  for (auto& command : commands) {
    for (auto& option : command.options) {
      if (!option.placeholder.empty()) option.words = words_of(command.name, option.name);
    }
  }
  write(directory + "/nodeops.bash", bash_completion(commands));
  write(directory + "/_nodeops", zsh_completion(commands));
  write(directory + "/nodeops.fish", fish_completion(commands));
}

}  // namespace
}  // namespace nodeops

int main(int count, char** arguments) {
  if (count != 2) return 2;
  try {
    nodeops::write_completions(arguments[1]);
  } catch (const std::exception& error) {
    std::cerr << "nodeops_completions: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
