// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "csv/record_fields.hpp"
#include "csv/row_transform.hpp"
#include "csv/run_plan.hpp"

namespace nodeops::csv {

/// Runs the steps of a program over records. The part that every record passes is inline: it is the
/// innermost loop.
class StepRunner {
 public:
  using Fate = Row::Fate;

  /// Makes what the steps need that work on whole records, the first time.
  void prepare(const Program& program) {
    if (workers_.size() != program.rows.size()) [[unlikely]]
      make_workers(program);
  }

  /// Runs all steps, each behind the one before it.
  [[gnu::always_inline]] inline Fate run(const RunPlan& plan, const Record& record,
                                         RecordFields& fields, Scratch& scratch) {
    const Step* const end = plan.program.steps.data() + plan.program.steps.size();
    for (const Step* step = plan.program.steps.data(); step != end; ++step) {
      const Fate fate = run_step(plan, *step, record, fields, scratch);
      if (fate != Fate::kept) return fate;
    }
    return Fate::kept;
  }

  [[gnu::always_inline]] inline Fate run_step(const RunPlan& plan, const Step& step,
                                              const Record& record, RecordFields& fields,
                                              Scratch& scratch);

  /// A step of kind row, over many records at once.
  void run_rows(const Step& step, std::span<Row> rows) { workers_[step.column]->apply(rows); }

  /// Remembers why a record cannot be written.
  void blame(std::size_t column, std::string_view why) {
    why_column_ = column;
    why_ = why;
  }
  const std::string& why() const { return why_; }
  std::size_t why_column() const { return why_column_; }

 private:
  void make_workers(const Program& program);
  Fate run_row(const RunPlan& plan, const Step& step, RecordFields& fields, Scratch& scratch);

  std::vector<std::unique_ptr<RowWorker>> workers_;  ///< by Program::rows
  std::string why_;                                  ///< of the step that failed
  std::size_t why_column_ = 0;
};

[[gnu::always_inline]] inline StepRunner::Fate StepRunner::run_step(const RunPlan& plan,
                                                                    const Step& step,
                                                                    const Record& record,
                                                                    RecordFields& fields,
                                                                    Scratch& scratch) {
  if (step.kind == Step::Kind::row) [[unlikely]]
    return run_row(plan, step, fields, scratch);
  const std::string_view value = fields.value(step.column, plan.input, scratch);
  if (step.kind == Step::Kind::where) return step.where->holds(value) ? Fate::kept : Fate::filtered;
  const CellOutcome outcome = step.cell->apply(value, scratch);
  if (outcome.kind == CellOutcome::Kind::unchanged) return Fate::kept;
  if (outcome.kind == CellOutcome::Kind::failed) [[unlikely]] {
    blame(step.column, outcome.text);
    return Fate::refused;
  }
  // New letters go over as many old ones that stand in the record as they are, quoted or not.
  const auto offset = static_cast<std::size_t>(value.data() - record.begin);
  const bool fits =
      step.keeps_bytes && outcome.text.size() == value.size() && offset < record.size();
  fields.make(step.column, outcome.text, fits ? record.begin + offset : nullptr, step.letters_only);
  return Fate::kept;
}

}  // namespace nodeops::csv
