// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "csv/dialect.hpp"
#include "csv/large_array.hpp"

namespace nodeops::csv {

/// What the scanner knows between two pieces of text.
struct ScanState {
  std::uint64_t inside = 0;  ///< all ones: inside a quoted field, else 0
  bool may_open =
      true;  ///< the last byte was a delimiter, a record end or a quote: a quote now counts
  std::uint32_t fields = 0;  ///< ended fields of the unfinished record
};

/// One record of a scanned text: it ends before `end`, where its LF (or CR) is.
struct RecordEnd {
  std::uint32_t end;     ///< offset of the record's last separator in the text
  std::uint32_t fields;  ///< number of fields, at least 1
};

/// What a scan finds. Reused from block to block.
struct ScanIndex {
  std::vector<std::uint64_t>
      field_ends;                 ///< a bit per byte: a delimiter or record end outside quotes
  LargeArray<RecordEnd> records;  ///< in order
  std::size_t record_count = 0;   ///< how many of `records` are in use
  std::uint64_t lines = 0;        ///< record-end bytes in the text, inside quotes or not
};

/// The longest text one scan takes, in bytes: offsets are 32 bits.
constexpr std::size_t longest_scan = std::size_t{1} << 31;
/// How many bytes behind the text a scan may read (and ignore).
constexpr std::size_t scan_slack = 64;

/// One implementation of the scanner; all find the same, byte for byte.
struct ScanKernel {
  std::string_view name;
  /// Scans `size` bytes at `text` and fills `index`, which prepare() has made large enough.
  void (*scan)(const char* text, std::size_t size, const Dialect& dialect, ScanState& state,
               ScanIndex& index);
};

/// Every kernel that this processor can run, fastest first. The last one is portable C++.
const std::vector<ScanKernel>& scan_kernels();

/// Finds the ends of fields and records in `text`, 64 bytes at a time, with the fastest kernel.
/// `state` is that of the text before and becomes that of the text behind. The scan_slack bytes
/// behind the text must be readable. The method is that of G. Langdale and D. Lemire, "Parsing
/// gigabytes of JSON per second" (2019), section 3: bit masks, and quotes by prefix XOR.
void scan(std::string_view text, const Dialect& dialect, ScanState& state, ScanIndex& index);

/// As scan(), with the kernel of one's choice.
void scan_with(const ScanKernel& kernel, std::string_view text, const Dialect& dialect,
               ScanState& state, ScanIndex& index);

}  // namespace nodeops::csv
