// SPDX-License-Identifier: MIT
#include "csv/step_runner.hpp"

namespace nodeops::csv {

void StepRunner::make_workers(const Program& program) {
  workers_.clear();
  for (const auto& row : program.rows) workers_.push_back(row->make_worker());
}

StepRunner::Fate StepRunner::run_row(const RunPlan& plan, const Step& step, RecordFields& fields,
                                     Scratch& scratch) {
  Row row(fields, plan.input, scratch);
  run_rows(step, {&row, 1});
  if (row.fate == Fate::refused) blame(row.blamed, row.why);
  return row.fate;
}

}  // namespace nodeops::csv
