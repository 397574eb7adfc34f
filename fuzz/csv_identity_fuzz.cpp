// SPDX-License-Identifier: MIT
// A run without transforms gives back the bytes that went in, counts the records that the reference
// counts, and finds malformed what the reference finds malformed.
#include <algorithm>
#include <string_view>

#include "csv/transform_text.hpp"
#include "fuzz_input.hpp"
#include "support/reference_csv.hpp"

using namespace nodeops;
using nodeops::fuzz::require;

namespace {

/// What the run must count, by the reference.
struct Expected {
  bool header_is_open = false;  ///< a quote in the header never closes: no run is possible
  std::uint64_t in = 0;
  std::uint64_t failed = 0;
};

bool is_blank(const test::ReferenceRecord& record) {
  return record.fields.size() == 1 && record.fields[0].raw.empty();
}

Expected expect(std::string_view text) {
  const bool only_cr =
      text.find('\n') == std::string_view::npos && text.find('\r') != std::string_view::npos;
  test::ReferenceDialect dialect;
  if (only_cr) dialect.newline = test::ReferenceDialect::Newline::cr;
  const auto records = test::parse_reference(text, dialect).records;
  Expected expected;
  const auto header = std::find_if_not(records.begin(), records.end(), is_blank);
  if (header == records.end()) return expected;
  expected.header_is_open = header->unterminated;
  const std::size_t columns = header->fields.size();
  for (auto record = header + 1; record != records.end(); ++record) {
    // Blank lines are no records where records have more than one field.
    if (is_blank(*record) && columns > 1) continue;
    ++expected.in;
    if (record->unterminated || record->fields.size() != columns) ++expected.failed;
  }
  return expected;
}

bool is_wide(std::string_view text) {
  using namespace std::string_view_literals;
  return text.substr(0, 2) == "\xff\xfe"sv || text.substr(0, 2) == "\xfe\xff"sv ||
         text.substr(0, 4) == "\0\0\xfe\xff"sv;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Expected expected = expect(text);
  csv::TransformOptions options;
  options.on_error = csv::OnError::keep;
  for (const std::size_t block_size : {std::size_t{64}, std::size_t{1} << 16}) {
    options.block_size = block_size;
    options.workers = block_size == 64 ? 2 : 1;
    options.blocks_in_flight = options.workers + 2;
    const csv::TextOutcome run =
        csv::transform_text(options, text, block_size == 64 ? 7 : std::string_view::npos);
    if (is_wide(text) || expected.header_is_open) {
      require(run.error.has_value(), "a run that cannot be made says so");
      continue;
    }
    require(!run.error, "a run that keeps malformed records does not stop");
    require(run.output == text, "what is not touched comes out as it went in");
    require(run.records == expected.in, "records are counted as the reference counts them");
    require(run.refused == expected.failed, "malformed is what the reference finds malformed");
    require(run.filtered == 0, "nothing is filtered without a filter");
  }
  return 0;
}
