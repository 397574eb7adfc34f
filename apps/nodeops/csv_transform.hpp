// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "csv/dialect.hpp"
#include "csv/lookup_step.hpp"
#include "csv/program.hpp"
#include "csv/run_plan.hpp"
#include "load/table_loader.hpp"
#include "roles.hpp"

namespace nodeops {

struct RunContext;

/// A transform as it stands on the command line: {"--upper", "name,city"}.
struct StepText {
  std::string option;
  std::string value;
};

/// What goes with a database's table as --output.
struct TableOptions {
  std::optional<load::Mode> mode;
  std::string key;
  std::string types;
  bool infer_types = false;
  bool empty_as_null = false;
  std::optional<std::size_t> batch;
  std::optional<std::chrono::nanoseconds> retry_for;
};

struct CsvTransformOptions {
  std::vector<std::string> inputs;
  csv::Dialect dialect;
  bool sniff = false;
  csv::Form form = csv::Form::csv;
  char output_delimiter = '\0';  ///< '\0': the input's
  std::vector<StepText> steps;   ///< in the order of the command line
  std::string hash_key_file;
  csv::LookupMissing lookup_missing = csv::LookupMissing::empty;
  csv::OnError on_error = csv::OnError::stop;
  std::string rejects;
  std::optional<std::uint64_t> max_errors;
  std::size_t max_record = 8 << 20;
  std::optional<std::size_t> buffer;
  std::string compress = "auto";
  bool digest = false;
  double records_per_second = 0;
  std::string checkpoint;
  bool resume = false;
  unsigned shard = 0;   ///< from 1; 0: no sharding
  unsigned shards = 0;  ///< of --shard K/N
  unsigned plan = 0;    ///< of --plan N
  TableOptions table;
};

/// The files that decide about the output: the inputs, then tables and plugins of the steps.
std::vector<std::string> files_read(const CsvTransformOptions& options);

/// The files that the options name.
Roles roles_of(const CsvTransformOptions& options);

/// Streams CSV from the inputs through the steps to the output. Returns the exit status.
int csv_transform(const CsvTransformOptions& options, RunContext& run);

}  // namespace nodeops
