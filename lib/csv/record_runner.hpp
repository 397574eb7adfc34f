// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "csv/block.hpp"
#include "csv/record_fields.hpp"
#include "csv/record_writer.hpp"
#include "csv/run_plan.hpp"

namespace nodeops::csv {

/// Runs the program over the records of one block: the part of the work that is done for many
/// blocks at once. One for each block, reused with it.
class RecordRunner {
 public:
  /// Fills the block's output, rejects and counts.
  void run(Block& block);

 private:
  enum class Fate { written, filtered, refused };

  void run_chunk(Chunk& chunk);
  /// All that is left to do where no step looks at a field and nothing moves.
  void check_chunk(const Chunk& chunk);
  void run_record(const RunPlan& plan, const Chunk& chunk, const Record& record, Block& block);
  /// The quick way for a single change of letters in place, which cannot fail.
  void run_letters(const RunPlan& plan, const Chunk& chunk, const Record& record, Block& block);
  bool well_formed(const Record& record, bool quote_is_open);
  Fate run_steps(const RunPlan& plan, const Record& record, Scratch& scratch);
  bool run_cell(const Record& record, const Step& step, std::string_view value, Scratch& scratch);
  /// Remembers why the record at hand cannot be written.
  void blame(std::size_t column, std::string_view why);

  void pass_long_piece(const LongPiece& piece);
  void refuse(const Record& record, Malformed why, std::string detail, std::string column = {});
  /// The physical line on which `at` stands; to be asked in ascending order.
  std::uint64_t line_of(const char* at);
  std::string ragged_detail(std::uint32_t fields) const;

  const RunPlan* plan_ = nullptr;
  Block* block_ = nullptr;
  const Chunk* chunk_ = nullptr;
  RecordFields fields_;
  RecordWriter writer_;
  const char* counted_to_ = nullptr;  ///< lines are counted up to here
  std::uint64_t counted_line_ = 0;
  std::string why_;  ///< of the step that failed
  std::size_t why_column_ = 0;
};

}  // namespace nodeops::csv
