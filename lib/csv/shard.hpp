// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/io.hpp"
#include "csv/dialect.hpp"

namespace nodeops::csv {

/// A plain file that is to be cut into shards.
struct ShardFile {
  std::string name;
  std::uint64_t size = 0;  ///< bytes
  std::function<std::unique_ptr<ByteSource>()> open;
};

/// The part of one file that belongs to a shard: whole records from `begin` to before `end`.
struct ShardPiece {
  std::size_t file = 0;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::uint64_t line = 1;  ///< physical line at `begin`
  /// Where begin > 0: the file's first record that is not blank, with its record end. No cut stands
  /// before that record's end, but at the file's start.
  std::string header;
};

/// One of N shards; an empty one has no pieces.
struct Shard {
  std::vector<ShardPiece> pieces;
  Dialect dialect;  ///< with what was to be detected decided from the start of the first file
  std::string first_header;  ///< of one that begins in a later file: the first file's first record
};

struct ShardRequest {
  unsigned first = 1;  ///< from 1
  unsigned last = 1;
  unsigned count = 1;
};

/// Cuts the files, taken as one stream, into `count` parts of about equal size and gives those from
/// `first` to `last`. A cut stands at the first record start at or behind its share of the bytes;
/// there is no other way to know where records start than to scan the quotes from the start of the
/// file, so that is done, at the speed of reading. The first record of all is the first shard's,
/// even where its share is less than a byte. Throws what opening and reading throw, and
/// AppError usage for files that were told to be of different dialects.
std::vector<Shard> cut_shards(const std::vector<ShardFile>& files, const Dialect& dialect,
                              bool sniff, const ShardRequest& request);

/// The shards as JSON: an array with an object for each.
std::string shards_as_json(const std::vector<Shard>& shards, const std::vector<ShardFile>& files);

}  // namespace nodeops::csv
