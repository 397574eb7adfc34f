// SPDX-License-Identifier: MIT
#include "image/batch.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

#include "image/batch_schedule.hpp"
#include "image/format.hpp"
#include "image/process_worker.hpp"
#include "image/sample_memory.hpp"
#include "image/thread_worker.hpp"
#include "observe/log.hpp"
#include "stream/output_file.hpp"
#include "task/time_limits.hpp"
#include "task/worker_pool.hpp"

namespace nodeops::image {
namespace {

/// The longest image that is taken from a pipe.
constexpr std::uint64_t longest_in_pipe = std::uint64_t{1} << 30;

/// Outputs that are flushed to disk at a time, while the workers go on; as many may wait.
constexpr unsigned writers_at_once = 8;

bool is_there(const std::string& output) {
  return output != "-" && OutputFile::would_replace(output);
}

void note_failure(BatchRun& run, const std::string& path, ErrorKind kind,
                  const std::string& reason) {
  ++run.totals.items_failed;
  run.events.emit(ItemFailed{.item = path, .type = std::string(slug(kind)), .detail = reason});
}

std::vector<std::uint64_t> sizes_of(const std::vector<BatchItem>& items) {
  std::vector<std::uint64_t> sizes;
  sizes.reserve(items.size());
  for (const BatchItem& item : items) sizes.push_back(item.input.bytes);
  return sizes;
}

/// The work on one batch, seen by all workers.
class Batch {
 public:
  Batch(const std::vector<BatchItem>& items, const BatchOptions& options, BatchRun& run)
      : items_(items),
        options_(options),
        run_(run),
        mark_(options_mark(options.convert)),
        schedule_(sizes_of(items), {.memory_limit = options.memory_limit}) {
    if (!options.in_processes) limits_.emplace();
    SampleMemory::keep_at_most(most_kept_);
  }

  void convert_all();

 private:
  void work();
  std::unique_ptr<ImageWorker> make_worker();
  void work_on(ImageWorker& worker, BatchSchedule::Turn turn);
  /// An image that is converted and not yet where it belongs.
  struct Output {
    BatchSchedule::Turn turn;
    std::uint64_t bytes_in;
    Measured measured;
    Converted converted;
  };
  std::shared_ptr<Output> convert(ImageWorker& worker, BatchSchedule::Turn& turn,
                                  const BatchItem& item);
  void write(const Output& output);
  void skip(const BatchSchedule::Turn& turn);
  bool needs_converting(const BatchItem& item);
  void check_format(const Measured& measured) const;
  void tell(const BatchItem& item, const Output& output);
  void fail(const BatchSchedule::Turn& turn, const AppError& error);
  void count_left();

  const std::vector<BatchItem>& items_;
  const BatchOptions& options_;
  BatchRun& run_;
  const std::string mark_;
  /// What all workers keep between images is a part of what they may take.
  const std::size_t most_kept_ = static_cast<std::size_t>(std::min<std::uint64_t>(
      SampleMemory::most_kept, options_.memory_limit / (std::uint64_t{4} * options_.workers)));
  const Clock::time_point started_ = Clock::now();
  BatchSchedule schedule_;
  std::optional<TimeLimits> limits_;
  std::mutex mutex_;
  std::optional<AppError> first_failure_;  ///< guarded by mutex_
  WorkerPool writers_{{.workers = writers_at_once, .waiting = writers_at_once}};
};

std::unique_ptr<ImageWorker> Batch::make_worker() {
  if (options_.in_processes) return std::make_unique<ProcessWorker>(options_.worker_command);
  return std::make_unique<ThreadWorker>(*limits_);
}

void Batch::convert_all() {
  const std::stop_callback on_stop(run_.stop, [this] { schedule_.stop(); });
  const auto most = std::max<std::size_t>(items_.size(), 1);
  const unsigned workers = static_cast<unsigned>(std::min<std::size_t>(options_.workers, most));
  WorkerPool pool({.workers = workers, .waiting = workers});
  for (unsigned n = 0; n < workers; ++n) pool.submit([this](unsigned) { work(); });
  pool.finish();
  writers_.finish();
  const std::lock_guard lock(mutex_);
  if (first_failure_ && options_.stop_on_error) throw AppError(*first_failure_);
  if (run_.stop.stop_requested()) throw AppError(ErrorKind::interrupted, "stopped");
  count_left();
}

void Batch::work() {
  try {
    const auto worker = make_worker();
    while (worker->ready(run_.stop)) {
      const auto turn = schedule_.next();
      if (!turn) return;
      work_on(*worker, *turn);
    }
  } catch (...) {
    schedule_.stop();
    throw;
  }
  if (!run_.stop.stop_requested()) log::warn("a worker process has died too often and is given up");
}

/// When every worker has been given up, some images have not been tried.
void Batch::count_left() {
  while (const auto left = schedule_.take_left()) {
    const BatchItem& item = items_[*left];
    ++run_.totals.items_in;
    count_failure(run_, item.input.path, ErrorKind::unavailable,
                  "not tried: every worker process has died too often in a row");
  }
}

void Batch::work_on(ImageWorker& worker, BatchSchedule::Turn turn) {
  const BatchItem& item = items_[turn.item];
  try {
    if (!needs_converting(item)) return skip(turn);
    auto output = convert(worker, turn, item);
    if (!output) return;  // parked
    writers_.submit([this, output = std::move(output)](unsigned) { write(*output); });
  } catch (const AppError& error) {
    fail(turn, error);
  }
}

/// Null: there is no room for the image now.
std::shared_ptr<Batch::Output> Batch::convert(ImageWorker& worker, BatchSchedule::Turn& turn,
                                              const BatchItem& item) {
  const bool limited = options_.timeout.count() > 0;
  InputFile file(item.input.path, run_.standard_input, longest_in_pipe, run_.stop);
  run_.events.emit(InputOpened{.path = item.input.path, .bytes = file.bytes()});
  const ImageTask task{.file = file,
                       .options = options_.convert,
                       .fault = options_.faults.of(item.input.path),
                       .most_kept = most_kept_,
                       .deadline = limited ? Deadline::after(options_.timeout) : Deadline::never(),
                       .stop = run_.stop};
  Measured measured = worker.measure(task);
  if (file.rereadable() && !schedule_.grow(turn, measured.working_bytes)) {
    worker.drop();
    return nullptr;
  }
  try {
    check_format(measured);
  } catch (...) {
    worker.drop();
    throw;
  }
  Converted converted = worker.convert(task);
  return std::make_shared<Output>(Output{.turn = turn,
                                         .bytes_in = file.bytes(),
                                         .measured = std::move(measured),
                                         .converted = std::move(converted)});
}

void Batch::write(const Output& output) {
  const BatchItem& item = items_[output.turn.item];
  const std::string& bytes = output.converted.bytes;
  try {
    if (options_.dry_run)
      run_.would_write(item.output, bytes.size());
    else
      run_.outputs.write(item.output, bytes);
  } catch (const AppError& error) {
    return fail(output.turn, error);
  }
  schedule_.done(output.turn);
  ++run_.totals.items_in;
  ++run_.totals.items_ok;
  run_.totals.bytes_in += output.bytes_in;
  run_.totals.bytes_out += bytes.size();
  tell(item, output);
}

void Batch::skip(const BatchSchedule::Turn& turn) {
  schedule_.done(turn);
  ++run_.totals.items_in;
  ++run_.totals.items_skipped;
  run_.totals.bytes_in += items_[turn.item].input.bytes;
}

/// False: the output is there and up to date. Throws AppError cannot_create when it is in the way.
bool Batch::needs_converting(const BatchItem& item) {
  if (options_.in_place || options_.overwrite || !is_there(item.output)) {
    return !options_.update || !is_up_to_date(item.input.path, item.output, mark_);
  }
  if (!options_.update) {
    throw AppError(ErrorKind::cannot_create, item.output + " exists already",
                   "--overwrite replaces it, --update when it is older");
  }
  return !is_up_to_date(item.input.path, item.output, mark_);
}

/// An output that replaces its input has to be of its format.
void Batch::check_format(const Measured& measured) const {
  const std::string own(extension_of(measured.format));
  if (options_.in_place && measured.extension != own) {
    throw AppError(ErrorKind::bad_data, own + " is not written, and --in-place cannot change it");
  }
}

void Batch::tell(const BatchItem& item, const Output& output) {
  const auto warn = [&](const std::string& message) {
    log::warn(message);
    run_.events.emit(Warning{.message = message});
  };
  for (const std::string& note : output.converted.notes) warn(item.input.path + ": " + note);
  const std::string& extension = output.measured.extension;
  if (!suffix_fits(item.output, extension)) warn(item.output + ": the content is " + extension);
  if (!options_.dry_run) {
    run_.events.emit(OutputWritten{.path = item.output, .bytes = output.converted.bytes.size()});
  }
  // One after the other, so that the numbers only grow.
  const std::lock_guard lock(mutex_);
  run_.events.emit(Progress{.totals = run_.totals.snapshot(), .elapsed = Clock::now() - started_});
}

/// Counts and tells, unless the failure is the end of the whole run.
void Batch::fail(const BatchSchedule::Turn& turn, const AppError& error) {
  schedule_.done(turn);
  if (error.kind() == ErrorKind::interrupted) return schedule_.stop();
  const BatchItem& item = items_[turn.item];
  if (error.kind() == ErrorKind::closed_pipe) {
    schedule_.stop();
    throw AppError(error);
  }
  ++run_.totals.items_in;
  run_.totals.bytes_in += item.input.bytes;
  if (items_.size() == 1 && error.kind() == ErrorKind::io_failed) {
    // Nothing of this run could be done, and not for what the image is.
    note_failure(run_, item.input.path, error.kind(), error.line());
    throw AppError(error);
  }
  count_failure(run_, item.input.path, error.kind(), error.line());
  const std::lock_guard lock(mutex_);
  if (!first_failure_)
    first_failure_ = AppError(error.kind(), "stopped at the first failure (--on-error stop)");
  if (options_.stop_on_error) schedule_.stop();
}

}  // namespace

void count_failure(BatchRun& run, const std::string& path, ErrorKind kind,
                   const std::string& reason) {
  log::failure(AppError(kind, path + ": " + reason));
  note_failure(run, path, kind, reason);
}

void convert_batch(const std::vector<BatchItem>& items, const BatchOptions& options,
                   BatchRun& run) {
  Batch(items, options, run).convert_all();
}

}  // namespace nodeops::image
