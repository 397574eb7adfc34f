// SPDX-License-Identifier: MIT
// What a run with a checkpoint is, and which earlier one it goes on from.
#include <utility>

#include "core/error.hpp"
#include "csv_checkpoint.hpp"
#include "csv_fingerprint.hpp"
#include "observe/log.hpp"
#include "stream/file_identity.hpp"
#include "version.hpp"

namespace nodeops {

using csv::Checkpoint;

/// What this run is: inputs, options, version.
void CsvCheckpoint::describe(const csv::TransformOptions& transform, const std::string& key) {
  now_.version = std::string(version_number) + ", " + library_versions;
  now_.options = deciding_options(options_, run_.common, key);
  now_.block_size = csv::block_size_of(transform);
  now_.grid = transform.grid;
  for (const std::string& path : files_read(options_)) {
    const auto identity = path == standard_stream ? std::nullopt : identify(path);
    if (!identity) {
      throw AppError(ErrorKind::usage,
                     path == standard_stream
                         ? std::string("--checkpoint: standard input cannot be resumed")
                         : path + ": is no regular file, and cannot be resumed",
                     "write it to a file first");
    }
    now_.inputs.push_back({.path = path, .identity = *identity});
  }
  if (load::is_table(run_.common.output)) now_.load = Checkpoint::Load{.run = load::new_run()};
}

void CsvCheckpoint::read_earlier() {
  const std::string& text = file_.found();
  if (!text.empty() && !text.starts_with(csv::checkpoint_start)) {
    // Whatever it is, it is not ours to replace.
    throw AppError(ErrorKind::usage, file_.path() + ": is no checkpoint", "name another file");
  }
  if (!options_.resume) {
    if (!text.empty()) {
      log::warn("an earlier run's checkpoint is given up, the work starts anew",
                {{"checkpoint", file_.path()}});
      try {
        const auto given_up = csv::read_checkpoint(text, file_.path()).load;
        if (given_up) given_up_ = given_up->run;
      } catch (const AppError&) {
        // What it has left in a database cannot be found.
      }
    }
    return;
  }
  if (text.empty()) {
    log::warn("there is no checkpoint, the work starts at the beginning",
              {{"checkpoint", file_.path()}});
    return;
  }
  then_ = csv::read_checkpoint(text, file_.path());
  take_note();
  // The same way through text: what is not UTF-8 looks the same then.
  Checkpoint now = csv::read_checkpoint(csv::checkpoint_text(now_), file_.path());
  // What is being put in place may have replaced an input.
  if (then_->stage == Checkpoint::Stage::placing) now.inputs = then_->inputs;
  const std::string different = csv::difference(*then_, now);
  if (!different.empty()) throw refused(different);
  if (then_->load.has_value() != now_.load.has_value()) throw refused("it speaks of other outputs");
  if (then_->load) now_.load->run = then_->load->run;
  any_saved_ = true;
  saved_.bytes = then_->position.bytes;
}

/// What the machine still has of the earlier run's writing needs not be done again.
void CsvCheckpoint::take_note() {
  const std::string& note = file_.found_note();
  const auto end = note.find('\n', note.find('\n') + 1);
  if (then_->stage != Checkpoint::Stage::running || then_->load || end == std::string::npos) return;
  try {
    Checkpoint noted = csv::read_checkpoint(note.substr(0, end + 1), file_.path());
    if (csv::difference(*then_, noted).empty() && noted.stage == then_->stage)
      then_ = std::move(noted);
  } catch (const AppError&) {
    // It was cut off, or is what a longer one has left.
  }
}

}  // namespace nodeops
