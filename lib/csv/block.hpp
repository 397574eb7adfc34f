// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "csv/assembler.hpp"
#include "csv/dialect.hpp"
#include "csv/position.hpp"
#include "csv/scan.hpp"
#include "csv/scratch.hpp"

namespace nodeops::csv {

struct RunPlan;

/// What the start of an input told, before its first block was read.
struct InputStart {
  Dialect dialect;                  ///< with everything that was to be detected decided
  std::size_t byte_order_mark = 0;  ///< bytes of it: 0 or 3
  std::uint64_t line = 1;  ///< where the data starts in the file: a shard starts behind its start
  std::uint64_t offset = 0;
  std::string header;      ///< of a shard that does not hold it: the file's header record
  bool under_way = false;  ///< an earlier run has done what is before `offset`, the header included
};

/// Why a record is malformed. An endless quote is open at the end of the longest record there may
/// be, an open one at the end of the input.
enum class Malformed { ragged, open_quote, endless_quote, too_long, transform };

/// Whole records in a row, scanned. The last may lack its record end: it then ends at `size`.
struct Chunk {
  char* text = nullptr;
  std::size_t size = 0;
  ScanIndex index;
  std::size_t skip =
      0;  ///< records at the start that are not data: the header, what stands before it
  bool quote_is_open = false;  ///< the last record's quote never closes
  std::uint64_t line = 1;      ///< physical line on which the first record starts
  std::uint64_t offset =
      0;  ///< where the first record starts in the (decompressed) input, in bytes

  void clear() {
    size = skip = 0;
    index.record_count = 0;
    quote_is_open = false;
  }
};

/// A part of a record that is longer than any may be: such a record passes in pieces, never whole.
struct LongPiece {
  std::string bytes;
  bool present = false;
  bool starts = false;  ///< the record's first piece
  bool quote_is_open =
      false;               ///< of a first piece: the record got long because a quote did not close
  std::uint64_t line = 0;  ///< of a first piece: where the record starts, or its open quote
  std::uint64_t offset = 0;
};

/// A record that was refused, or a later piece of one that is too long. What there is to say about
/// it is put into words only when it is told: see RejectLog.
struct Reject {
  static constexpr std::size_t no_column = static_cast<std::size_t>(-1);

  std::string_view bytes = {};  ///< with its record end
  bool starts = true;           ///< false: goes on with the record of the last reject
  Malformed why = Malformed::ragged;
  std::uint64_t amount = 0;  ///< ragged: its fields. too_long: its bytes; 0: not known yet
  std::size_t column = no_column;
  std::string detail = {};            ///< transform: why, for people
  std::uint64_t line = 0;             ///< counted from 1
  std::uint64_t offset = 0;           ///< bytes from the start of the input
  std::size_t output_before = 0;      ///< bytes of this portion's output that stand before it
  std::uint64_t records_before = 0;   ///< records of this portion that stand before it
  std::uint64_t filtered_before = 0;  ///< of these, left out by a filter
};

/// What flows through the pipeline: the bytes of one read, then the whole records made of them,
/// then what is to be written. Its memory is reused from lap to lap.
///
///     memory: [ headroom: the tail of the block before ][ what was read ][ slack for vector loads
///     ]
struct Block {
  // Filled by the reader.
  std::unique_ptr<char[]> memory;
  char* data = nullptr;   ///< behind the headroom
  std::size_t size = 0;   ///< bytes read
  std::size_t input = 0;  ///< which of the inputs
  bool first_of_input = false;
  InputStart start;  ///< of the first block of an input
  bool last_of_input = false;
  bool input_paused = false;  ///< the input had no more for now: pass on what there is
  bool on_grid = false;       ///< ends at a multiple of the grid, or at the input's end

  // Filled by the framer, one block at a time.
  LongPiece long_end;              ///< the rest, or more, of a too long record of an earlier block
  std::string straddler;           ///< backs `straddling`
  Chunk straddling;                ///< one record that began more than a headroom ago
  Chunk chunk;                     ///< the records that end in this block
  LongPiece long_start;            ///< the start of a too long record
  std::string head;                ///< goes out before everything: byte order mark, header
  const RunPlan* plan = nullptr;   ///< null: the columns are not known yet, and no record has come
  std::optional<Position> border;  ///< behind the block, without counts; empty: not between records

  // Filled by the worker, portion by portion: nearly always there is one.
  Scratch scratch;
  Assembler output;
  std::vector<Reject> rejects;
  std::uint64_t records = 0;   ///< data records seen, good and bad
  std::uint64_t filtered = 0;  ///< of these, left out by a filter
  bool unfinished = false;     ///< more is to come when this has been written

  /// Gives the memory of a record of megabytes back: such are rare.
  void forget_straddler() {
    if (straddler.empty()) return;
    // An empty string that is assigned would keep the memory.
    std::string().swap(straddler);
    straddling = Chunk();
    output.clear();
    scratch.clear();
  }
};

}  // namespace nodeops::csv
