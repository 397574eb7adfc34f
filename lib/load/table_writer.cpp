// SPDX-License-Identifier: MIT
#include "load/table_writer.hpp"

#include <algorithm>

#include "observe/log.hpp"

namespace nodeops::load {

TableWriter::TableWriter(const Options& options, const LoadOptions& load, TableLoader& loader,
                         Rejects rejects, RunTotals& totals, RunEvents& events)
    : options_(options),
      load_(load),
      loader_(loader),
      rejects_(rejects.records, rejects.reasons, events),
      totals_(totals) {}

void TableWriter::start(const csv::RunPlan& plan) {
  plan_ = &plan;
  const TableShape shape = shape_of(plan, load_.target.kind, load_.keys ? &*load_.keys : nullptr);
  if (options_.infer_types) {
    std::string types;
    for (std::size_t i = 0; i < shape.names.size(); ++i) {
      if (i > 0) types += ", ";
      types += "'" + shape.names[i] + "' " + std::string(csv::name_of(shape.types[i]));
    }
    log::warn("types by the first block: " + types);
  }
  loader_.start(shape);
}

bool TableWriter::is_full() const {
  return batch_.size() >= options_.batch_rows || batch_.memory() >= options_.batch_bytes;
}

/// False when the policy ends the run behind so many refused records.
bool TableWriter::may_go_on(std::uint64_t refused) const {
  if (options_.on_error == csv::OnError::stop) return refused == 0;
  return !options_.max_errors || refused <= *options_.max_errors;
}

void TableWriter::write(csv::Block& block, const std::string& input) {
  if (block.plan == nullptr) return;
  if (plan_ == nullptr) start(*block.plan);
  // A batch is of one input: a message names it.
  if (input != input_) commit();
  input_ = input;
  std::size_t read = 0;
  auto reject = block.rejects.begin();
  std::uint64_t filtered = 0;
  const auto take_rejects = [&] {
    for (; reject != block.rejects.end() && reject->output_before <= read; ++reject) {
      totals_.items_skipped += reject->filtered_before - filtered;
      totals_.items_in += reject->filtered_before - filtered;
      filtered = reject->filtered_before;
      take_reject(*reject);
    }
  };
  for (std::string_view rows : block.output.pieces()) {
    while (!rows.empty()) {
      take_rejects();
      const std::size_t before = rows.size();
      batch_.add(csv::take_row(rows));
      read += before - rows.size();
      if (is_full()) commit();
    }
  }
  take_rejects();
  totals_.items_skipped += block.filtered - filtered;
  totals_.items_in += block.filtered - filtered;
}

void TableWriter::take_reject(const csv::Reject& reject) {
  batch_.add(reject);
  // A record beyond the limit ends the run, and what stands before it is loaded; pieces of records
  // that are too long are many.
  if (!may_go_on(told_ + batch_.refused()) || is_full()) commit();
}

void TableWriter::flush() {
  commit();
}

void TableWriter::commit() {
  if (batch_.empty()) return;
  std::size_t refused_before = 0;  // by the workers
  const auto go_on = [&](std::size_t row, std::size_t refused) {
    while (refused_before < batch_.refused() && batch_.rows_before_refused(refused_before) <= row)
      ++refused_before;
    return may_go_on(told_ + refused_before + refused);
  };
  const BatchOutcome outcome = loader_.load(batch_, go_on);
  const std::uint64_t loaded = outcome.taken - outcome.refusals.size();
  totals_.items_in += loaded;
  totals_.items_ok += loaded;
  totals_.bytes_out += batch_.rows(0, outcome.taken).size();
  figures_.rows += loaded;
  figures_.refused += outcome.refusals.size();
  ++figures_.batches;
  tell(outcome);
  batch_.clear();
}

/// Tells of the refused records of both kinds in their order.
void TableWriter::tell(const BatchOutcome& outcome) {
  std::size_t of_workers = 0;
  const auto tell_before = [&](std::size_t row) {
    for (; of_workers < batch_.refused() && batch_.rows_before_refused(of_workers) <= row;
         ++of_workers)
      tell_refused(batch_.refused(of_workers));
  };
  for (const RowRefusal& refusal : outcome.refusals) {
    tell_before(refusal.row);
    tell_refused(batch_.refusal(refusal.row, refusal.why));
  }
  tell_before(outcome.taken);
  rejects_.flush();
}

void TableWriter::tell_refused(const csv::Reject& reject) {
  if (reject.starts) {
    ++told_;
    ++totals_.items_failed;
    ++totals_.items_in;
  }
  rejects_.add(reject, *plan_, input_);
  if (!reject.starts || may_go_on(told_)) return;
  rejects_.flush();
  const std::string advice = options_.on_error == csv::OnError::stop
                                 ? "--on-error skip leaves such records out"
                                 : "more than " + std::to_string(*options_.max_errors) +
                                       " malformed records, see --max-errors";
  throw AppError(ErrorKind::bad_data, csv::describe(reject, *plan_, input_), advice);
}

void TableWriter::finish() {
  if (plan_ == nullptr) {
    log::warn("there is no input: no table is made, and one that is there stays as it is");
    return;
  }
  loader_.finish();
}

}  // namespace nodeops::load
