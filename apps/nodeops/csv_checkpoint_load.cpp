// SPDX-License-Identifier: MIT
// How CsvCheckpoint keeps how far a load is: in the database, with the rows.
#include <utility>

#include "core/error.hpp"
#include "csv_checkpoint.hpp"

namespace nodeops {

using csv::Checkpoint;

std::optional<load::LoadPosition> CsvCheckpoint::take(std::vector<Output> outputs,
                                                      load::TableLoader& loader) {
  outputs_ = std::move(outputs);
  check_outputs();
  const auto text = then_ ? loader.go_on(now_.load->run) : std::nullopt;
  if (!text) {
    // There is none, or it was named and died before it changed anything.
    then_.reset();
    any_saved_ = false;
    if (!given_up_.empty()) loader.forget(given_up_);
    file_.forget();
    for (const Output& output : outputs_) output.file->start_anew();
    return std::nullopt;
  }
  Checkpoint reached = csv::read_checkpoint(*text, "the checkpoint in the database");
  const std::string different = csv::difference(reached, *then_);
  if (!different.empty() || !reached.load) throw refused("that in the database is another run's");
  then_ = std::move(reached);
  go_on_behind_all();
  load::LoadPosition from{.at = then_->position,
                          .passed = then_->load->passed,
                          .bytes = then_->load->bytes,
                          .done = then_->load->done};
  for (std::size_t i = 0; i < outputs_.size(); ++i) from.lengths.at(i) = then_->outputs[i].bytes;
  return from;
}

load::RejectLengths CsvCheckpoint::lengths() {
  load::RejectLengths lengths{};
  for (std::size_t i = 0; i < outputs_.size(); ++i) lengths.at(i) = outputs_[i].file->written();
  return lengths;
}

void CsvCheckpoint::go_back(const load::RejectLengths& lengths) {
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    if (outputs_[i].file->written() != lengths.at(i)) outputs_[i].file->go_on_behind(lengths.at(i));
  }
}

std::string CsvCheckpoint::text(const load::LoadPosition& position) {
  if (!std::exchange(any_saved_, true)) {
    // The file names the run before the database knows of it.
    for (const Output& output : outputs_) {
      output.file->keep();
      output.file->flush_name();
    }
    file_.replace(csv::checkpoint_text(now_), CheckpointFile::Lasting::the_new_one);
  }
  Checkpoint checkpoint = now_;
  checkpoint.position = position.at;
  checkpoint.bytes_read = run_.totals.bytes_in;
  checkpoint.load->passed = position.passed;
  checkpoint.load->bytes = position.bytes;
  checkpoint.load->done = position.done;
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    const OutputFile& file = *outputs_[i].file;
    if (std::exchange(flushed_.at(i), file.written()) != file.written()) file.flush();
    checkpoint.outputs.push_back({.option = outputs_[i].option,
                                  .path = outputs_[i].path,
                                  .bytes = position.lengths.at(i),
                                  .tail = tail_of(file, position.lengths.at(i))});
  }
  return csv::checkpoint_text(checkpoint);
}

bool CsvCheckpoint::was_all_loaded() {
  if (!then_ || !then_->load || !then_->load->done) return false;
  take_counts();
  return true;
}

}  // namespace nodeops
