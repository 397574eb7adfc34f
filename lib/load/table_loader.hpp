// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "csv/columns.hpp"
#include "csv/row_form.hpp"
#include "load/row_batch.hpp"
#include "load/table_shape.hpp"
#include "load/table_target.hpp"
#include "observe/events.hpp"

namespace nodeops::load {

/// What becomes of a table that is there, and of one that is not.
enum class Mode {
  create,   ///< it must not be there
  append,   ///< rows are added; made when it is missing
  replace,  ///< a new table takes its place at the end, at once
  upsert,   ///< rows are added, or take the place of those of the same key; made when missing
};

/// "append"
std::string_view name_of(Mode mode);

struct LoadOptions {
  TableTarget target;
  Mode mode = Mode::create;
  std::optional<csv::ColumnSet> keys = {};       ///< of upsert
  std::chrono::milliseconds retry_for{30000};    ///< for a database that is away or held by others
  std::chrono::milliseconds answer_wait{60000};  ///< the longest silence of a server
  bool dry_run = false;                          ///< looks, and changes nothing
  std::string run = {};       ///< hexadecimal digits that name this run and those
                              ///< that go on with it; empty: none does
  std::stop_token stop = {};  ///< ends the waits
  /// Called at "before-commit", "after-commit", "before-swap" and "after-swap": for fault
  /// injection.
  std::function<void(std::string_view)> points = [](std::string_view) {};
};

/// A row that the database refused, and its reason, masked.
struct RowRefusal {
  std::size_t row = 0;
  std::string why;
};

/// What became of a batch.
struct BatchOutcome {
  std::size_t taken = 0;  ///< rows, from the first, that were loaded or refused
  std::vector<RowRefusal> refusals = {};
};

/// Loads one table. Throws AppError: unavailable when the database stays away, cannot_create when
/// the table cannot be made, io_failed when its disk is full or it fails otherwise, interrupted
/// when the run is stopped while it waits.
class TableLoader {
 public:
  virtual ~TableLoader() = default;

  /// The position that a run has left behind in the database, with its last transaction, and from
  /// which this one goes on. Empty: it has not come to change anything. Before start().
  virtual std::optional<std::string> go_on(const std::string& run) = 0;

  /// Makes or checks the table. Before load(), and not for a run that never gets to know its
  /// columns. Throws AppError usage when the table has not the columns, bad_data when it is gone
  /// that an earlier run has loaded. `position` is called when a run that can be gone on with is
  /// about to change something, and what it returns is kept with the change.
  virtual void start(const TableShape& shape, const std::function<std::string()>& position) = 0;

  /// Loads a batch in one transaction: when it returns, that is on the disk. A row that is refused
  /// is left out and takes no other with it; `go_on`, asked with the row and how many were refused
  /// up to it, can end the batch behind it. Only the first call after an error may be one for the
  /// same batch. For a run that can be gone on with, `position` is called at the end of the
  /// transaction, again when it is done again, and what it returns is kept with the rows.
  using GoOn = std::function<bool(std::size_t row, std::size_t refused)>;
  using Position = std::function<std::string(const BatchOutcome&)>;
  virtual BatchOutcome load(const RowBatch& batch, const GoOn& go_on, const Position& position) = 0;

  /// Puts a table that replaces another in its place. Without it, the other one stays. `position`,
  /// of a run that can be gone on with, says that all is done.
  virtual void finish(const std::string& position) = 0;

  /// Nobody goes on from where the run was: takes away its position.
  virtual void forget(const std::string& run) = 0;
};

/// Where positions are kept, beside the table: run TEXT, position TEXT.
constexpr auto checkpoint_table = "nodeops_checkpoint";

/// How rows for it are written.
csv::RowEncoding encoding_of(const TableTarget& target);

/// Connects. The events hear of what is tried again.
std::unique_ptr<TableLoader> open_table(const LoadOptions& options, RunEvents& events);

/// The name that a table has while it is loaded to replace another, and what the names of all such
/// tables for that one begin with: what an interrupted run leaves behind, the next one removes.
std::string new_table_prefix(const TableTarget& target);
std::string new_table_name(const LoadOptions& options);

/// A name for a run, by chance.
std::string new_run();

/// What to throw when the table is gone that an earlier run has loaded.
AppError table_is_gone(const LoadOptions& options);

}  // namespace nodeops::load
