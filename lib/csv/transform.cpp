// SPDX-License-Identifier: MIT
#include "csv/transform.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "csv/record_runner.hpp"
#include "csv/reject_log.hpp"
#include "csv/table_start.hpp"
#include "stream/ordered.hpp"
#include "task/rate_limiter.hpp"

namespace nodeops::csv {
namespace {

/// A block and the worker's memory that goes with it.
struct Cell {
  Block block;
  RecordRunner runner;
};

BlockReader::Options reader_options(const TransformOptions& options) {
  return {.block_size = block_size_of(options),
          .dialect = options.dialect,
          .sniff = options.sniff,
          .grid = options.grid,
          .from = options.from};
}

class TransformRun {
 public:
  TransformRun(const TransformOptions& options, std::vector<TableInput> inputs,
               const TransformSinks& sinks, RunTotals& totals, RunEvents& events,
               std::stop_source& stop)
      : options_(options),
        sinks_(sinks),
        totals_(totals),
        events_(events),
        stop_(stop),
        reader_(std::move(inputs), reader_options(options)),
        start_(options.steps,
               {.headroom = block_size_of(options),
                .longest_record = options.longest_record,
                .most_columns = options.most_columns,
                .on_error = options.on_error,
                .form = options.form,
                .output_delimiter = options.output_delimiter,
                .write_header = options.write_header,
                .first_header = options.first_header,
                .first_name = options.first_name,
                .rows = options.rows},
               [this](std::size_t input) -> const std::string& { return reader_.name(input); }),
        rejects_(sinks.rejects, sinks.reasons, events) {
    if (options.records_per_second > 0) {
      const TokenBucket::Options rate{.rate_per_second = options.records_per_second,
                                      .burst = options.records_per_second / 10};
      bucket_.emplace(rate, Clock::now());
    }
  }

  void run() {
    std::vector<Cell> cells(options_.blocks_in_flight);
    if (options_.from) go_on(cells.front().block);
    Ordered<Cell>(cells, options_.workers)
        .run(
            {.read =
                 [this](Cell& cell) { return !stop_.stop_requested() && reader_.read(cell.block); },
             .prepare = [this](Cell& cell) { start_.prepare(cell.block); },
             .work = [](Cell& cell) { cell.runner.run(cell.block); },
             .write = [this](Cell& cell) { return write_all(cell), true; },
             .released = [this] { stop_.request_stop(); }});
    if (sinks_.rows != nullptr) sinks_.rows->flush();
    tell_progress(Clock::duration::zero());
  }

 private:
  /// Learns again what the inputs' starts had told the earlier run, and takes over its counts.
  void go_on(Block& block) {
    const Position& from = *options_.from;
    std::vector<TableInput> seen(reader_.inputs());
    seen.resize(std::min(seen.size(), from.input + (from.offset > 0 ? 1 : 0)));
    for (TableInput& input : seen) {
      if (input.look) input.open = input.look;
    }
    BlockReader::Options look = reader_options(options_);
    look.from.reset();
    BlockReader reader(std::move(seen), look);
    while (!start_.knows_columns() && reader.read(block)) start_.prepare(block);
    start_.go_on(from);
    refused_ = from.refused;
    totals_.items_in = from.records;
    totals_.items_ok = from.written;
    totals_.items_failed = from.refused;
    totals_.items_skipped = from.filtered;
  }

  void write_all(Cell& cell) {
    write(cell.block);
    while (cell.block.unfinished) {
      cell.runner.resume(cell.block);
      write(cell.block);
    }
    cell.block.forget_straddler();
    if (!sinks_.reached || !cell.block.border) return;
    Position position = *cell.block.border;
    position.records = totals_.items_in;
    position.written = totals_.items_ok;
    position.refused = totals_.items_failed;
    position.filtered = totals_.items_skipped;
    sinks_.reached(position);
  }

  void write_rows(Block& block) {
    if (bucket_ && block.records > 0)
      wait_for(*bucket_, static_cast<double>(block.records), stop_.get_token());
    sinks_.rows->write(block, reader_.name(block.input));
    if (block.input_paused && !block.unfinished) sinks_.rows->flush();
    tell_progress(std::chrono::milliseconds(50));
  }

  void write(Block& block) {
    if (sinks_.rows != nullptr) return write_rows(block);
    std::size_t limit = block.output.size();
    std::optional<AppError> last;
    std::uint64_t refused = 0;
    for (const Reject& reject : block.rejects) {
      const std::string& name = reader_.name(block.input);
      if (reject.starts) ++refused;
      if (reject.starts && options_.on_error == OnError::stop) {
        last.emplace(ErrorKind::bad_data, describe(reject, *block.plan, name),
                     "--on-error skip leaves such records out");
      } else if (reject.starts && options_.max_errors &&
                 refused_ + refused > *options_.max_errors) {
        last.emplace(ErrorKind::bad_data, describe(reject, *block.plan, name),
                     "more than " + std::to_string(*options_.max_errors) +
                         " malformed records, see --max-errors");
      }
      rejects_.add(reject, *block.plan, name);
      if (last) {
        limit = reject.output_before;
        block.records = reject.records_before + 1;
        block.filtered = reject.filtered_before;
        break;
      }
    }
    rejects_.flush();
    if (bucket_ && block.records > 0)
      wait_for(*bucket_, static_cast<double>(block.records), stop_.get_token());
    const auto pieces = block.output.pieces(limit);
    if (!pieces.empty()) sinks_.output->write(pieces);
    if (block.input_paused && !block.unfinished) sinks_.flush();
    count(block, refused);
    if (last) throw AppError(*last);
  }

  void count(const Block& block, std::uint64_t refused) {
    refused_ += refused;
    totals_.items_in += block.records;
    totals_.items_failed += refused;
    totals_.items_skipped += block.filtered;
    totals_.items_ok += block.records - refused - std::min(block.filtered, block.records - refused);
    tell_progress(std::chrono::milliseconds(50));
  }

  /// Tells how far the run is, unless that was done less than `pause` ago.
  void tell_progress(Clock::duration pause) {
    const auto now = Clock::now();
    if (now - told_ < pause) return;
    told_ = now;
    events_.emit(Progress{.totals = totals_.snapshot(), .elapsed = now - started_});
  }

  const TransformOptions& options_;
  const TransformSinks& sinks_;
  RunTotals& totals_;
  RunEvents& events_;
  std::stop_source& stop_;
  BlockReader reader_;
  TableStart start_;
  RejectLog rejects_;
  std::optional<TokenBucket> bucket_;
  std::uint64_t refused_ = 0;
  Clock::time_point started_ = Clock::now();
  Clock::time_point told_ = started_;
};

}  // namespace

std::size_t block_size_of(const TransformOptions& options) {
  // What goes on has the blocks that it had.
  if (options.records_per_second <= 0 || options.from) return options.block_size;
  constexpr double bytes_a_record = 100;
  const double wanted = options.records_per_second / 10 * bytes_a_record;
  return static_cast<std::size_t>(
      std::clamp(wanted, 64.0, static_cast<double>(options.block_size)));
}

void transform(const TransformOptions& options, std::vector<TableInput> inputs,
               const TransformSinks& sinks, RunTotals& totals, RunEvents& events,
               std::stop_source& stop) {
  TransformRun(options, std::move(inputs), sinks, totals, events, stop).run();
}

}  // namespace nodeops::csv
