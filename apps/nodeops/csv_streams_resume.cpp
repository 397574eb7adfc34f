// SPDX-License-Identifier: MIT
// How CsvStreams goes on where an earlier run was, and sees to it that a later one can.
#include <algorithm>
#include <limits>

#include "core/error.hpp"
#include "csv_streams.hpp"
#include "stream/open_input.hpp"

namespace nodeops {

/// Hands the outputs to the checkpoint, and takes over what an earlier run has done of them.
void CsvStreams::take_checkpoint() {
  std::vector<CsvCheckpoint::Output> outputs;
  for (Destination* output : {output_.get(), rejects_.get(), reasons_.get()}) {
    if (output == nullptr) continue;
    const auto* const option = output == output_.get() ? "--output" : "--rejects";
    if (output->file() == nullptr) {
      throw AppError(ErrorKind::usage,
                     std::string(option) + ": what goes to standard output cannot be resumed",
                     "name a file");
    }
    outputs.push_back({.option = option, .path = output->path(), .file = output->file()});
  }
  if (table_) {
    table_->go_on(*checkpoint_, checkpoint_->take(std::move(outputs), table_->loader()));
    return;
  }
  const OutputFile& file = *output_->file();
  checkpoint_->take(std::move(outputs));
  if (!checkpoint_->from()) return;
  cut_at_ = checkpoint_->from()->bytes;
  run_.totals.bytes_out = file.written();
  if (!output_digest_) return;
  constexpr std::uint64_t step = 1 << 20;
  for (std::uint64_t at = 0; at < file.written(); at += step) {
    output_digest_->update(
        file.read_back(at, static_cast<std::size_t>(std::min(step, file.written() - at))));
  }
}

/// A compressed output is cut at places that the input alone decides on: only there can it be gone
/// on with, and the parts are the same whoever makes them.
void CsvStreams::reached(const csv::Position& position) {
  if (compressed_) {
    if (!position.on_grid || position.bytes - cut_at_ < grid_ / 2) return;
    compressed_->cut();
    cut_at_ = position.bytes;
  }
  if (table_) return table_->rows().reached(position);
  if (checkpoint_ != nullptr) checkpoint_->reached(position);
}

/// Counts what an earlier run has done of the inputs, and says from where this one goes on.
void CsvStreams::go_on(const std::vector<csv::TableInput>& inputs,
                       const std::vector<std::uint64_t>& sizes) {
  const csv::Position from = *checkpoint_->from();
  // The checkpoint counts tables and plugins among the inputs, and a shard has not all files.
  if (from.input > inputs.size()) {
    throw AppError(ErrorKind::bad_data, options_.checkpoint + ": the checkpoint makes no sense",
                   "remove it to start anew");
  }
  for (std::size_t i = 0; i < from.input; ++i) {
    const std::string& path = inputs[i].name;
    run_.totals.bytes_in += options_.shard > 0 ? sizes[i] : *open_input(path, {})->size();
    if (!options_.digest || options_.shard > 0) continue;
    InputDigest& done = input_digests_.emplace_back(InputDigest{.path = path, .digest = {}});
    DigestSource(open_input(path, run_.io.stop.get_token()), done.digest)
        .skip(std::numeric_limits<std::uint64_t>::max());
  }
  checkpoint_->report_start(from.input == inputs.size() ? std::string() : inputs[from.input].name);
}

}  // namespace nodeops
