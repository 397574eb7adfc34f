// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "csv/cell_transform.hpp"
#include "csv/columns.hpp"
#include "csv/dialect.hpp"
#include "csv/predicate.hpp"

namespace nodeops::csv {

class BoundRowTransform;
class RowTransform;

/// One transform as the user gave it, before the columns are known.
struct StepRequest {
  enum class Kind { cell, where, row, select, drop, reorder, rename };
  Kind kind = Kind::cell;
  std::string option;                              ///< for messages: "--upper"
  ColumnSet columns;                               ///< of rename: the column to be renamed
  std::shared_ptr<const CellTransform> cell = {};  ///< of cell
  std::shared_ptr<const Predicate> where = {};     ///< of where
  std::shared_ptr<const RowTransform> row = {};    ///< of row
  std::string new_name = {};                       ///< of rename
};

enum class Form { csv, ndjson };

/// What output looks like.
struct OutputForm {
  Form form = Form::csv;
  char delimiter = ',';
};

/// One thing to do to each record.
struct Step {
  enum class Kind { cell, where, row };
  Kind kind = Kind::cell;
  std::size_t column = 0;  ///< of cell and where; of row: which of Program::rows it is
  const CellTransform* cell = nullptr;
  bool letters_only = false;  ///< of cell: it only changes letters
  bool keeps_bytes = false;   ///< of cell: and no letter is a delimiter or a quote
  const Predicate* where = nullptr;
};

/// The transforms of a run, made ready for a table with known columns. Choosing, dropping, ordering
/// and renaming columns costs nothing per record: it is done here, once.
///
/// A column is known by a number: those of the input from 0, in their order, then those that steps
/// add, which no record has bytes for.
struct Program {
  std::size_t columns = 0;  ///< fields that every record must have
  std::size_t width = 0;    ///< these and the columns that are added
  std::size_t needed = 0;   ///< how many fields, from the first, are looked at
  std::vector<Step> steps;
  std::vector<std::shared_ptr<const BoundRowTransform>> rows;  ///< what steps of kind row do
  std::vector<std::size_t> changing;  ///< columns of the input that steps change, ascending
  std::vector<std::size_t> output;    ///< columns that are written, in order
  std::vector<std::string> names;     ///< of the input's columns; empty without a header
  std::vector<std::string> output_names;
  std::vector<std::string>
      added_names;  ///< of the columns that are added; empty where there is none
  bool in_place =
      false;  ///< all columns come out in their places: what is not changed is not touched
  bool appends = false;        ///< in_place, and some that were added stand behind them
  bool makes_columns = false;  ///< some column that was added comes out
  bool batches = false;        ///< some step wants many records at a time
  bool filters = false;        ///< some step may leave records out
  bool renames = false;        ///< the header changes although the columns stay

  /// The name of a column, or its number where there is none, for messages.
  std::string column_name(std::size_t column) const;
};

/// Makes the requests, in their order, ready for a table of `columns` columns named `names` (empty
/// when there is no header). Throws AppError usage when a column does not exist, and bad_data when
/// column names that must differ do not (ndjson). The requests must outlive the program.
Program compile(const std::vector<StepRequest>& requests, std::size_t columns,
                const std::vector<std::string>& names, const Dialect& dialect,
                const OutputForm& output);

}  // namespace nodeops::csv
