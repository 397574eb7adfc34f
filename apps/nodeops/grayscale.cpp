// SPDX-License-Identifier: MIT
#include "grayscale.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "command_line.hpp"
#include "core/error.hpp"
#include "core/units.hpp"
#include "exit_code.hpp"
#include "image/batch.hpp"
#include "image/worker_main.hpp"
#include "observe/log.hpp"
#include "run_context.hpp"
#include "stream/open_input.hpp"
#include "stream/output_file.hpp"
#include "task/resources.hpp"
#include "task/shutdown.hpp"

namespace nodeops {
namespace {

namespace fs = std::filesystem;
using image::OutputRule;

[[noreturn]] void refuse(const std::string& what, const std::string& advice = {}) {
  throw AppError(ErrorKind::usage, what, advice);
}

/// What does not go together, as far as it shows before any file is looked at.
void check(const GrayscaleOptions& options, const RunContext& run) {
  const std::string& output = run.common.output;
  const auto& inputs = options.inputs;
  const bool from_stream = std::find(inputs.begin(), inputs.end(), standard_stream) != inputs.end();
  if (options.in_place && !output.empty()) refuse("--in-place and --output exclude each other");
  if (options.in_place && !options.name.empty()) refuse("--in-place and --name exclude each other");
  if (options.in_place && options.convert.to != image::Target::keep)
    refuse("--in-place: goes with --to keep");
  if (options.in_place && options.update) {
    refuse("--in-place and --update exclude each other",
           "an output is compared with its input, and there is none left");
  }
  if (options.null_separated && options.files_from.empty()) refuse("-0: goes with --files-from");
  if (from_stream && inputs.size() + (options.files_from.empty() ? 0 : 1) > 1)
    refuse("-: standard input is one image and goes alone");
  if (options.in_place && (from_stream || inputs.empty()) && options.files_from.empty())
    refuse("--in-place: standard input cannot be replaced");
  if (options.files_from == standard_stream && run.io.in_is_terminal)
    refuse("--files-from -: standard input is a terminal");
}

image::BatchInputs list_inputs(const GrayscaleOptions& options, const RunContext& run) {
  image::InputLister lister(
      {.recursive = options.recursive, .output_directory = run.common.output});
  if (!options.files_from.empty()) {
    const char separator = options.null_separated ? '\0' : '\n';
    if (options.files_from == standard_stream) {
      lister.add_list(*run.io.in, separator);
    } else {
      lister.add_list(*open_input(options.files_from, run.io.stop.get_token()), separator);
    }
  } else if (options.inputs.empty()) {
    if (run.io.in_is_terminal) refuse("no input", usage_line("grayscale"));
    lister.add(standard_stream);
  }
  for (const std::string& input : options.inputs) lister.add(input);
  image::BatchInputs found = lister.take();
  if (found.files.empty() && !found.has_directory && !found.unusable.empty()) {
    const image::UnusableInput& first = found.unusable.front();
    throw AppError(first.kind, first.path + ": " + first.reason);
  }
  return found;
}

/// A directory has to be there, or made, before the work starts; and be writable.
void check_directory(const std::string& directory, bool dry_run) {
  std::error_code error;
  if (!fs::exists(directory, error) && dry_run) return;
  fs::create_directories(directory, error);
  if (!error && !fs::is_directory(directory))
    error = std::make_error_code(std::errc::not_a_directory);
  if (error)
    throw system_failure(ErrorKind::cannot_create, directory, "cannot create", error.value());
  if (::access(directory.c_str(), W_OK | X_OK) != 0)
    throw system_failure(ErrorKind::cannot_create, directory, "cannot write", errno);
}

OutputRule::Place place_of(const std::string& output, const image::BatchInputs& inputs,
                           const GrayscaleOptions& options) {
  const bool one_file = inputs.files.size() == 1 && !inputs.has_directory &&
                        inputs.unusable.empty() && options.files_from.empty();
  if (options.in_place) return OutputRule::Place::input;
  if (output.empty()) {
    const bool stream = one_file && inputs.files.front().path == standard_stream;
    return stream ? OutputRule::Place::file : OutputRule::Place::beside;
  }
  if (output == standard_stream) return OutputRule::Place::file;
  std::error_code error;
  if (output.ends_with('/') || fs::is_directory(output, error) || !one_file)
    return OutputRule::Place::directory;
  return OutputRule::Place::file;
}

OutputRule output_rule(const GrayscaleOptions& options, const image::BatchInputs& inputs,
                       const RunContext& run) {
  OutputRule rule{.place = place_of(run.common.output, inputs, options),
                  .destination = run.common.output,
                  .to = options.convert.to};
  if (rule.destination.empty()) rule.destination = standard_stream;
  const bool to_file = rule.place == OutputRule::Place::file;
  if (to_file && !options.name.empty() && !run.common.output.empty())
    refuse("--name: goes with a directory as --output, or without --output");
  if (to_file && rule.destination == standard_stream && inputs.files.size() > 1)
    refuse("--output -: standard output takes one image", "give a directory");
  if (to_file && rule.destination == standard_stream && run.io.out_is_terminal &&
      !run.common.dry_run)
    refuse("--output: standard output is a terminal", "give a file, or - behind a pipe");
  if (to_file && rule.destination != standard_stream) OutputFile::check(rule.destination);
  if (to_file && !options.target_given) rule.to = image::target_for(rule.destination);
  if (rule.to == image::Target::keep && to_file && image::has_image_suffix(rule.destination)) {
    refuse("--output: " + rule.destination + ": this format is not written",
           "give another suffix, or --to");
  }
  if (rule.place == OutputRule::Place::directory) {
    check_directory(rule.destination, run.common.dry_run);
    rule.pattern = image::NamePattern("{dir}/{stem}.{ext}");
  }
  if (!options.name.empty()) rule.pattern = image::NamePattern(options.name);
  if (rule.place == OutputRule::Place::directory && !rule.pattern.names_a_directory())
    rule.pattern = image::NamePattern("{dir}/" + options.name);
  return rule;
}

/// Half of what may be filled, but no more than the machine's other programs can spare.
std::uint64_t memory_limit(const RunContext& run) {
  constexpr std::uint64_t most = std::uint64_t{2} << 30;
  return run.common.memory_limit.value_or(std::min(available_memory() / 2, most));
}

image::BatchOptions batch_options(const GrayscaleOptions& options, const OutputRule& rule,
                                  const RunContext& run) {
  image::BatchOptions batch{.convert = options.convert,
                            .workers = run.workers,
                            .memory_limit = memory_limit(run),
                            .timeout = options.timeout,
                            .in_processes = options.in_processes,
                            .worker_command = {"/proc/self/exe", image::worker_argument},
                            .in_place = options.in_place,
                            .overwrite = options.overwrite,
                            .update = options.update,
                            .dry_run = run.common.dry_run,
                            .stop_on_error = options.stop_on_error};
  batch.convert.to = rule.to;
  const auto fault = run.io.environment.find("NODEOPS_TEST_IMAGE_FAULT");
  if (fault != run.io.environment.end()) batch.faults = image::Faults(fault->second);
  return batch;
}

}  // namespace

Roles roles_of(const GrayscaleOptions& options) {
  Roles roles{.inputs = options.inputs, .own = {}, .comes_upon = image::looks_like_an_image};
  if (!options.files_from.empty()) roles.inputs.push_back(options.files_from);
  return roles;
}

int grayscale(const GrayscaleOptions& options, RunContext& run) {
  check(options, run);
  image::BatchInputs inputs = list_inputs(options, run);
  const OutputRule rule = output_rule(options, inputs, run);
  const image::BatchOptions batch = batch_options(options, rule, run);
  const auto items = image::plan_batch(std::move(inputs.files), rule, options.order);
  if (items.empty() && inputs.unusable.empty()) {
    log::warn(options.recursive ? "there are no images" : "there are no images (-r descends)");
  }
  image::BatchOutputs outputs(*run.io.out, image::options_mark(batch.convert),
                              run.io.stop.get_token());
  Listeners::Ticket last_words;
  if (run.shutdown != nullptr)
    last_words = run.shutdown->last_words().add([&outputs] { outputs.remove_temporaries(); });
  image::BatchRun around{.totals = run.totals,
                         .events = run.events,
                         .standard_input = run.io.in,
                         .outputs = outputs,
                         .stop = run.io.stop.get_token(),
                         .would_write = [](const std::string& path, std::uint64_t bytes) {
                           log::say("would write " + path + " (" + format_size(bytes) + ")");
                         }};
  run.report.add("isolate", options.in_processes ? R"("processes")" : R"("threads")");
  run.report.add("workers", std::to_string(batch.workers));
  run.report.add("memory_limit_bytes", std::to_string(batch.memory_limit));
  std::uint64_t expected = 0;
  for (const image::BatchItem& item : items) expected += item.input.bytes;
  run.totals.expected_bytes = expected;
  for (const image::UnusableInput& unusable : inputs.unusable) {
    ++run.totals.items_in;
    image::count_failure(around, unusable.path, unusable.kind, unusable.reason);
    if (options.stop_on_error) throw AppError(unusable.kind, "stopped at the first failure");
  }
  image::convert_batch(items, batch, around);
  return run.totals.items_failed > 0 ? exit_some_failed : exit_done;
}

}  // namespace nodeops
