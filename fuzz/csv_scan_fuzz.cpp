// SPDX-License-Identifier: MIT
// Every scanner kernel finds what the byte-by-byte reference finds, wherever the text is cut.
#include <cstring>
#include <string>
#include <vector>

#include "csv/scan.hpp"
#include "fuzz_input.hpp"
#include "support/reference_csv.hpp"

using namespace nodeops;
using nodeops::fuzz::FuzzInput;
using nodeops::fuzz::require;

namespace {

struct Findings {
  std::vector<std::size_t> field_ends;    ///< offsets, the records' ends among them
  std::vector<std::size_t> record_ends;   ///< offsets
  std::vector<std::size_t> field_counts;  ///< of each record
  std::size_t lines = 0;
  bool inside = false;  ///< the text ends within quotes

  bool operator==(const Findings&) const = default;
};

csv::Dialect choose_dialect(FuzzInput& input) {
  csv::Dialect dialect;
  dialect.delimiter = ",;\t|"[input.choose(4)];
  dialect.quote = "\"'"[input.choose(2)];
  dialect.quoting = input.choose(8) != 0;
  dialect.newline = input.choose(4) == 0 ? csv::Newline::cr : csv::Newline::lf;
  return dialect;
}

void scan_piece(const csv::ScanKernel& kernel, std::string_view piece, std::size_t offset,
                const csv::Dialect& dialect, csv::ScanState& state, Findings& found) {
  std::string memory(piece);
  // What stands in the slack must not matter, so it looks like data.
  memory.append(csv::scan_slack, dialect.quote);
  csv::ScanIndex index;
  csv::scan_with(kernel, {memory.data(), piece.size()}, dialect, state, index);
  for (std::size_t i = 0; i < piece.size(); ++i) {
    if ((index.field_ends[i / 64] >> i % 64 & 1) != 0) found.field_ends.push_back(offset + i);
  }
  for (std::size_t i = 0; i < index.record_count; ++i) {
    found.record_ends.push_back(offset + index.records[i].end);
    found.field_counts.push_back(index.records[i].fields);
  }
  found.lines += index.lines;
  found.inside = state.inside != 0;
}

Findings reference_findings(std::string_view text, const csv::Dialect& dialect) {
  test::ReferenceDialect plain;
  plain.delimiter = dialect.delimiter;
  if (!dialect.quoting) plain.quote.reset();
  if (dialect.quoting) plain.quote = dialect.quote;
  const bool cr = dialect.newline == csv::Newline::cr;
  plain.newline = cr ? test::ReferenceDialect::Newline::cr : test::ReferenceDialect::Newline::lf;
  Findings found;
  for (const char c : text) found.lines += c == dialect.record_end() ? 1 : 0;
  for (const test::ReferenceRecord& record : test::parse_reference(text, plain).records) {
    const std::size_t last = record.fields.size() - 1;
    for (std::size_t i = 0; i < last; ++i) {
      found.field_ends.push_back(record.fields[i].offset + record.fields[i].raw.size());
    }
    found.inside = record.unterminated;
    if (record.end.empty()) continue;
    const test::ReferenceField& field = record.fields[last];
    const std::size_t end = field.offset + field.raw.size() + record.end.size() - 1;
    found.field_ends.push_back(end);
    found.record_ends.push_back(end);
    found.field_counts.push_back(record.fields.size());
  }
  return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzInput input(data, size);
  const csv::Dialect dialect = choose_dialect(input);
  std::size_t cut = input.choose(256);
  const std::string_view text = input.rest();
  // The byte order mark is taken off before the scanner.
  if (text.substr(0, 3) == "\xef\xbb\xbf") return 0;
  if (cut > text.size()) cut = text.size();
  const Findings expected = reference_findings(text, dialect);
  for (const csv::ScanKernel& kernel : csv::scan_kernels()) {
    csv::ScanState state;
    Findings found;
    scan_piece(kernel, text.substr(0, cut), 0, dialect, state, found);
    scan_piece(kernel, text.substr(cut), cut, dialect, state, found);
    require(found == expected, "a kernel finds what the reference finds");
  }
  return 0;
}
