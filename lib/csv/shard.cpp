// SPDX-License-Identifier: MIT
#include "csv/shard.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "core/error.hpp"
#include "csv/input_start.hpp"
#include "csv/json_text.hpp"
#include "csv/scan.hpp"

namespace nodeops::csv {
namespace {

/// Where a record starts: in which file, at which byte, on which line.
struct Cut {
  std::size_t file;
  std::uint64_t offset;
  std::uint64_t line;
};

/// Scans one file for the first record starts at or behind given offsets.
class RecordStarts {
 public:
  RecordStarts(const ShardFile& file, const Dialect& dialect, bool sniff) : source_(file.open()) {
    read_start(*source_, ahead_, sniff ? wanted_to_sniff : 0);
    const InputStart start = examine_start(ahead_, dialect, sniff, file.name);
    dialect_ = start.dialect;
    ahead_used_ = offset_ = start.byte_order_mark;
    block_.resize(block_size + scan_slack);
  }

  const Dialect& dialect() const { return dialect_; }

  /// The first record that is not blank, with its record end; all there is when nothing ends it.
  const std::string& first_record() const { return first_record_; }

  /// The first record start behind the first record and at or behind `target`, which must not go
  /// back; false when none is left.
  bool find(std::uint64_t target, Cut& cut) {
    for (;;) {
      const auto& records = index_.records;
      const std::uint64_t least = std::max(target, first_record_end_);
      while (next_record_ < index_.record_count && offset_ + records[next_record_].end + 1 < least)
        ++next_record_;
      if (next_record_ < index_.record_count) {
        const std::size_t at = records[next_record_].end + std::size_t{1};
        cut.offset = offset_ + at;
        cut.line = line_ + lines_in(at);
        return true;
      }
      if (!scan_next_block()) return false;
    }
  }

 private:
  static constexpr std::size_t block_size = 1 << 20;
  static constexpr std::uint64_t none = std::numeric_limits<std::uint64_t>::max();

  std::uint64_t lines_in(std::size_t size) const {
    return static_cast<std::uint64_t>(
        std::count(block_.data(), block_.data() + size, dialect_.record_end()));
  }

  bool scan_next_block() {
    offset_ += size_;
    line_ += index_.lines;
    size_ = read_block();
    next_record_ = 0;
    scan({block_.data(), size_}, dialect_, state_, index_);
    look_for_first_record();
    return size_ > 0;
  }

  void look_for_first_record() {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < index_.record_count && first_record_end_ == none; ++i) {
      const std::size_t next = index_.records[i].end + std::size_t{1};
      first_record_.append(block_.data() + begin, next - begin);
      begin = next;
      if (without_line_end(first_record_, dialect_).empty()) {
        first_record_.clear();
      } else {
        first_record_end_ = offset_ + next;
      }
    }
    if (first_record_end_ == none) first_record_.append(block_.data() + begin, size_ - begin);
  }

  std::size_t read_block() {
    if (ahead_used_ < ahead_.size()) {
      const std::size_t count = std::min(block_size, ahead_.size() - ahead_used_);
      std::memcpy(block_.data(), ahead_.data() + ahead_used_, count);
      ahead_used_ += count;
      return count;
    }
    return source_->read({block_.data(), block_size});
  }

  std::unique_ptr<ByteSource> source_;
  Dialect dialect_;
  std::string ahead_;
  std::size_t ahead_used_ = 0;
  std::vector<char> block_;
  std::size_t size_ = 0;
  std::uint64_t offset_ = 0;  ///< of the block in the file
  std::uint64_t line_ = 1;    ///< at the block's start
  ScanState state_;
  ScanIndex index_;
  std::size_t next_record_ = 0;
  std::string first_record_;
  std::uint64_t first_record_end_ = none;  ///< in the file
};

/// What cutting has found: where the shards asked for start and end, and the files' first records.
struct Cuts {
  std::vector<Cut> cuts;
  std::vector<std::string> first_records;
  Dialect dialect;
};

Cuts find_cuts(const std::vector<ShardFile>& files, const Dialect& dialect, bool sniff,
               const ShardRequest& request) {
  std::uint64_t total = 0;
  for (const ShardFile& file : files) total += file.size;
  const auto share = [&](unsigned k) {
    return total / request.count * k + total % request.count * k / request.count;
  };
  Cuts found{
      .cuts = {}, .first_records = std::vector<std::string>(files.size()), .dialect = dialect};
  unsigned k = request.first - 1;
  std::uint64_t before = 0;  // bytes of the files before this one
  bool first_seen = false;
  for (std::size_t i = 0; i < files.size() && k <= request.last; ++i) {
    RecordStarts starts(files[i], dialect, sniff);
    if (i == 0) found.dialect = starts.dialect();
    if (files[i].size > 0 && !starts.dialect().reads_as(found.dialect)) {
      throw AppError(ErrorKind::usage,
                     files[i].name + ": has other delimiters, quotes or record ends than " +
                         files[0].name + ", and shards are cut for one kind",
                     "cut each file for itself");
    }
    // The first shard has the first record of all, however small its share: a header is its own.
    const std::uint64_t least = first_seen ? 0 : before + 1;
    for (; k <= request.last; ++k) {
      Cut cut{.file = i, .offset = 0, .line = 1};
      const std::uint64_t target = k == 0 ? 0 : std::max(share(k), least);
      if (target > before && !starts.find(target - before, cut)) break;
      // A cut at the very end of a file is the start of the next.
      if (cut.offset >= files[i].size && target > before) break;
      found.cuts.push_back(cut);
    }
    found.first_records[i] = starts.first_record();
    first_seen = first_seen || !starts.first_record().empty();
    before += files[i].size;
  }
  for (; k <= request.last; ++k) found.cuts.push_back({files.size(), 0, 1});
  return found;
}

}  // namespace

std::vector<Shard> cut_shards(const std::vector<ShardFile>& files, const Dialect& dialect,
                              bool sniff, const ShardRequest& request) {
  const Cuts found = find_cuts(files, dialect, sniff, request);
  std::vector<Shard> shards;
  for (std::size_t i = 0; i + 1 < found.cuts.size(); ++i) {
    const Cut& from = found.cuts[i];
    const Cut& to = found.cuts[i + 1];
    Shard shard{.pieces = {}, .dialect = found.dialect, .first_header = {}};
    if (from.file > 0) shard.first_header = found.first_records[0];
    for (std::size_t file = from.file; file < files.size() && file <= to.file; ++file) {
      ShardPiece piece{.file = file, .begin = 0, .end = files[file].size, .line = 1, .header = {}};
      if (file == from.file) {
        piece.begin = from.offset;
        piece.line = from.line;
      }
      if (file == to.file) piece.end = to.offset;
      if (piece.begin > 0) piece.header = found.first_records[file];
      if (piece.begin < piece.end) shard.pieces.push_back(std::move(piece));
    }
    shards.push_back(std::move(shard));
  }
  return shards;
}

std::string shards_as_json(const std::vector<Shard>& shards, const std::vector<ShardFile>& files) {
  std::string json = "[";
  for (std::size_t i = 0; i < shards.size(); ++i) {
    json += i == 0 ? "\n" : ",\n";
    json += "{\"shard\":" + std::to_string(i + 1) + ",\"of\":" + std::to_string(shards.size()) +
            ",\"ranges\":[";
    for (std::size_t j = 0; j < shards[i].pieces.size(); ++j) {
      const ShardPiece& piece = shards[i].pieces[j];
      json += j == 0 ? "{\"input\":" : ",{\"input\":";
      append_json_string(json, files[piece.file].name, Replace::invalid);
      json += ",\"begin\":" + std::to_string(piece.begin) +
              ",\"end\":" + std::to_string(piece.end) + ",\"line\":" + std::to_string(piece.line) +
              "}";
    }
    json += "]}";
  }
  return json + "\n]\n";
}

}  // namespace nodeops::csv
