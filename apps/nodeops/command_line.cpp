// SPDX-License-Identifier: MIT
#include "command_line.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <sstream>

#include "config_file.hpp"
#include "core/error.hpp"
#include "core/nearest.hpp"
#include "flags.hpp"
#include "help.hpp"
#include "version.hpp"

namespace nodeops {
namespace {

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const Command& command : commands()) names.emplace_back(command.name);
  return names;
}

/// The command of this name; null if there is none.
const Command* find_command(const std::string& name) {
  const auto all = commands();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Command& command) { return name == command.name; });
  return found == all.end() ? nullptr : &*found;
}

/// The parser of one command, filled anew for each reading.
struct Parser {
  explicit Parser(Invocation& invocation) : command(*find_command(invocation.command)) {
    invocation.common = {};
    app.name("nodeops " + invocation.command);
    app.formatter(std::make_shared<HelpFormatter>());
    app.description(command.description);
    command.add_flags(app, invocation);
    add_common_flags(app, invocation.common);
    app.set_help_flag("-h,--help", "shows this help")->group("Options of every command");
    app.set_version_flag("--version", version_text(), "shows the version")
        ->group("Options of every command");
  }

  const Command& command;
  CLI::App app;
};

/// The hint for a misspelt word: "did you mean '--upper'?".
std::string hint(std::string_view word, const std::vector<std::string>& known) {
  const auto best = nearest(word, known);
  return best ? "did you mean '" + *best + "'?" : "";
}

std::vector<std::string> long_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* const option : app.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

/// CLI11 takes the next argument for the value of `--name=`; `--name` and an empty argument it
/// reads as they are meant.
std::vector<std::string> with_empty_values(const std::vector<std::string>& args) {
  std::vector<std::string> split;
  split.reserve(args.size());
  bool options = true;
  for (const std::string& arg : args) {
    options = options && arg != "--";
    const bool empty_value = options && arg.starts_with("--") && arg.find('=') + 1 == arg.size();
    split.push_back(empty_value ? arg.substr(0, arg.size() - 1) : arg);
    if (empty_value) split.emplace_back();
  }
  return split;
}

/// What CLI11 says of a flag's value that is none: "Could not convert: --flag = value".
AppError wrong_flag(const std::string& message) {
  const auto name = message.find("--");
  const auto value = message.find(" = ", name);
  if (name == std::string::npos || value == std::string::npos) return {ErrorKind::usage, message};
  return {ErrorKind::usage, message.substr(name, value - name) + ": '" + message.substr(value + 3) +
                                "' is not allowed; allowed: true, false"};
}

/// Parses and turns what CLI11 throws into ours.
void parse(Parser& parser, std::vector<std::string> args, Invocation& invocation) {
  args = with_empty_values(args);
  std::reverse(args.begin(), args.end());  // CLI11 takes them from the back
  try {
    parser.app.parse(args);
  } catch (const CLI::CallForHelp&) {
    invocation.text = parser.app.help();
    return;
  } catch (const CLI::CallForVersion&) {
    invocation.text = version_text();
    return;
  } catch (const CLI::ExtrasError&) {
    const auto left = parser.app.remaining();
    const std::string word =
        left.empty() ? std::string() : left.front().substr(0, left.front().find('='));
    throw AppError(ErrorKind::usage, word + ": no such option", hint(word, long_names(parser.app)));
  } catch (const CLI::ConversionError& error) {
    throw wrong_flag(error.what());
  } catch (const CLI::Error& error) {
    throw AppError(ErrorKind::usage, error.what(), "see nodeops " + invocation.command + " --help");
  }
  if (parser.command.take != nullptr) parser.command.take(parser.app, invocation);
}

/// One option that the command line does not give, as an argument: "--name=value".
struct Extra {
  std::string argument;
  std::string source;  ///< for messages
};

std::string variable_name(const std::string& option) {
  std::string name = "NODEOPS_";
  for (const char c : option)
    name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

/// Whether an option of this name may come from elsewhere than the command line.
bool is_a_setting(const std::string& name) {
  return name != "help" && name != "version";
}

/// What is nearer to the user counts, also where two options say the opposite.
bool is_outranked(const CLI::App& app, const CLI::Option& option) {
  const std::string& name = option.get_lnames().front();
  const char* const opposite = name == "verbose" ? "--quiet" : name == "quiet" ? "--verbose" : "";
  return option.count() > 0 || (*opposite != '\0' && app.get_option(opposite)->count() > 0);
}

std::vector<Extra> from_environment(const CLI::App& app,
                                    const std::map<std::string, std::string>& environment) {
  std::vector<Extra> extras;
  for (const CLI::Option* const option : app.get_options()) {
    if (option->get_lnames().empty() || is_outranked(app, *option)) continue;
    const std::string& name = option->get_lnames().front();
    const auto found = environment.find(variable_name(name));
    const bool unset = found == environment.end() || found->second.empty();
    if (unset || !is_a_setting(name)) continue;
    extras.push_back({"--" + name + "=" + found->second, found->first});
  }
  return extras;
}

std::vector<Extra> from_file(const CLI::App& app, const std::string& path,
                             const std::string& command) {
  std::vector<Extra> extras;
  for (const Setting& setting : read_config_file(path)) {
    if (!setting.section.empty() && setting.section != command) {
      // One file may serve all commands.
      if (find_command(setting.section) != nullptr) continue;
      throw AppError(ErrorKind::bad_config,
                     path + ": no command is named '" + setting.section + "'",
                     hint(setting.section, command_names()));
    }
    if (setting.name.empty()) continue;
    const CLI::Option* const option = app.get_option_no_throw("--" + setting.name);
    if (setting.name == "config" || !is_a_setting(setting.name)) {
      throw AppError(ErrorKind::bad_config,
                     path + ": '" + setting.name + "' goes on the command line only");
    }
    if (option == nullptr) {
      throw AppError(ErrorKind::bad_config, path + ": no option is named '" + setting.name + "'",
                     hint("--" + setting.name, long_names(app)));
    }
    if (is_outranked(app, *option)) continue;
    for (const auto& value : setting.values)
      extras.push_back({"--" + setting.name + "=" + value, path});
  }
  return extras;
}

/// Parses once more with options from elsewhere in front of those of the command line.
void parse_with(const std::vector<Extra>& extras, const std::vector<std::string>& args,
                Invocation& invocation, ErrorKind kind, std::optional<Parser>& parser) {
  std::vector<std::string> all;
  all.reserve(extras.size() + args.size());
  for (const Extra& extra : extras) all.push_back(extra.argument);
  all.insert(all.end(), args.begin(), args.end());
  parser.emplace(invocation);
  try {
    parse(*parser, all, invocation);
  } catch (const AppError& error) {
    throw AppError(kind, extras.front().source + ": " + error.what());
  }
}

void read_options(const std::vector<std::string>& args,
                  const std::map<std::string, std::string>& environment, Invocation& invocation) {
  std::optional<Parser> parser(std::in_place, invocation);
  parse(*parser, args, invocation);
  if (!invocation.text.empty()) return;
  std::vector<std::string> all = args;
  const auto variables = from_environment(parser->app, environment);
  if (!variables.empty()) {
    parse_with(variables, all, invocation, ErrorKind::usage, parser);
    for (const Extra& extra : variables) all.insert(all.begin(), extra.argument);
  }
  if (invocation.common.config.empty()) return;
  const auto settings = from_file(parser->app, invocation.common.config, invocation.command);
  if (!settings.empty()) parse_with(settings, all, invocation, ErrorKind::bad_config, parser);
}

std::string overview() {
  constexpr std::size_t name_width = 16;
  std::string text =
      "usage: nodeops COMMAND [OPTIONS] [INPUT...]\n\n"
      "Jobs that backends get wrong, done right from a shell, in a pipe, in cron.\n\n"
      "Commands:\n";
  for (const Command& command : commands()) {
    std::string name = command.name;
    name.resize(name_width, ' ');
    text += "  " + name + command.summary + "\n";
  }
  return text +
         "\nOptions:\n"
         "  -h, --help      shows this help; nodeops COMMAND --help shows a command's\n"
         "      --version   shows the version\n";
}

}  // namespace

void read_command_line(const std::vector<std::string>& args,
                       const std::map<std::string, std::string>& environment,
                       Invocation& invocation) {
  if (args.empty())
    throw AppError(ErrorKind::usage, "a command is missing", "nodeops --help lists them");
  const std::string& word = args.front();
  if (word == "-h" || word == "--help") {
    invocation.text = overview();
  } else if (word == "--version") {
    invocation.text = version_text();
  } else if (find_command(word) != nullptr) {
    invocation.command = word;
    read_options({args.begin() + 1, args.end()}, environment, invocation);
  } else {
    const auto advice = hint(word, command_names());
    throw AppError(ErrorKind::usage, word + ": no such command",
                   advice.empty() ? "nodeops --help lists them" : advice);
  }
}

std::vector<CompletedCommand> completed_commands() {
  std::vector<CompletedCommand> completed;
  for (const Command& command : commands()) {
    Invocation invocation;
    invocation.command = command.name;
    const Parser parser(invocation);
    CompletedCommand& one = completed.emplace_back();
    one.name = command.name;
    one.summary = command.summary;
    one.operand = command.operand;
    for (const CLI::Option* const option : parser.app.get_options()) {
      if (option->get_positional()) continue;
      CompletedOption& listed = one.options.emplace_back();
      listed.name = option->get_lnames().front();
      if (!option->get_snames().empty()) listed.letter = option->get_snames().front();
      listed.description = option->get_description();
      if (option->get_type_size() > 0) listed.placeholder = option->get_type_name();
      listed.repeated = option->get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
      listed.names_file = listed.placeholder == "FILE" || listed.placeholder == "DEST" ||
                          listed.placeholder == "DIR";
    }
  }
  return completed;
}

std::string usage_line(const std::string& command) {
  return "usage: nodeops " + command + " [OPTIONS] [" + find_command(command)->operand +
         "...], see nodeops " + command + " --help";
}

}  // namespace nodeops
