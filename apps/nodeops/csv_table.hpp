// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "csv/transform.hpp"
#include "csv_transform.hpp"
#include "load/table_loader.hpp"
#include "load/table_writer.hpp"
#include "run_context.hpp"

namespace nodeops {

/// Sees to it that the options of a database's table fit together and to the output. Throws
/// AppError usage.
void check_table_options(const CsvTransformOptions& options, const std::string& output);

/// What a run to a table asks of its rows.
csv::RowRequest row_request(const CsvTransformOptions& options, const std::string& output);

/// The table that --output names, while a run loads it.
class CsvTable {
 public:
  /// Connects. The sinks of rejects may be null. `run_name` as LoadOptions::run.
  CsvTable(const CsvTransformOptions& options, RunContext& run, ByteSink* rejects,
           ByteSink* reasons, const std::string& run_name);
  /// A run that did not get to its end says what it leaves.
  ~CsvTable();
  CsvTable(const CsvTable&) = delete;
  CsvTable& operator=(const CsvTable&) = delete;

  /// Has the run be one that another can go on with, and lets it go on where an earlier one was.
  void go_on(load::LoadJournal& journal, const std::optional<load::LoadPosition>& from);

  load::TableLoader& loader() { return *loader_; }
  load::TableWriter& rows() { return *writer_; }
  void finish();

  /// Instead of a load: nobody goes on from where the run was.
  void forget();

 private:
  void add_to_report();
  std::string name() const;

  RunContext& run_;
  load::LoadOptions options_;
  std::shared_ptr<std::uint64_t> retries_ = std::make_shared<std::uint64_t>(0);
  std::unique_ptr<load::TableLoader> loader_;
  std::unique_ptr<load::TableWriter> writer_;
  bool all_loaded_ = false;  ///< by an earlier run
  bool finished_ = false;
};

}  // namespace nodeops
