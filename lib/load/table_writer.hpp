// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "csv/reject_log.hpp"
#include "csv/transform.hpp"
#include "load/table_loader.hpp"

namespace nodeops::load {

/// What a load has done, for the report.
struct LoadFigures {
  std::uint64_t rows = 0;  ///< committed
  std::uint64_t batches = 0;
  std::uint64_t refused = 0;  ///< by the database
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

  void write(csv::Block& block, const std::string& input) override;
  void flush() override;

  /// Puts a table that replaces another in its place. Behind the last flush().
  void finish();

  const LoadFigures& figures() const { return figures_; }

 private:
  void start(const csv::RunPlan& plan);
  bool is_full() const;
  void take_reject(const csv::Reject& reject);
  bool may_go_on(std::uint64_t refused) const;
  void commit();
  void tell(const BatchOutcome& outcome);
  void tell_refused(const csv::Reject& reject);

  Options options_;
  const LoadOptions& load_;
  TableLoader& loader_;
  csv::RejectLog rejects_;
  RunTotals& totals_;
  const csv::RunPlan* plan_ = nullptr;  ///< null: the columns are not known yet
  std::string input_;                   ///< that the batch is of
  RowBatch batch_;
  std::uint64_t told_ = 0;  ///< records refused in the batches before
  LoadFigures figures_;
};

}  // namespace nodeops::load
