// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "csv/record_fields.hpp"

namespace nodeops::csv {

class ColumnScope;

/// One record as a transform of whole records sees it: the values of its columns as the steps
/// before have left them.
class Row {
 public:
  enum class Fate { kept, filtered, refused };
  static constexpr std::size_t no_column = static_cast<std::size_t>(-1);

  Row(RecordFields& fields, const Dialect& dialect, Scratch& scratch)
      : fields_(&fields), dialect_(&dialect), scratch_(&scratch) {}

  /// Only of columns that the transform asked for (ColumnScope).
  std::string_view value(std::size_t column) const {
    return fields_->value(column, *dialect_, *scratch_);
  }

  /// A new value, which lives as long as the scratch keeps it, or longer.
  void set(std::size_t column, std::string_view value) const {
    fields_->make(column, value, nullptr, false);
  }

  Scratch& scratch() const { return *scratch_; }

  /// Leaves the record out.
  void filter() { fate = Fate::filtered; }

  /// Refuses the record; `reason`, for people, is copied.
  void refuse(std::string_view reason, std::size_t of_column = no_column) {
    fate = Fate::refused;
    why = scratch_->copy(reason);
    blamed = of_column;
  }

  Fate fate = Fate::kept;
  std::string_view why = {};       ///< of a refused one
  std::size_t blamed = no_column;  ///< of a refused one: the column that it is about

 private:
  RecordFields* fields_;
  const Dialect* dialect_;
  Scratch* scratch_;
};

/// What runs a transform of whole records: its state, if it has any. Never used by two threads at
/// once; there is one for each block in flight, so nothing may be kept from one record for the
/// next.
class RowWorker {
 public:
  virtual ~RowWorker() = default;

  /// Works on each of the rows, all of which are kept so far. Sets every column that was added, of
  /// each row that it keeps.
  virtual void apply(std::span<Row> rows) = 0;
};

/// A transform of whole records, made ready for a table. Shared by the workers.
class BoundRowTransform {
 public:
  virtual ~BoundRowTransform() = default;
  virtual std::unique_ptr<RowWorker> make_worker() const = 0;
};

/// A transform of whole records as the user gave it: what `--set`, `--lookup` and `--plugin` are.
class RowTransform {
 public:
  virtual ~RowTransform() = default;

  /// Finds the columns that it reads and changes, and adds those that it makes. Throws AppError
  /// usage when there is no such column, or when one that is to be added is there already.
  virtual std::shared_ptr<const BoundRowTransform> bind(ColumnScope& columns) const = 0;

  /// True when it may leave records out.
  virtual bool filters() const { return false; }

  /// True when it should get many records at a time.
  virtual bool wants_batches() const { return false; }
};

}  // namespace nodeops::csv
