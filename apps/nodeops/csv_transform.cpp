// SPDX-License-Identifier: MIT
#include "csv_transform.hpp"

#include <algorithm>
#include <memory>

#include "core/error.hpp"
#include "csv/plugin_step.hpp"
#include "csv/shard.hpp"
#include "csv/steps.hpp"
#include "csv/transform.hpp"
#include "csv_checkpoint.hpp"
#include "csv_streams.hpp"
#include "csv_table.hpp"
#include "exit_code.hpp"
#include "run_context.hpp"
#include "stream/small_file.hpp"
#include "task/resources.hpp"

namespace nodeops {
namespace {

bool wants_key(const StepText& step) {
  return step.option == "--hash";
}

/// The key of --hash: the file without its last line end.
std::string read_key(const CsvTransformOptions& options) {
  if (std::none_of(options.steps.begin(), options.steps.end(), wants_key)) return {};
  if (options.hash_key_file.empty()) {
    throw AppError(ErrorKind::usage, "--hash: a key is missing",
                   "give it with --hash-key-file FILE");
  }
  std::string key = read_small_file(options.hash_key_file, "the key file");
  if (key.ends_with('\n')) key.pop_back();
  if (key.ends_with('\r')) key.pop_back();
  if (key.empty())
    throw AppError(ErrorKind::usage, options.hash_key_file + ": the key file is empty");
  return key;
}

std::size_t memory_limit(const RunContext& run) {
  constexpr std::size_t usual_limit = 48 << 20;
  return static_cast<std::size_t>(run.common.memory_limit.value_or(usual_limit));
}

/// What tables to look up in may take: all but what two small blocks need.
std::size_t table_memory(const RunContext& run) {
  constexpr std::size_t least_for_blocks = 2 << 20;
  const std::size_t limit = memory_limit(run);
  return limit > least_for_blocks ? limit - least_for_blocks : 0;
}

/// How many columns half of the memory that tables leave is for.
std::size_t most_columns(std::size_t memory) {
  constexpr std::size_t bytes_per_column = 256;
  return std::max(memory / 2 / bytes_per_column, std::size_t{4096});
}

/// Fits blocks in flight and workers into what the tables leave of --memory-limit, or where it is
/// not given, into what the default settings may take. A block costs up to twelve times its size:
/// what is read and the tail before it, eight for the index of a block of nothing but line ends,
/// what is made of it.
void fit_into_memory(csv::TransformOptions& transform, const RunContext& run, std::size_t tables) {
  constexpr std::size_t cost = 12;
  constexpr std::size_t usual_block = 1 << 20;
  constexpr std::size_t worth_a_block = 64 << 10;
  transform.workers = run.workers;
  transform.most_columns = most_columns(memory_limit(run) - tables);
  // One more than there are workers: a block that is done may wait for the one before it.
  transform.blocks_in_flight = transform.workers == 1 ? 1 : transform.workers + std::size_t{1};
  // Who asks for larger blocks gets them.
  if (!run.common.memory_limit && transform.block_size > usual_block) return;
  const auto limit = (memory_limit(run) - tables) / cost;
  // First smaller blocks, then fewer, then smaller ones again.
  transform.block_size = std::min(transform.block_size, std::max(limit / transform.blocks_in_flight,
                                                                 std::size_t{worth_a_block}));
  transform.blocks_in_flight =
      std::clamp(limit / transform.block_size, std::size_t{1}, transform.blocks_in_flight);
  transform.block_size = std::min(transform.block_size, std::max(limit, std::size_t{64}));
  transform.workers =
      static_cast<unsigned>(std::min<std::size_t>(transform.workers, transform.blocks_in_flight));
}

/// Who does not say gets blocks of a quarter of the default: all that a worker does with one then
/// stays in its processor's cache, which is a sixth of the time. Types are told from a whole one.
std::size_t block_size(const CsvTransformOptions& options) {
  constexpr std::size_t usual = 1 << 20;
  return options.buffer.value_or(options.table.infer_types ? usual : usual / 4);
}

csv::TransformOptions transform_options(const CsvTransformOptions& options, const RunContext& run,
                                        const std::string& key) {
  csv::TransformOptions transform{.dialect = options.dialect,
                                  .sniff = options.sniff,
                                  .form = options.form,
                                  .output_delimiter = options.output_delimiter,
                                  .on_error = options.on_error,
                                  .max_errors = options.max_errors,
                                  .longest_record = options.max_record,
                                  .block_size = block_size(options),
                                  .records_per_second = options.records_per_second,
                                  .grid = csv_grid(run)};
  std::size_t memory_left = table_memory(run);
  const csv::StepSettings settings{.hash_key = key,
                                   .missing = options.lookup_missing,
                                   .dialect = options.dialect,
                                   .sniff = options.sniff,
                                   .lookup_memory = &memory_left,
                                   .stop = run.io.stop.get_token()};
  for (const StepText& step : options.steps)
    transform.steps.push_back(csv::make_step(step.option, step.value, settings));
  if (load::is_table(run.common.output)) {
    transform.form = csv::Form::rows;
    transform.rows = row_request(options, run.common.output);
  }
  fit_into_memory(transform, run, table_memory(run) - memory_left);
  return transform;
}

void check(const CsvTransformOptions& options) {
  const csv::Dialect& dialect = options.dialect;
  if (dialect.quoting && dialect.quote == dialect.delimiter) {
    throw AppError(ErrorKind::usage, "--delimiter and --quote: the same byte cannot be both");
  }
  if (!options.sniff) csv::check_output_delimiter(options.output_delimiter, dialect);
  if (options.max_errors && options.on_error == csv::OnError::stop) {
    throw AppError(ErrorKind::usage, "--max-errors: goes with --on-error skip or keep");
  }
  if (!options.rejects.empty() && options.on_error == csv::OnError::stop) {
    throw AppError(ErrorKind::usage, "--rejects: goes with --on-error skip or keep");
  }
  if (options.shard > 0 && options.plan > 0)
    throw AppError(ErrorKind::usage, "--shard and --plan exclude each other");
  if (options.resume && options.checkpoint.empty())
    throw AppError(ErrorKind::usage, "--resume: goes with --checkpoint");
  if (!options.checkpoint.empty() && options.plan > 0)
    throw AppError(ErrorKind::usage, "--checkpoint and --plan exclude each other");
  if (!options.checkpoint.empty() && options.inputs.empty()) {
    throw AppError(ErrorKind::usage, "--checkpoint: standard input cannot be resumed",
                   "write it to a file first");
  }
}

int exit_status(const RunContext& run) {
  return run.totals.items_failed > 0 ? exit_some_failed : exit_done;
}

}  // namespace

std::vector<std::string> files_read(const CsvTransformOptions& options) {
  std::vector<std::string> files = options.inputs;
  for (const StepText& step : options.steps) {
    if (step.option == "--lookup") files.push_back(csv::lookup_path(step.value));
    if (step.option == "--plugin") files.push_back(csv::plugin_path(step.value));
  }
  return files;
}

Roles roles_of(const CsvTransformOptions& options) {
  const std::string reasons = options.rejects.empty() ? "" : options.rejects + ".why.ndjson";
  return {.inputs = files_read(options),
          .own = {{"--rejects", options.rejects},
                  {"--rejects", reasons},
                  {"--checkpoint", options.checkpoint},
                  {"--hash-key-file", options.hash_key_file}}};
}

int csv_transform(const CsvTransformOptions& options, RunContext& run) {
  check(options);
  check_table_options(options, run.common.output);
  give_large_memory_back();
  const std::string key = read_key(options);
  csv::TransformOptions transform = transform_options(options, run, key);
  std::optional<CsvCheckpoint> checkpoint;
  if (!options.checkpoint.empty() && !run.common.dry_run)
    checkpoint.emplace(options, run, transform, key);
  const auto forget = [&] {
    if (!load::is_table(run.common.output)) return;
    CsvTable(options, run, nullptr, nullptr, checkpoint->run_name()).forget();
  };
  if (checkpoint && checkpoint->place_outputs(forget)) return exit_status(run);
  CsvStreams streams(options, run, checkpoint ? &*checkpoint : nullptr);
  if (options.plan > 0) {
    streams.write_plan();
    return exit_done;
  }
  auto inputs = streams.inputs(transform);
  try {
    if (!checkpoint || !checkpoint->was_all_loaded()) {
      csv::transform(transform, std::move(inputs), streams.sinks(), run.totals, run.events,
                     run.io.stop);
    }
    if (run.io.stop.stop_requested()) throw AppError(ErrorKind::interrupted, "stopped");
    streams.finish();
  } catch (const AppError&) {
    if (checkpoint) checkpoint->leave();
    throw;
  }
  return exit_status(run);
}

}  // namespace nodeops
