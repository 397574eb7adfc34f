// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "csv/dialect.hpp"
#include "csv/program.hpp"
#include "csv/row_form.hpp"

namespace nodeops::csv {

/// What to do with a malformed record.
enum class OnError { stop, skip, keep };

/// How a record that is not refused is written.
enum class Writing {
  in_place,         ///< the record's own bytes, with changed fields put in
  appended,         ///< so, and columns that were added behind them
  columns,          ///< some of its fields, none changed
  changed_columns,  ///< some of its fields, changed or with another delimiter
  json,
  rows,  ///< for a database
};

/// What every worker knows of a run; made when the columns are known, before the first record is
/// worked on, and not changed after.
struct RunPlan {
  Program program;
  Dialect input;
  OutputForm output;
  RowForm rows;  ///< of the form `rows`
  OnError on_error = OnError::stop;
  std::size_t longest_record = 8 << 20;
  bool blank_lines_stay =
      false;  ///< blank lines, which are no records, are written where they stand

  // Made by finish().
  Writing writing = Writing::in_place;
  Dialect output_dialect;  ///< the input's, with the output's delimiter
  bool same_delimiter = true;
  bool letters_in_place = false;  ///< all there is to do is one change of letters, in place
  bool plain_stays_plain =
      false;  ///< no letter is a special byte: letters may change without a look at quotes
  std::vector<std::string>
      json_keys;  ///< of ndjson with a header: `"name":` for each output column

  /// Fills in what follows from the rest.
  void finish();
};

/// Throws AppError usage for an output delimiter that is the input's quote character, which the
/// output keeps: nothing could be read back.
void check_output_delimiter(char delimiter, const Dialect& input);

}  // namespace nodeops::csv
