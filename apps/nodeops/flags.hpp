// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>
#include <charconv>
#include <functional>
#include <span>
#include <string>

#include "command_line.hpp"

namespace nodeops {

/// What is particular to one command on the command line.
struct Command {
  const char* name;
  const char* operand;      ///< what its arguments are called: "INPUT"
  const char* summary;      ///< a few words for nodeops --help
  const char* description;  ///< the first lines of its own help
  /// Adds its flags, which write into invocation.options.
  void (*add_flags)(CLI::App& app, Invocation& invocation);
  /// Takes what only a parsed command line tells; may be null.
  void (*take)(const CLI::App& app, Invocation& invocation) = nullptr;
};

/// Every command, in the order of the help.
std::span<const Command> commands();

/// Adds an option whose text `parse` takes; false from it makes a usage error that names the
/// option, the value and what is `allowed`.
CLI::Option* add_parsed(CLI::App& app, const std::string& names, const std::string& placeholder,
                        const std::string& description, const std::string& allowed,
                        const std::function<bool(const std::string&)>& parse);

/// Adds an option that may be given many times; `take` gets all its values at once.
CLI::Option* add_repeated(CLI::App& app, const std::string& names, const std::string& placeholder,
                          const std::string& description,
                          const std::function<bool(const CLI::results_t&)>& take);

/// Adds an option whose value is the name of a file or directory; the last one counts.
CLI::Option* add_file(CLI::App& app, const std::string& names, const std::string& placeholder,
                      const std::string& description, std::string& name);

/// The options of every command.
void add_common_flags(CLI::App& app, CommonOptions& options);

/// The whole text as a number, without a sign in front and without spaces.
template <class Number>
bool parse_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

/// The options of csv-transform. Transforms are collected by take_csv_transform_steps().
void add_csv_transform_flags(CLI::App& app, Invocation& invocation);
void take_csv_transform_steps(const CLI::App& app, Invocation& invocation);

/// The options of webhook-replay.
void add_webhook_replay_flags(CLI::App& app, Invocation& invocation);

/// The options of dashboard.
void add_dashboard_flags(CLI::App& app, Invocation& invocation);

/// The options of grayscale.
void add_grayscale_flags(CLI::App& app, Invocation& invocation);

}  // namespace nodeops
