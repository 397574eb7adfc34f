// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/deadline.hpp"
#include "core/error.hpp"
#include "csv/checkpoint.hpp"
#include "csv/transform.hpp"
#include "csv_transform.hpp"
#include "load/table_writer.hpp"
#include "run_context.hpp"
#include "stream/checkpoint_file.hpp"
#include "stream/kill_point.hpp"
#include "stream/output_file.hpp"
#include "task/background.hpp"

namespace nodeops {

/// TransformOptions::grid of csv-transform's runs: 8 MiB, and less in those that tests kill.
std::uint64_t csv_grid(const RunContext& run);

/// The checkpoint of one csv-transform run: reads and checks what an earlier run has left, and
/// saves how far this one is.
///
///     rows ▸ partial files ──flushed to disk, beside the work──▸ checkpoint ──▸ … ──▸ all whole:
///     checkpoint "placing" ──▸ partial files renamed ──▸ checkpoint removed
///
/// Between two of these a note tells how far the run is by now: good for a run that was killed on a
/// machine that went on, where nothing that was written is lost.
///
/// Of a load the file names the run, and the checkpoint goes into the database with the rows:
///
///     file: run ──▸ rows + checkpoint in one transaction ──▸ … ──▸ all loaded: "placing" in the
///     file ──▸ files of what was refused renamed ──▸ checkpoint out of the database ──▸ file
///     removed
class CsvCheckpoint : public load::LoadJournal {
 public:
  struct Output {
    std::string option;  ///< that names it
    std::string path;
    OutputFile* file;
  };

  /// Throws AppError: usage for what cannot be resumed, try_later when another run has the
  /// checkpoint, bad_data when it is damaged or not this run's. `key` is that of --hash.
  CsvCheckpoint(const CsvTransformOptions& options, RunContext& run,
                const csv::TransformOptions& transform, const std::string& key);

  /// Has `transform` go on where the earlier run was, in its way. Nothing when there is none.
  void prepare(csv::TransformOptions& transform) const;

  /// Where the run goes on; empty at the beginning.
  std::optional<csv::Position> from() const;

  /// The earlier run had made all its outputs, and was putting them in place: that is done now.
  /// False: there is other work to do. `before_end` is called when all is in its place, before the
  /// file is removed.
  bool place_outputs(const std::function<void()>& before_end);

  /// The outputs, opened with kept temporaries. They go on where the earlier run was; without one
  /// what there was is given up. Throws AppError bad_data when they are not what it has left.
  void take(std::vector<Output> outputs);

  // Of a run that loads a table.

  /// What it is called; empty when it loads none.
  std::string run_name() const { return now_.load ? now_.load->run : std::string(); }

  /// As take(), of a table and the files of what it refuses. Says where the load goes on.
  std::optional<load::LoadPosition> take(std::vector<Output> outputs, load::TableLoader& loader);

  load::RejectLengths lengths() override;
  void go_back(const load::RejectLengths& lengths) override;
  std::string text(const load::LoadPosition& position) override;

  /// Counts what an earlier run has loaded, when it has loaded all. False: it has not.
  bool was_all_loaded();

  /// Puts into the report where the run went on; `input` is its name, empty when all had been read.
  void report_start(const std::string& input) const;

  /// Everything before the position has been given to the outputs. Saves it if it is time.
  void reached(const csv::Position& position);

  /// The run ends early: saves the last position and says how to go on.
  void leave();

  /// The outputs are not to be looked at any more.
  void let_go();

  /// Everything has been given to the outputs. What follows is no work any more but renaming them;
  /// `digests` as in Checkpoint.
  void start_placing(const std::string& digests);
  void passing_output() { kill_point_.pass("between-renames"); }

  /// All is in its place.
  void finish();

 private:
  /// A position and how long the outputs were then.
  struct Reached {
    csv::Position position;
    std::vector<std::uint64_t> lengths;
  };

  /// How often something is done: after so much of the input or so much time, whichever comes
  /// first.
  struct Pace {
    std::uint64_t bytes_between;
    Clock::duration time_between;
    std::uint64_t bytes = 0;  ///< of the input, when it was done last
    Clock::time_point at = Clock::now();

    bool is_due(std::uint64_t reached, Clock::time_point now) const {
      return reached - bytes >= bytes_between || now - at >= time_between;
    }
    void start_again(std::uint64_t reached, Clock::time_point now) {
      bytes = reached;
      at = now;
    }
  };

  static std::string tail_of(const OutputFile& file, std::uint64_t end);
  void describe(const csv::TransformOptions& transform, const std::string& key);
  void read_earlier();
  void take_note();
  AppError refused(const std::string& why) const;
  void check_outputs() const;
  void go_on_behind_all();
  void take_counts() const;
  void place(const csv::Checkpoint::Output& was, Output output);
  void check_placed(const csv::Checkpoint::Output& was, const std::string& path) const;
  void go_on_behind(const csv::Checkpoint::Output& was, const Output& output) const;
  csv::Checkpoint checkpoint_at(const Reached& reached) const;
  void save(const Reached& reached, csv::Checkpoint::Stage stage, const std::string& digests);

  const CsvTransformOptions& options_;
  RunContext& run_;
  KillPoint kill_point_;
  CheckpointFile file_;
  csv::Checkpoint now_;  ///< what the run is, without how far it is
  std::optional<csv::Checkpoint> then_;
  std::string given_up_;  ///< the run whose checkpoint is
  std::vector<Output> outputs_;
  std::optional<Reached> last_;  ///< reached
  /// How much may have to be done again after a kill. The flushing itself takes its time too,
  /// beside the work; what is noted, for when the machine goes on, needs none.
  Pace saved_{.bytes_between = 32 << 20, .time_between = std::chrono::milliseconds(200)};
  Pace noted_{.bytes_between = 8 << 20, .time_between = std::chrono::milliseconds(50)};
  bool any_saved_ = false;
  load::RejectLengths flushed_ = {};  ///< to disk, of a load
  bool placing_ = false;
  Background background_;
};

}  // namespace nodeops
