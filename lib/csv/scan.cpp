// SPDX-License-Identifier: MIT
#include "csv/scan.hpp"

#include <bit>
#include <cassert>
#include <cstring>

#include "csv/scan_word.hpp"
#include "csv/scan_x86.hpp"

namespace nodeops::csv {

std::uint64_t quotes_that_count(std::uint64_t separators, std::uint64_t quotes, bool inside,
                                bool may_open) {
  std::uint64_t counting = 0;
  for (std::uint64_t left = quotes; left != 0; left &= left - 1) {
    const std::uint64_t here = left & (0 - left);
    const bool opens = here == 1 ? may_open : ((separators | counting) & here >> 1) != 0;
    if (!inside && !opens) continue;
    inside = !inside;
    counting |= here;
  }
  return counting;
}

RecordEnd* grow_records(ScanIndex& index, const RecordEnd* next_record) {
  const auto used = next_record - index.records.data();
  index.records.resize(index.records.size() * 2);
  return index.records.data() + used;
}

namespace {

/// A byte eight times.
constexpr std::uint64_t eight_times(char byte) {
  return 0x0101010101010101U * static_cast<unsigned char>(byte);
}

/// Bit i is set when byte i of `text` equals the byte that `pattern` repeats.
std::uint64_t equal_bytes(std::uint64_t text, std::uint64_t pattern) {
  constexpr std::uint64_t low_bits = 0x7f7f7f7f7f7f7f7f;
  const std::uint64_t difference = text ^ pattern;
  const std::uint64_t zeros = ~(((difference & low_bits) + low_bits) | difference | low_bits);
  return (zeros >> 7) * 0x0102040810204080 >> 56;
}

WordMasks load_masks(const char* text, const Dialect& dialect) {
  WordMasks masks{};
  for (std::size_t at = 0; at < 64; at += 8) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text + at, sizeof bytes);
    if constexpr (std::endian::native == std::endian::big) bytes = __builtin_bswap64(bytes);
    masks.delimiters |= equal_bytes(bytes, eight_times(dialect.delimiter)) << at;
    masks.newlines |= equal_bytes(bytes, eight_times(dialect.record_end())) << at;
    if (dialect.quoting) masks.quotes |= equal_bytes(bytes, eight_times(dialect.quote)) << at;
  }
  return masks;
}

void scan_portable(const char* text, std::size_t size, const Dialect& dialect, ScanState& state,
                   ScanIndex& index) {
  ScanCursor cursor(state, index);
  PortionMasks masks;
  for (std::size_t at = 0; at < size;) {
    const std::size_t words = words_in_portion(size - at);
    for (std::size_t i = 0; i < words; ++i) masks[i] = load_masks(text + at + i * 64, dialect);
    at = resolve_portion(masks, words, at, size, cursor, index);
  }
  finish_scan(cursor, state, index);
}

}  // namespace

const std::vector<ScanKernel>& scan_kernels() {
  static const std::vector<ScanKernel> kernels = [] {
    std::vector<ScanKernel> all = x86_scan_kernels();
    all.push_back({"portable", scan_portable});
    return all;
  }();
  return kernels;
}

void scan_with(const ScanKernel& kernel, std::string_view text, const Dialect& dialect,
               ScanState& state, ScanIndex& index) {
  assert(text.size() <= longest_scan && dialect.newline != Newline::automatic);
  constexpr std::size_t first_records = 2 * portion_records;
  if (index.records.size() < first_records) index.records.resize(first_records);
  const std::size_t words = (text.size() + 63) / 64;
  if (index.field_ends.size() < words) index.field_ends.resize(words);
  index.record_count = 0;
  index.lines = 0;
  kernel.scan(text.data(), text.size(), dialect, state, index);
}

void scan(std::string_view text, const Dialect& dialect, ScanState& state, ScanIndex& index) {
  scan_with(scan_kernels().front(), text, dialect, state, index);
}

}  // namespace nodeops::csv
