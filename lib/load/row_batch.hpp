// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "csv/block.hpp"
#include "csv/row_form.hpp"

namespace nodeops::load {

/// What goes into a database in one transaction: rows, with where they come from, and between them
/// the records that were refused before, so that all of them are told in their order when the fate
/// of the rows is known.
class RowBatch {
 public:
  void add(const csv::LoadRow& row) {
    rows_.push_back({.begin = bytes_.size(),
                     .original = originals_.size(),
                     .original_size = row.original.size(),
                     .line = row.head.line,
                     .offset = row.head.offset});
    bytes_ += row.bytes;
    originals_ += row.original;
  }

  void add(const csv::Reject& reject) {
    refused_.push_back(
        {.reject = reject, .original = originals_.size(), .rows_before = rows_.size()});
    originals_ += reject.bytes;
  }

  void clear() {
    rows_.clear();
    refused_.clear();
    bytes_.clear();
    originals_.clear();
  }

  bool empty() const { return rows_.empty() && refused_.empty(); }

  /// How many rows there are.
  std::size_t size() const { return rows_.size(); }

  /// About what it takes of memory, in bytes.
  std::size_t memory() const {
    return bytes_.size() + originals_.size() + rows_.size() * sizeof(Kept) +
           refused_.size() * sizeof(Refused);
  }

  /// Rows one behind the other, `end` not included.
  std::string_view rows(std::size_t begin, std::size_t end) const {
    return std::string_view(bytes_).substr(start(begin), start(end) - start(begin));
  }
  std::string_view row(std::size_t at) const { return rows(at, at + 1); }

  /// What there is to say about a row that the database refuses. Lives as long as the batch.
  csv::Reject refusal(std::size_t row, const std::string& why) const {
    const Kept& kept = rows_[row];
    return {.bytes = std::string_view(originals_).substr(kept.original, kept.original_size),
            .why = csv::Malformed::database,
            .detail = why,
            .line = kept.line,
            .offset = kept.offset};
  }

  /// How many records were refused before.
  std::size_t refused() const { return refused_.size(); }
  /// One of them, and how many rows stand before it.
  csv::Reject refused(std::size_t at) const {
    csv::Reject reject = refused_[at].reject;
    reject.bytes = std::string_view(originals_).substr(refused_[at].original, reject.bytes.size());
    return reject;
  }
  std::size_t rows_before_refused(std::size_t at) const { return refused_[at].rows_before; }

 private:
  struct Kept {
    std::size_t begin;
    std::size_t original;
    std::size_t original_size;
    std::uint64_t line;
    std::uint64_t offset;
  };
  struct Refused {
    csv::Reject reject;
    std::size_t original;
    std::size_t rows_before;
  };

  std::size_t start(std::size_t at) const {
    return at < rows_.size() ? rows_[at].begin : bytes_.size();
  }

  std::vector<Kept> rows_;
  std::vector<Refused> refused_;
  std::string bytes_;
  std::string originals_;  ///< bytes of records, if they are kept
};

}  // namespace nodeops::load
