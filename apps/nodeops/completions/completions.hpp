// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace nodeops {

/// One option, as a shell that completes it has to know it.
struct CompletedOption {
  std::string name;    ///< without dashes: "output"
  std::string letter;  ///< "o", or empty
  std::string description;
  std::string placeholder;         ///< of its value: "FILE"; empty: it takes none
  std::vector<std::string> words;  ///< the few that the value may be; empty: any
  bool repeated = false;           ///< may be given more than once
  bool names_file = false;
};

struct CompletedCommand {
  std::string name;
  std::string summary;
  std::string operand;
  std::vector<CompletedOption> options;
};

/// The scripts that complete the command line of nodeops, made from the flags themselves.
std::string bash_completion(const std::vector<CompletedCommand>& commands);
std::string zsh_completion(const std::vector<CompletedCommand>& commands);
std::string fish_completion(const std::vector<CompletedCommand>& commands);

}  // namespace nodeops
