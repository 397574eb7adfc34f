// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "csv/step_runner.hpp"

namespace nodeops::csv {

/// Records that go through the steps side by side, for steps that want many at a time.
class RecordBatch {
 public:
  /// Takes a record; true when the batch is full.
  bool add(const RunPlan& plan, const Chunk& chunk, const Record& record) {
    if (count_ == fields_.size()) {
      fields_.emplace_back().prepare(plan.program);
    }
    fields_[count_++].load(chunk, record, plan.program.needed);
    records_.push_back(record);
    bytes_ += record.size();
    return count_ == most_records || bytes_ >= most_bytes;
  }

  /// Runs all steps over all records.
  void run(const RunPlan& plan, StepRunner& steps, Scratch& scratch);

  std::size_t size() const { return count_; }
  const Record& record(std::size_t i) const { return records_[i]; }
  RecordFields& fields(std::size_t i) { return fields_[i]; }
  /// What became of a record; behind run().
  const Row& row(std::size_t i) const { return rows_[i]; }

  void clear() {
    count_ = bytes_ = 0;
    records_.clear();
    rows_.clear();
  }

 private:
  static constexpr std::size_t most_records = 64;
  static constexpr std::size_t most_bytes = 256 << 10;

  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
  std::vector<RecordFields> fields_;  ///< kept from batch to batch
  std::vector<Record> records_;
  std::vector<Row> rows_;
  std::vector<Row> kept_;  ///< those of them that a step is to see
};

}  // namespace nodeops::csv
