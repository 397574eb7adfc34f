// SPDX-License-Identifier: MIT
#include "csv/sniff.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "csv/scan.hpp"

namespace nodeops::csv {
namespace {

/// How well a dialect explains a text; larger is better.
struct Fit {
  double agreeing = 0;       ///< share of the records that have the most frequent number of fields
  std::uint32_t fields = 1;  ///< that number
  std::size_t quoted = 0;    ///< fields that open with the quote

  bool better_than(const Fit& other) const {
    if ((fields > 1) != (other.fields > 1)) return fields > 1;
    if (agreeing != other.agreeing) return agreeing > other.agreeing;
    if (quoted != other.quoted) return quoted > other.quoted;
    return fields > other.fields;
  }
};

std::size_t count_quoted(std::string_view text, const Dialect& dialect) {
  std::size_t count = text.front() == dialect.quote ? 1 : 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const bool at_start = text[i - 1] == dialect.delimiter || text[i - 1] == dialect.record_end();
    if (at_start && text[i] == dialect.quote) ++count;
  }
  return count;
}

/// `padded` has scan_slack bytes behind its `size` bytes of text.
Fit fit_of(const std::string& padded, std::size_t size, const Dialect& dialect) {
  ScanState state;
  ScanIndex index;
  scan({padded.data(), size}, dialect, state, index);
  std::map<std::uint32_t, std::size_t> by_fields;
  for (std::size_t i = 0; i < index.record_count; ++i) ++by_fields[index.records[i].fields];
  std::size_t records = index.record_count;
  if (records == 0) {  // a text without a record end is one record
    ++by_fields[state.fields + 1];
    records = 1;
  }
  const auto most =
      std::max_element(by_fields.begin(), by_fields.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  return {.agreeing = static_cast<double>(most->second) / static_cast<double>(records),
          .fields = most->first,
          .quoted = count_quoted({padded.data(), size}, dialect)};
}

}  // namespace

Dialect sniff(std::string_view start, const Dialect& dialect) {
  constexpr std::size_t enough = 64 << 10;
  const std::size_t size = std::min(start.size(), enough);
  if (size == 0) return dialect;
  std::string padded(start.substr(0, size));
  padded.append(scan_slack, '\0');
  Dialect best = dialect;
  Fit best_fit;
  for (const char quote : {'"', '\''}) {
    for (const char delimiter : {',', ';', '\t', '|', ':', '\x1f'}) {
      Dialect candidate = dialect;
      candidate.delimiter = delimiter;
      candidate.quote = quote;
      const Fit fit = fit_of(padded, size, candidate);
      // A single quote is an apostrophe unless it encloses fields.
      if (quote == '\'' && fit.quoted == 0) continue;
      if (!fit.better_than(best_fit)) continue;
      best = candidate;
      best_fit = fit;
    }
  }
  return best_fit.fields > 1 ? best : dialect;
}

}  // namespace nodeops::csv
