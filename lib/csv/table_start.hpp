// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "csv/block.hpp"
#include "csv/framer.hpp"
#include "csv/program.hpp"
#include "csv/run_plan.hpp"

namespace nodeops::csv {

/// The part of a run that sees every block in order before the workers do: frames the records,
/// reads each input's header and, at the first, makes the transforms ready for its columns.
class TableStart {
 public:
  struct Options {
    std::size_t headroom = 1 << 20;
    std::size_t longest_record = 8 << 20;
    std::size_t most_columns = std::numeric_limits<std::size_t>::max();
    OnError on_error = OnError::stop;
    Form form = Form::csv;
    char output_delimiter = '\0';  ///< '\0': the input's
    bool write_header = true;  ///< false: header and byte order mark are another shard's to write
    std::string first_header =
        {};                       ///< of a shard without the first input: that one's header record
    std::string first_name = {};  ///< and its name
    RowRequest rows = {};         ///< of the form `rows`
  };

  /// The requests must outlive the run. `names` tells an input's name for messages.
  TableStart(const std::vector<StepRequest>& requests, const Options& options,
             std::function<const std::string&(std::size_t)> names);

  /// Prepares one block for its worker. Throws AppError: usage for a column that does not exist,
  /// bad_data for a header that is malformed, has more columns than may be or differs from that of
  /// the first input.
  void prepare(Block& block);

  /// False as long as no input has told the columns.
  bool knows_columns() const { return plan_ != nullptr; }

  /// The next block is the one behind this position of an earlier run. The inputs' starts that it
  /// had seen must have been prepared before, up to the one that told the columns.
  void go_on(const Position& position) { bytes_ = position.bytes; }

 private:
  void start_input(Block& block);
  void note_border(Block& block);
  void find_header(Block& block);
  bool find_header_in(Block& block, Chunk& chunk);
  void take_header(Block& block, std::string_view record, bool write);
  void make_plan(std::size_t columns, const std::vector<std::string>& names);
  std::unique_ptr<RunPlan> plan_for(const OutputForm& output, std::size_t columns,
                                    const std::vector<std::string>& names) const;
  void suit_plan();
  void settle_types(Block& block);
  void check_width(const Block& block, std::uint64_t line, std::size_t columns) const;
  void check_header(const Block& block, const std::vector<std::string>& names) const;
  std::string header_bytes(std::string_view record) const;
  AppError header_error(const Block& block, std::uint64_t line, const std::string& what,
                        std::string advice = {}) const;

  const std::vector<StepRequest>& requests_;
  Options options_;
  std::function<const std::string&(std::size_t)> names_;
  Framer framer_;
  Dialect dialect_;  ///< of the current input
  bool blank_lines_stay_;
  bool header_wanted_ = false;  ///< the current input's first record has not come yet
  std::uint64_t bytes_ = 0;     ///< of the inputs, up to `counted_to_` in the current one
  std::uint64_t counted_to_ = 0;
  std::unique_ptr<RunPlan> plan_;                  ///< of the current input's dialect
  std::vector<std::unique_ptr<RunPlan>> earlier_;  ///< of other dialects; blocks may refer to them
  bool types_wanted_ = false;                      ///< no record has come yet that tells them
  std::string first_name_;                         ///< of the input whose header was taken
};

}  // namespace nodeops::csv
