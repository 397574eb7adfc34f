// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <vector>

#include "core/io.hpp"
#include "csv/block_reader.hpp"
#include "csv/position.hpp"
#include "csv/program.hpp"
#include "csv/run_plan.hpp"
#include "observe/events.hpp"
#include "observe/totals.hpp"

namespace nodeops::csv {

/// What a run does to its table.
struct TransformOptions {
  Dialect dialect;
  bool sniff = false;                   ///< detect delimiter and quote from the start of each input
  std::vector<StepRequest> steps = {};  ///< in their order
  Form form = Form::csv;
  char output_delimiter = '\0';  ///< '\0': the input's
  bool write_header = true;
  std::string first_header = {};  ///< of a shard without the first input: that one's header record,
  std::string first_name = {};    ///< and its name
  RowRequest rows = {};           ///< of the form `rows`
  OnError on_error = OnError::stop;
  std::optional<std::uint64_t> max_errors;  ///< with skip and keep: stop behind more than these
  std::size_t longest_record = 8 << 20;     ///< bytes, without the record end
  std::size_t block_size = 1 << 20;         ///< bytes, at least 64
  std::size_t most_columns = std::numeric_limits<std::size_t>::max();
  unsigned workers = 1;
  std::size_t blocks_in_flight = 1;   ///< better one more than workers; bounds the memory
  double records_per_second = 0;      ///< 0: as fast as it goes
  std::uint64_t grid = 0;             ///< bytes between positions on the grid; 0: no grid
  std::optional<Position> from = {};  ///< goes on there, as an earlier run would have gone on. For
                                      ///< the same output: block_size, grid and what decides about
                                      ///< the content as they were then.
};

/// The bytes of a block in a run with these options: with a rate limit, blocks are made small
/// enough that records come about ten times a second, not in one burst a minute.
std::size_t block_size_of(const TransformOptions& options);

/// Where rows go instead of bytes: a database. It keeps what is refused, counts records and applies
/// the policy for malformed ones itself, since a row's fate is known only when it is committed.
class RowSink {
 public:
  virtual ~RowSink() = default;

  /// Takes what a worker has made of a portion of a block, in order. Throws AppError: bad_data by
  /// the policy, and what the database's failure comes to.
  virtual void write(Block& block, const std::string& input) = 0;

  /// A live input pauses, or all have ended: what has come is not to wait for more.
  virtual void flush() = 0;
};

/// Where a run's bytes go. Not owned.
struct TransformSinks {
  ByteSink* output = nullptr;
  RowSink* rows = nullptr;              ///< of the form `rows`: instead of all the others
  std::function<void()> flush = [] {};  ///< called when a live input pauses
  ByteSink* rejects = nullptr;          ///< null: refused records are not kept
  ByteSink* reasons = nullptr;          ///< NDJSON, one object per refused record
  /// Called in the writing thread, whenever everything before a position has been given to the
  /// sinks and nothing behind it; lastly at the end of the last input. What it throws ends the run.
  std::function<void(const Position&)> reached = {};
};

/// Streams the inputs, as one table, through the steps into the sinks; returns when all is written.
/// Memory is bounded by blocks_in_flight, block_size and longest_record, whatever the inputs' size.
/// Counts items in `totals` (records in, written, refused, filtered) and emits ItemFailed and
/// Progress. A stop that is requested ends the reading; what has been read is still written. Asks
/// `stop` itself when it ends early, so that a blocked reader lets go.
/// Throws AppError: bad_data for a malformed record under the policy `stop` or beyond max_errors,
/// usage for a column that does not exist, and what opening, reading and writing throw.
void transform(const TransformOptions& options, std::vector<TableInput> inputs,
               const TransformSinks& sinks, RunTotals& totals, RunEvents& events,
               std::stop_source& stop);

}  // namespace nodeops::csv
