// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "csv/block.hpp"
#include "csv/record_batch.hpp"
#include "csv/record_fields.hpp"
#include "csv/record_writer.hpp"
#include "csv/run_plan.hpp"
#include "csv/step_runner.hpp"

namespace nodeops::csv {

/// Runs the program over the records of one block: the part of the work that is done for many
/// blocks at once. One for each block, reused with it.
///
/// What a block makes is bounded: where it makes much more output than it has input, or refuses
/// many records, it stops between two records with a portion, and goes on when that is written. It
/// also stops before a record of megabytes: of these, only the one that is next to be written is
/// worked on.
class RecordRunner {
 public:
  /// Fills the block's output, rejects and counts with its first portion.
  void run(Block& block);

  /// Goes on with a block that is unfinished: its next portion.
  void resume(Block& block);

 private:
  using Fate = Row::Fate;
  enum class Stage { long_end, straddling, chunk, long_start, done };

  void fill_portion();
  /// Does what is left of the stage at hand; false when the portion is full before its end.
  bool run_stage();
  bool run_chunk(Chunk& chunk);
  /// All that is left to do where no step looks at a field and nothing moves.
  bool check_chunk(const Chunk& chunk);
  bool portion_is_full() const { return block_->output.own_size() >= most_output_; }
  void run_record(const RunPlan& plan, const Chunk& chunk, const Record& record, Block& block);
  /// The quick way for a single change of letters in place, which cannot fail.
  /// What letters_in_place asks for; a value at one of the first `places` bytes of the chunk may be
  /// changed in place.
  void run_letters(const RunPlan& plan, const Chunk& chunk, const Record& record,
                   std::size_t places, Block& block);
  /// Writes, leaves out or refuses a record whose steps have been run.
  void settle(const RunPlan& plan, const Record& record, RecordFields& fields, Fate fate,
              Block& block);
  /// Runs the steps over the records that wait for it together, and settles them in their order.
  void run_batch();
  /// Looks at a record that may be malformed, or that is to go through the steps with others. False
  /// when that was all there is to do with it now.
  bool take_odd(const Chunk& chunk, const Record& record, bool quote_is_open);
  bool well_formed(const Record& record, bool quote_is_open);

  void pass_long_piece(const LongPiece& piece);
  void refuse(const Record& record, Malformed why, std::uint64_t amount);
  void add_reject(Reject reject);
  /// The physical line on which `at` stands; to be asked in ascending order.
  std::uint64_t line_of(const char* at);
  std::uint64_t offset_of(const Record& record) const {
    return chunk_->offset + static_cast<std::uint64_t>(record.begin - chunk_->text);
  }

  const RunPlan* plan_ = nullptr;
  Block* block_ = nullptr;
  const Chunk* chunk_ = nullptr;
  Stage stage_ = Stage::done;
  bool is_next_ = false;         ///< all blocks before this one have been written
  std::size_t next_record_ = 0;  ///< of the stage's chunk
  std::size_t most_output_ = 0;  ///< of a portion; 0 when it has as many rejects as it may
  RecordFields fields_;
  StepRunner steps_;
  RecordBatch batch_;
  RecordWriter writer_;
  const char* counted_to_ = nullptr;  ///< lines are counted up to here
  std::uint64_t counted_line_ = 0;
};

}  // namespace nodeops::csv
