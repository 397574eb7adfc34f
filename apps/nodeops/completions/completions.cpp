// SPDX-License-Identifier: MIT
#include "completions.hpp"

#include <algorithm>

namespace nodeops {
namespace {

constexpr auto licence = "# SPDX-License-Identifier: MIT\n";

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// Puts `mark` in front of each of `special`.
std::string marked(const std::string& text, const std::string& special, const std::string& mark) {
  std::string safe;
  for (const char c : text) {
    if (special.find(c) != std::string::npos) safe += mark;
    safe += c;
  }
  return safe;
}

/// In single quotes, as the shells of Bourne's family read them.
std::string quoted(const std::string& text) {
  std::string safe = "'";
  for (const char c : text) safe += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return safe + "'";
}

std::string fish_quoted(const std::string& text) {
  return "'" + marked(text, "'\\", "\\") + "'";
}

std::string names(const std::vector<CompletedCommand>& commands) {
  std::string text;
  for (const auto& command : commands) text += command.name + " ";
  return text;
}

/// One argument of zsh's _arguments.
std::string zsh_argument(const CompletedOption& option) {
  const std::string description = "[" + marked(option.description, ":[]", "\\") + "]";
  std::string value;
  if (!option.placeholder.empty()) {
    value = ":" + marked(option.placeholder, ":[]", "\\") + ":";
    if (!option.words.empty())
      value += "(" + joined(option.words) + ")";
    else
      value += option.names_file ? "_files" : " ";
  }
  if (option.letter.empty())
    return quoted((option.repeated ? "*--" : "--") + option.name + description + value);
  return quoted("(-" + option.letter + " --" + option.name + ")") + "{-" + option.letter + ",--" +
         option.name + "}" + quoted(description + value);
}

}  // namespace

std::string bash_completion(const std::vector<CompletedCommand>& commands) {
  std::string values;
  std::string options;
  for (const auto& command : commands) {
    options += "    " + command.name + ")\n      options='";
    for (const auto& option : command.options) {
      options += " --" + option.name + (option.letter.empty() ? "" : " -" + option.letter);
      if (option.words.empty()) continue;
      values += "    " + command.name + ":--" + option.name + ") words='" + joined(option.words) +
                "' ;;\n";
    }
    options += "'\n      ;;\n";
  }
  return std::string(licence) +
         "# bash completion for nodeops\n"
         "_nodeops() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} "
         "words='' options=''\n"
         "  COMPREPLY=()\n"
         "  if [ \"$COMP_CWORD\" = 1 ]; then\n"
         "    mapfile -t COMPREPLY < <(compgen -W '" +
         names(commands) +
         "--help --version' -- \"$word\")\n"
         "    return\n"
         "  fi\n"
         "  case ${COMP_WORDS[1]}:$previous in\n" +
         values +
         "  esac\n"
         "  if [ -n \"$words\" ]; then\n"
         "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
         "    return\n"
         "  fi\n"
         "  case ${COMP_WORDS[1]} in\n" +
         options +
         "  esac\n"
         "  if [[ $word == -* ]]; then\n"
         "    mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$word\")\n"
         "    return\n"
         "  fi\n"
         "  mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
         "}\n"
         "complete -o filenames -F _nodeops nodeops\n";
}

std::string zsh_completion(const std::vector<CompletedCommand>& commands) {
  std::string values;
  std::string cases;
  for (const auto& command : commands) {
    values += " " + quoted(command.name + "[" + command.summary + "]");
    cases += "  " + command.name + ")\n    _arguments -s \\\n";
    for (const auto& option : command.options) cases += "      " + zsh_argument(option) + " \\\n";
    const std::string operand = command.operand == "INPUT" ? "input:_files" : "operand: ";
    cases += "      '*:" + operand + "'\n    ;;\n";
  }
  return "#compdef nodeops\n" + std::string(licence) +
         "# zsh completion for nodeops\n"
         "if (( CURRENT == 2 )); then\n"
         "  _values command" +
         values +
         " '--help[shows help]' '--version[shows the version]'\n"
         "  return\n"
         "fi\n"
         "shift words\n"
         "(( CURRENT-- ))\n"
         "case $words[1] in\n" +
         cases + "esac\n";
}

std::string fish_completion(const std::vector<CompletedCommand>& commands) {
  std::string text = std::string(licence) + "# fish completion for nodeops\n";
  for (const auto& command : commands) {
    text += "complete -c nodeops -n __fish_use_subcommand -f -a " + command.name + " -d " +
            fish_quoted(command.summary) + "\n";
  }
  for (const auto& command : commands) {
    for (const auto& option : command.options) {
      text += "complete -c nodeops -n '__fish_seen_subcommand_from " + command.name + "' -l " +
              option.name;
      if (!option.letter.empty()) text += " -s " + option.letter;
      if (!option.placeholder.empty()) text += option.names_file ? " -r" : " -r -f";
      if (!option.words.empty()) text += " -a " + fish_quoted(joined(option.words));
      text += " -d " + fish_quoted(option.description) + "\n";
    }
  }
  return text;
}

}  // namespace nodeops
