// SPDX-License-Identifier: MIT
// Whatever the dialect and the policy: neither the block size, nor the number of workers, nor the
// pieces in which the input arrives change what comes out, and JSON holds the reference's values.
#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "csv/transform_text.hpp"
#include "fuzz_input.hpp"
#include "support/reference_csv.hpp"

using namespace nodeops;
using nlohmann::json;
using nodeops::fuzz::FuzzInput;
using nodeops::fuzz::require;

namespace {

csv::TransformOptions choose_options(FuzzInput& input) {
  csv::TransformOptions options;
  options.dialect.delimiter = ",;\t|"[input.choose(4)];
  options.dialect.quote = "\"'"[input.choose(2)];
  const std::size_t flags = input.choose(64);
  options.dialect.quoting = (flags & 7) != 7;
  options.dialect.header = (flags & 8) == 0;
  options.form = (flags & 16) == 0 ? csv::Form::csv : csv::Form::ndjson;
  options.sniff = (flags & 32) != 0;
  const std::size_t more = input.choose(64);
  options.dialect.newline =
      std::array{csv::Newline::automatic, csv::Newline::lf, csv::Newline::cr}[more % 3];
  options.on_error = std::array{csv::OnError::stop, csv::OnError::skip, csv::OnError::keep,
                                csv::OnError::keep}[more / 3 % 4];
  if (more >= 48 && options.on_error != csv::OnError::stop) options.max_errors = more - 48;
  return options;
}

std::string describe(const csv::TextOutcome& outcome) {
  // A run that never got behind its header may have passed on the blank lines before it, or not.
  if (outcome.error && outcome.records == 0) return outcome.error->line();
  return outcome.output + '\x1e' + outcome.rejects + '\x1e' + outcome.reasons + '\x1e' +
         std::to_string(outcome.records) + ' ' + std::to_string(outcome.refused) + ' ' +
         (outcome.error ? outcome.error->line() : "");
}

csv::Newline decided_newline(const csv::TransformOptions& options, std::string_view text) {
  if (options.dialect.newline != csv::Newline::automatic) return options.dialect.newline;
  const bool only_cr =
      text.find('\n') == std::string_view::npos && text.find('\r') != std::string_view::npos;
  return only_cr ? csv::Newline::cr : csv::Newline::lf;
}

/// Holds an NDJSON output without a header against the reference; texts that JSON cannot hold are
/// left out.
void check_values(const csv::TransformOptions& options, std::string_view text,
                  std::string_view output) {
  test::ReferenceDialect dialect;
  dialect.delimiter = options.dialect.delimiter;
  if (!options.dialect.quoting) dialect.quote.reset();
  if (options.dialect.quoting) dialect.quote = options.dialect.quote;
  if (decided_newline(options, text) == csv::Newline::cr) {
    dialect.newline = test::ReferenceDialect::Newline::cr;
  }
  json expected = json::array();
  std::size_t columns = 0;
  for (const test::ReferenceRecord& record : test::parse_reference(text, dialect).records) {
    // Blank lines are records only behind the first record of a table with one column.
    const bool blank = record.fields.size() == 1 && record.fields[0].raw.empty();
    if (blank && columns != 1) continue;
    if (columns == 0) columns = record.fields.size();
    if (record.unterminated) return;
    json row = json::array();
    for (const test::ReferenceField& field : record.fields) row.push_back(field.value);
    expected.push_back(std::move(row));
  }
  json found = json::array();
  while (!output.empty()) {
    const std::size_t end = output.find('\n');
    found.push_back(json::parse(output.substr(0, end)));
    output.remove_prefix(end + 1);
  }
  try {
    static_cast<void>(expected.dump());
  } catch (const json::type_error&) {
    return;
  }
  require(found == expected, "JSON holds the reference's values");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzInput input(data, size);
  csv::TransformOptions options = choose_options(input);
  const std::size_t block_size = 64 + input.choose(256);
  // What is sniffed is what has arrived: there the pieces may show.
  const std::size_t chosen = 1 + input.choose(100);
  const std::size_t piece = options.sniff ? std::string_view::npos : chosen;
  const bool limited = input.choose(3) == 2;
  if (limited) options.longest_record = 8 + input.choose(64);
  const std::string_view text = input.rest();
  options.block_size = 1 << 16;
  const csv::TextOutcome whole = csv::transform_text(options, text);
  options.block_size = block_size;
  options.workers = 2;
  options.blocks_in_flight = 4;
  const csv::TextOutcome pieces = csv::transform_text(options, text, piece);
  // A record over the limit that is met in pieces is described, and in JSON kept, otherwise than
  // one that fitted into a block.
  if (limited) {
    if (whole.error || pieces.error || options.form == csv::Form::ndjson) return 0;
    require(whole.output == pieces.output && whole.rejects == pieces.rejects &&
                whole.records == pieces.records && whole.refused == pieces.refused,
            "neither blocks nor pieces show in what comes out of records over the limit");
  } else {
    require(describe(whole) == describe(pieces),
            "neither blocks nor pieces show in what comes out");
  }
  const bool all_kept = options.on_error == csv::OnError::keep && !whole.error;
  if (all_kept && options.form == csv::Form::csv) {
    require(whole.output == text, "what is kept and not touched comes out as it went in");
  }
  if (all_kept && options.form == csv::Form::ndjson && !options.dialect.header && !options.sniff) {
    check_values(options, text, whole.output);
  }
  return 0;
}
