// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "csv/block.hpp"
#include "csv/record_fields.hpp"
#include "csv/run_plan.hpp"

namespace nodeops::csv {

/// Puts records into a block's output as rows for a database.
class RowWriter {
 public:
  /// Where a record stands in its input.
  struct Place {
    std::uint64_t line = 0;
    std::uint64_t offset = 0;
  };

  /// False when a value does not fit its column: why() and column() then say so.
  bool write(const RunPlan& plan, const Record& record, const RecordFields& fields, Place place,
             Block& block);

  const char* why() const { return why_; }
  std::size_t column() const { return column_; }

 private:
  static char* copy_whole(const RunPlan& plan, const RecordFields& fields, const Record& record,
                          char* to);
  std::optional<std::size_t> collect(const RunPlan& plan, const RecordFields& fields,
                                     const Record& record, Scratch& scratch);
  bool check(const RunPlan& plan, std::size_t at, std::string_view& value);
  char* encode_for_copy(char* to) const;
  char* encode_values(char* to) const;

  struct Value {
    std::string_view text;
    bool null = false;
    bool plain = true;  ///< nothing in it needs an escape
  };
  std::vector<Value> values_;
  const char* why_ = "";
  std::size_t column_ = 0;
};

}  // namespace nodeops::csv
