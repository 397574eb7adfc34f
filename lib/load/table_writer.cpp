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
      reject_files_(rejects),
      rejects_(rejects.records, rejects.reasons, events),
      totals_(totals),
      events_(events) {}

void TableWriter::keep(LoadJournal& journal, const std::optional<LoadPosition>& from) {
  journal_ = &journal;
  // What goes to files goes there with its batch, not when it is told.
  rejects_ = csv::RejectLog(nullptr, nullptr, events_);
  if (!from) return;
  goes_on_ = true;
  progress_.go_on(*from);
  told_ = from->at.refused;
  if (!may_go_on(told_))
    throw AppError(ErrorKind::bad_data,
                   std::to_string(told_) + " records were refused before the run was to go on",
                   "see --max-errors");
}

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
  loader_.start(shape, [this] { return journal_->text(progress_.position({})); });
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
      const csv::LoadRow row = csv::take_row(rows);
      read += before - rows.size();
      if (!progress_.handed()) continue;
      batch_.add(row);
      if (is_full()) commit();
    }
  }
  take_rejects();
  totals_.items_skipped += block.filtered - filtered;
  totals_.items_in += block.filtered - filtered;
}

void TableWriter::take_reject(const csv::Reject& reject) {
  if (reject.starts) done_before_ = !progress_.handed();
  if (done_before_) return;
  batch_.add(reject);
  // A record beyond the limit ends the run, and what stands before it is loaded; pieces of records
  // that are too long are many.
  if (!may_go_on(told_ + batch_.refused()) || is_full()) commit();
}

void TableWriter::flush() {
  commit();
}

std::uint64_t TableWriter::bytes_loaded(const BatchOutcome& outcome) const {
  std::uint64_t bytes = batch_.rows(0, outcome.taken).size();
  for (const RowRefusal& refusal : outcome.refusals) bytes -= batch_.row(refusal.row).size();
  return bytes;
}

void TableWriter::commit() {
  if (batch_.empty()) return;
  std::size_t refused_before = 0;  // by the workers
  const auto go_on = [&](std::size_t row, std::size_t refused) {
    while (refused_before < batch_.refused() && batch_.rows_before_refused(refused_before) <= row)
      ++refused_before;
    return may_go_on(told_ + refused_before + refused);
  };
  const RejectLengths before = journal_ == nullptr ? RejectLengths{} : journal_->lengths();
  const BatchOutcome outcome =
      loader_.load(batch_, go_on, [&](const BatchOutcome& so) { return write_down(so, before); });
  if (journal_ != nullptr) std::swap(progress_, next_);
  const std::uint64_t loaded = outcome.taken - outcome.refusals.size();
  totals_.items_in += loaded;
  totals_.items_ok += loaded;
  totals_.bytes_out += bytes_loaded(outcome);
  figures_.rows += loaded;
  figures_.refused += outcome.refusals.size();
  ++figures_.batches;
  tell(outcome);
  batch_.clear();
}

/// Tells of the refused records of both kinds in their order: each with how many rows of the batch
/// stand before it, and whether it is one of them.
template <class Tell>
void TableWriter::each_refused(const BatchOutcome& outcome, Tell tell) const {
  std::size_t of_workers = 0;
  const auto tell_before = [&](std::size_t row) {
    for (; of_workers < batch_.refused() && batch_.rows_before_refused(of_workers) <= row;
         ++of_workers)
      tell(batch_.refused(of_workers), batch_.rows_before_refused(of_workers), false);
  };
  for (const RowRefusal& refusal : outcome.refusals) {
    tell_before(refusal.row);
    tell(batch_.refusal(refusal.row, refusal.why), refusal.row, true);
  }
  // A batch that was ended was so by its last row that was taken.
  if (outcome.taken == batch_.size()) tell_before(outcome.taken);
}

void TableWriter::tell(const BatchOutcome& outcome) {
  each_refused(outcome,
               [this](const csv::Reject& reject, std::size_t, bool) { tell_refused(reject); });
  rejects_.flush();
}

/// Puts the refused records of a batch into their files and says how far the load is with it.
std::string TableWriter::write_down(const BatchOutcome& outcome, const RejectLengths& before) {
  journal_->go_back(before);
  next_ = progress_;
  RunEvents nobody;
  csv::RejectLog files(reject_files_.records, reject_files_.reasons, nobody);
  std::size_t rows = 0;
  each_refused(outcome, [&](const csv::Reject& reject, std::size_t rows_before, bool is_row) {
    next_.loaded(rows_before - rows);
    rows = rows_before + (is_row ? 1 : 0);
    if (reject.starts) {
      const RejectLengths written = journal_->lengths();
      const auto collected = files.collected();
      next_.refused({written[0] + collected[0], written[1] + collected[1]});
    }
    files.add(reject, *plan_, input_);
  });
  next_.loaded(outcome.taken - rows);
  next_.took(bytes_loaded(outcome));
  files.flush();
  return journal_->text(next_.position(journal_->lengths()));
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
  if (plan_ == nullptr && !goes_on_) {
    log::warn("there is no input: no table is made, and one that is there stays as it is");
    return;
  }
  if (journal_ == nullptr) return loader_.finish({});
  progress_.end();
  LoadPosition position = progress_.position(journal_->lengths());
  position.done = true;
  loader_.finish(journal_->text(position));
}

}  // namespace nodeops::load
