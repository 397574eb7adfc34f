// SPDX-License-Identifier: MIT
#include "csv/record_batch.hpp"

namespace nodeops::csv {

void RecordBatch::run(const RunPlan& plan, StepRunner& steps, Scratch& scratch) {
  for (std::size_t i = 0; i < count_; ++i) rows_.emplace_back(fields_[i], plan.input, scratch);
  for (const Step& step : plan.program.steps) {
    if (step.kind == Step::Kind::row) {
      kept_.clear();
      for (const Row& row : rows_) {
        if (row.fate == Row::Fate::kept) kept_.push_back(row);
      }
      steps.run_rows(step, kept_);
      auto next = kept_.begin();
      for (Row& row : rows_) {
        if (row.fate == Row::Fate::kept) row = *next++;
      }
      continue;
    }
    for (std::size_t i = 0; i < count_; ++i) {
      if (rows_[i].fate != Row::Fate::kept) continue;
      rows_[i].fate = steps.run_step(plan, step, records_[i], fields_[i], scratch);
      if (rows_[i].fate == Row::Fate::refused) rows_[i].refuse(steps.why(), steps.why_column());
    }
  }
}

}  // namespace nodeops::csv
