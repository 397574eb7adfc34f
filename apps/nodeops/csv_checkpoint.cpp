// SPDX-License-Identifier: MIT
#include "csv_checkpoint.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "observe/log.hpp"
#include "stream/digest.hpp"
#include "task/resources.hpp"

namespace nodeops {
namespace {

using csv::Checkpoint;

/// That of the machine, or what stands for it in a test's run.
std::string boot_of(const RunContext& run, const KillPoint& kill_point) {
  const auto boot = run.io.environment.find("NODEOPS_TEST_BOOT_ID");
  return kill_point.is_set() && boot != run.io.environment.end() ? boot->second : boot_id();
}

std::string fault_of(const RunContext& run) {
  const auto fault = run.io.environment.find("NODEOPS_TEST_CHECKPOINT_FAULT");
  return fault == run.io.environment.end() ? std::string() : fault->second;
}

}  // namespace

/// The digest of what stands before `end`.
std::string CsvCheckpoint::tail_of(const OutputFile& file, std::uint64_t end) {
  const std::uint64_t size = std::min<std::uint64_t>(end, Checkpoint::tail_size);
  Sha256 digest;
  digest.update(file.read_back(end - size, static_cast<std::size_t>(size)));
  return digest.hex();
}

std::uint64_t csv_grid(const RunContext& run) {
  constexpr std::uint64_t usual = 8 << 20;
  constexpr std::uint64_t of_tests = 64 << 10;
  return KillPoint(fault_of(run)).is_set() ? of_tests : usual;
}

CsvCheckpoint::CsvCheckpoint(const CsvTransformOptions& options, RunContext& run,
                             const csv::TransformOptions& transform, const std::string& key)
    : options_(options),
      run_(run),
      kill_point_(fault_of(run)),
      file_(options.checkpoint, kill_point_, boot_of(run, kill_point_)) {
  describe(transform, key);
  read_earlier();
}

AppError CsvCheckpoint::refused(const std::string& why) const {
  return {ErrorKind::bad_data, file_.path() + ": cannot go on: " + why,
          "without --resume the work starts anew"};
}

void CsvCheckpoint::prepare(csv::TransformOptions& transform) const {
  if (!then_) return;
  const auto block_size = static_cast<std::size_t>(then_->block_size);
  // Larger blocks than this run would have: fewer of them, for the memory's sake.
  transform.blocks_in_flight =
      std::clamp(transform.blocks_in_flight * transform.block_size / block_size, std::size_t{1},
                 transform.blocks_in_flight);
  transform.workers =
      static_cast<unsigned>(std::min<std::size_t>(transform.workers, transform.blocks_in_flight));
  transform.block_size = block_size;
  transform.from = then_->position;
}

std::optional<csv::Position> CsvCheckpoint::from() const {
  return then_ ? std::optional(then_->position) : std::nullopt;
}

void CsvCheckpoint::go_on_behind(const Checkpoint::Output& was, const Output& output) const {
  const std::string name = OutputFile::partial_name(output.path);
  const std::uint64_t size = output.file->size();
  if (size < was.bytes) {
    throw refused(name + " has " + std::to_string(size) + " bytes, not the " +
                  std::to_string(was.bytes) + " that it had");
  }
  if (tail_of(*output.file, was.bytes) != was.tail)
    throw refused(name + " is not what the run has written");
  output.file->go_on_behind(was.bytes);
}

void CsvCheckpoint::check_outputs() const {
  for (const Output& output : outputs_) {
    if (!output.file->is_replaced()) {
      throw AppError(ErrorKind::usage,
                     output.option + ": " + output.path +
                         " is no regular file, and --checkpoint cannot resume it");
    }
  }
}

/// Has the outputs be gone on with where they were.
void CsvCheckpoint::go_on_behind_all() {
  if (then_->outputs.size() != outputs_.size()) throw refused("it speaks of other outputs");
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    outputs_[i].file->keep();
    go_on_behind(then_->outputs[i], outputs_[i]);
  }
  log::warn("the work goes on from the checkpoint",
            {{"checkpoint", file_.path()}, {"records", then_->position.records}});
}

void CsvCheckpoint::take(std::vector<Output> outputs) {
  outputs_ = std::move(outputs);
  check_outputs();
  if (!then_) {
    // The old one goes before what it speaks of.
    file_.forget();
    for (const Output& output : outputs_) output.file->start_anew();
    return;
  }
  go_on_behind_all();
  last_ = Reached{.position = then_->position, .lengths = {}};
  for (const auto& output : then_->outputs) last_->lengths.push_back(output.bytes);
}

/// What the outputs hold up to the position, as far as the kernel knows.
Checkpoint CsvCheckpoint::checkpoint_at(const Reached& reached) const {
  Checkpoint checkpoint = now_;
  checkpoint.position = reached.position;
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    checkpoint.outputs.push_back({.option = outputs_[i].option,
                                  .path = outputs_[i].path,
                                  .bytes = reached.lengths[i],
                                  .tail = tail_of(*outputs_[i].file, reached.lengths[i])});
  }
  return checkpoint;
}

void CsvCheckpoint::save(const Reached& reached, Checkpoint::Stage stage,
                         const std::string& digests) {
  kill_point_.pass("before-sync");
  for (const Output& output : outputs_) output.file->flush();
  Checkpoint checkpoint = checkpoint_at(reached);
  checkpoint.stage = stage;
  checkpoint.digests = digests;
  if (checkpoint.load) checkpoint.load->bytes = run_.totals.bytes_out;
  if (stage == Checkpoint::Stage::placing) checkpoint.bytes_read = run_.totals.bytes_in;
  kill_point_.pass("after-sync");
  const bool first = !std::exchange(any_saved_, true);
  if (first) {
    for (const Output& output : outputs_) output.file->flush_name();
  }
  file_.replace(csv::checkpoint_text(checkpoint), first || stage == Checkpoint::Stage::placing
                                                      ? CheckpointFile::Lasting::the_new_one
                                                      : CheckpointFile::Lasting::one_or_the_other);
}

void CsvCheckpoint::reached(const csv::Position& position) {
  last_ = Reached{.position = position, .lengths = {}};
  for (const Output& output : outputs_) last_->lengths.push_back(output.file->written());
  const auto now = Clock::now();
  const auto is_due = [&](const Pace& pace) {
    return kill_point_.is_set() || pace.is_due(position.bytes, now);
  };
  if (is_due(noted_)) {
    noted_.start_again(position.bytes, now);
    file_.note(csv::checkpoint_text(checkpoint_at(*last_)));
  }
  if (!is_due(saved_)) return;
  const bool taken = background_.offer(
      [this, reached = *last_] { save(reached, Checkpoint::Stage::running, {}); });
  if (!taken) return;
  for (const Output& output : outputs_) output.file->keep();
  saved_.start_again(position.bytes, now);
  if (kill_point_.is_set()) background_.wait();
}

void CsvCheckpoint::leave() {
  try {
    background_.wait();
    if (last_ && !placing_ && !now_.load) {
      for (const Output& output : outputs_) output.file->keep();
      save(*last_, Checkpoint::Stage::running, {});
    }
  } catch (const AppError& error) {
    // The one before is still good; the run has its own reason to end.
    log::warn("the last checkpoint could not be saved", {{"reason", error.what()}});
  }
  if (any_saved_) {
    log::warn("what is done is kept, --resume goes on with it", {{"checkpoint", file_.path()}});
  }
}

void CsvCheckpoint::let_go() {
  try {
    background_.wait();
  } catch (const AppError&) {
    // Whoever wanted to know has asked before.
  }
  outputs_.clear();
}

void CsvCheckpoint::start_placing(const std::string& digests) {
  background_.wait();
  Reached all{.position = last_ ? last_->position : csv::Position{}, .lengths = {}};
  all.position.records = run_.totals.items_in;
  all.position.written = run_.totals.items_ok;
  all.position.refused = run_.totals.items_failed;
  all.position.filtered = run_.totals.items_skipped;
  for (const Output& output : outputs_) {
    output.file->keep();
    all.lengths.push_back(output.file->written());
  }
  kill_point_.pass("before-placing");
  save(all, Checkpoint::Stage::placing, digests);
  placing_ = true;
  kill_point_.pass("after-placing");
}

void CsvCheckpoint::finish() {
  kill_point_.pass("before-remove");
  file_.remove();
}

}  // namespace nodeops
