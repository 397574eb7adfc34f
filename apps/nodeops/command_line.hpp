// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "common_options.hpp"
#include "completions/completions.hpp"
#include "csv_transform.hpp"
#include "dashboard.hpp"
#include "grayscale.hpp"
#include "webhook_replay.hpp"

namespace nodeops {

/// What the command line asks for.
struct Invocation {
  std::string command;  ///< "csv-transform"; empty before one is known
  CommonOptions common;
  std::variant<std::monostate, DashboardOptions, CsvTransformOptions, GrayscaleOptions,
               WebhookReplayOptions>
      options;
  const char* noun = "records";  ///< what the command counts
  bool tells_heartbeat = false;  ///< the closing summary says how punctual the heartbeat was
  std::string text;              ///< help or version, to be printed instead of a run
};

/// Reads the command line, then NODEOPS_* variables for what it does not say, then the --config
/// file for the rest. Opens nothing but that file. Throws AppError: usage, with a hint for a
/// misspelt option, bad_config, no_input for a configuration file that cannot be opened.
/// `invocation.command` is set as soon as it is known, also when the rest is wrong.
void read_command_line(const std::vector<std::string>& args,
                       const std::map<std::string, std::string>& environment,
                       Invocation& invocation);

/// Every command with its options, for the shells; without the words that an option takes.
std::vector<CompletedCommand> completed_commands();

/// A short usage line for a command that was started on a terminal without an input.
std::string usage_line(const std::string& command);

}  // namespace nodeops
