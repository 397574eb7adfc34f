// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "csv/large_array.hpp"

namespace nodeops::csv {

/// Rows of a few values, found by a key: all in one piece of memory, and a table of where they are.
///
///     row: [ line: 4 ][ size of the key: 4 ][ size of each value: 4 ][ key ][ values ]
class LookupTable {
 public:
  explicit LookupTable(std::size_t values) : values_(values) {}

  /// A row, while the table lives and takes no more.
  class Row {
   public:
    std::uint32_t line() const;
    /// The values in order; `value` is called with each place and value.
    template <class Value>
    void each(Value value) const {
      std::size_t at = head() + number(1);
      for (std::size_t i = 0; i < values_; ++i) {
        value(i, std::string_view(bytes_ + at, number(2 + i)));
        at += number(2 + i);
      }
    }

   private:
    friend LookupTable;
    Row(const char* bytes, std::size_t values) : bytes_(bytes), values_(values) {}
    std::uint32_t number(std::size_t i) const;
    std::size_t head() const { return (2 + values_) * sizeof(std::uint32_t); }
    std::string_view key() const { return {bytes_ + head(), number(1)}; }

    const char* bytes_;
    std::size_t values_;
  };

  /// Takes a row of the file's line, from 1. Gives the row that has this key already, else nothing.
  std::optional<Row> add(std::string_view key, const std::vector<std::string_view>& values,
                         std::uint32_t line);

  std::optional<Row> find(std::string_view key) const;

  /// The memory that it takes, and that it would take with another row of so many bytes.
  std::size_t memory() const { return used_ + slots_.size() * sizeof(std::uint64_t); }
  static std::size_t memory_of(std::size_t rows, std::size_t bytes, std::size_t values);

 private:
  /// Where the key's row is said to be, or the free place for it.
  std::size_t slot_of(std::string_view key, std::uint64_t hash) const;
  Row row_at(std::uint64_t slot) const;
  void grow_slots();

  std::size_t values_;
  LargeArray<char> bytes_;
  std::size_t used_ = 0;  ///< of bytes_
  std::size_t rows_ = 0;
  std::vector<std::uint64_t> slots_;  ///< 0: free; else 16 bits of the hash, and where its row is
                                      ///< plus one
};

}  // namespace nodeops::csv
