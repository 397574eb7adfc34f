// SPDX-License-Identifier: MIT
#include "csv/scan.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "support/random_csv.hpp"
#include "support/reference_csv.hpp"

using namespace nodeops::csv;
using namespace nodeops::test;

namespace {

/// The end of each field and record as a scan finds them: a digit per byte, 1 for a field, 2 for a
/// record.
std::string marks(const ScanIndex& index, std::size_t size) {
  std::string found(size, '.');
  for (std::size_t i = 0; i < size; ++i) {
    if ((index.field_ends[i / 64] >> i % 64 & 1U) != 0) found[i] = '1';
  }
  for (std::size_t i = 0; i < index.record_count; ++i) found[index.records[i].end] = '2';
  return found;
}

/// The same from the reference.
std::string reference_marks(std::string_view text, const ReferenceDialect& dialect) {
  std::string found(text.size(), '.');
  for (const auto& record : parse_reference(text, dialect).records) {
    for (const auto& field : record.fields) {
      const auto end = field.offset + field.raw.size();
      if (end < text.size()) found[end] = '1';
    }
    if (record.end.empty()) continue;
    const auto last =
        record.fields.back().offset + record.fields.back().raw.size() + record.end.size() - 1;
    for (std::size_t i = record.fields.back().offset + record.fields.back().raw.size(); i < last;
         ++i)
      found[i] = '.';
    found[last] = '2';
  }
  return found;
}

/// Scans a text whose slack is full of bytes that would matter if they were looked at.
ScanIndex scan_all(const ScanKernel& kernel, std::string text, const Dialect& dialect,
                   ScanState& state) {
  const auto size = text.size();
  text.append(scan_slack, '"');
  ScanIndex index;
  scan_with(kernel, {text.data(), size}, dialect, state, index);
  return index;
}

Dialect lf_dialect() {
  Dialect dialect;
  dialect.newline = Newline::lf;
  return dialect;
}

}  // namespace

TEST_CASE("every scan kernel finds what the reference finds, at every length around a word") {
  for (const ScanKernel& kernel : scan_kernels()) {
    CAPTURE(kernel.name);
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
      auto options = random_options(seed);
      options.byte_order_mark = false;
      options.stray_quotes = seed % 2 == 0;
      options.delimiter = ',';
      options.quote = '"';
      const auto text = mangle(random_csv(seed, options), seed).substr(0, 40 + seed);
      CAPTURE(text);
      ScanState state;
      const auto index = scan_all(kernel, text, lf_dialect(), state);
      REQUIRE(marks(index, text.size()) == reference_marks(text, {}));
      CHECK(index.lines == static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n')));
    }
  }
}

TEST_CASE("a scan goes on where the last one stopped, wherever the text is cut") {
  auto options = RandomCsvOptions{};
  options.stray_quotes = true;
  const auto text = random_csv(7, options);
  for (const ScanKernel& kernel : scan_kernels()) {
    ScanState whole_state;
    const auto whole = scan_all(kernel, text, lf_dialect(), whole_state);
    for (std::size_t cut = 0; cut <= text.size(); cut += 3) {
      ScanState state;
      const auto first = scan_all(kernel, text.substr(0, cut), lf_dialect(), state);
      const auto second = scan_all(kernel, text.substr(cut), lf_dialect(), state);
      CHECK(marks(first, cut) + marks(second, text.size() - cut) == marks(whole, text.size()));
      CHECK((state.inside != 0) == (whole_state.inside != 0));
      CHECK(state.fields == whole_state.fields);
    }
  }
}

TEST_CASE("each record knows how many fields it has") {
  for (const ScanKernel& kernel : scan_kernels()) {
    ScanState state;
    const auto index = scan_all(kernel, "a,b,c\n\n\"x,\ny\",2\n,\nlast,one", lf_dialect(), state);
    REQUIRE(index.record_count == 4);
    CHECK(index.records[0].fields == 3);
    CHECK(index.records[1].fields == 1);
    CHECK(index.records[2].fields == 2);
    CHECK(index.records[3].fields == 2);
    CHECK(state.fields == 1);
  }
}

TEST_CASE("a text of nothing but record ends has room for all of them") {
  for (const ScanKernel& kernel : scan_kernels()) {
    ScanState state;
    CHECK(scan_all(kernel, std::string(100'000, '\n'), lf_dialect(), state).record_count ==
          100'000);
  }
}

TEST_CASE("with quoting off quotes mean nothing, with lone CR the LF is data") {
  auto dialect = lf_dialect();
  dialect.quoting = false;
  for (const ScanKernel& kernel : scan_kernels()) {
    ScanState state;
    CHECK(marks(scan_all(kernel, "\"a,b\"\n", dialect, state), 6) == "..1..2");
    Dialect cr;
    cr.newline = Newline::cr;
    state = {};
    CHECK(marks(scan_all(kernel, "a\nb,c\rd\r", cr, state), 8) == "...1.2.2");
  }
}
