// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "csv/reject_log.hpp"
#include "csv/transform.hpp"
#include "load/load_progress.hpp"
#include "load/table_loader.hpp"

namespace nodeops::load {

/// What a load has done, for the report.
struct LoadFigures {
  std::uint64_t rows = 0;  ///< committed
  std::uint64_t batches = 0;
  std::uint64_t refused = 0;  ///< by the database
};

/// What a load that can be gone on with keeps beside its table. Its calls come within the
/// transaction of a batch.
class LoadJournal {
 public:
  virtual ~LoadJournal() = default;

  /// How long the files of what was refused are by now.
  virtual RejectLengths lengths() = 0;
  /// Cuts them there again: the transaction is done once more.
  virtual void go_back(const RejectLengths& lengths) = 0;
  /// The text that a position is kept as. What is in the files is on the disk when it returns.
  virtual std::string text(const LoadPosition& position) = 0;
};

/// Collects what the workers make into batches, has them loaded, and tells what was refused, by
/// them or by the database, in the order of the input.
class TableWriter : public csv::RowSink {
 public:
  struct Options {
    std::size_t batch_rows = 10000;
    std::size_t batch_bytes = 4 << 20;
    csv::OnError on_error = csv::OnError::stop;
    std::optional<std::uint64_t> max_errors = {};
    bool infer_types = false;  ///< the types are told in the log
  };

  /// What a refused record goes to; both may be null.
  struct Rejects {
    ByteSink* records = nullptr;
    ByteSink* reasons = nullptr;
  };

  /// The options of the load and all else must live as long.
  TableWriter(const Options& options, const LoadOptions& load, TableLoader& loader, Rejects rejects,
              RunTotals& totals, RunEvents& events);

  /// Has the run be one that another can go on with, and lets it go on `from` where an earlier one
  /// was. Before the first write(). Throws AppError bad_data when that had refused too many records
  /// already.
  void keep(LoadJournal& journal, const std::optional<LoadPosition>& from);

  void write(csv::Block& block, const std::string& input) override;
  void flush() override;

  /// Everything before the border has been written, and nothing behind it.
  void reached(const csv::Position& border) { progress_.reached(border); }

  /// Puts a table that replaces another in its place. Behind the last flush().
  void finish();

  const LoadFigures& figures() const { return figures_; }

 private:
  void start(const csv::RunPlan& plan);
  bool is_full() const;
  void take_reject(const csv::Reject& reject);
  bool may_go_on(std::uint64_t refused) const;
  std::uint64_t bytes_loaded(const BatchOutcome& outcome) const;
  void commit();
  std::string write_down(const BatchOutcome& outcome, const RejectLengths& before);
  template <class Tell>
  void each_refused(const BatchOutcome& outcome, Tell tell) const;
  void tell(const BatchOutcome& outcome);
  void tell_refused(const csv::Reject& reject);

  Options options_;
  const LoadOptions& load_;
  TableLoader& loader_;
  Rejects reject_files_;
  csv::RejectLog rejects_;
  RunTotals& totals_;
  RunEvents& events_;
  const csv::RunPlan* plan_ = nullptr;  ///< null: the columns are not known yet
  std::string input_;                   ///< that the batch is of
  RowBatch batch_;
  std::uint64_t told_ = 0;  ///< records refused in the batches before
  LoadFigures figures_;

  LoadJournal* journal_ = nullptr;  ///< null: nobody goes on with the run
  bool goes_on_ = false;
  bool done_before_ = false;  ///< the record whose pieces come was refused by an earlier run
  LoadProgress progress_;     ///< by what is committed
  LoadProgress next_;         ///< by what is being committed
};

}  // namespace nodeops::load
