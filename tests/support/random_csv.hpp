// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace nodeops::test {

/// What a random CSV may hold. Everything off: plain fields, LF, the same number in every record.
struct RandomCsvOptions {
  std::size_t records = 40;
  std::size_t columns = 4;
  char delimiter = ',';
  char quote = '"';
  bool quoted_fields = true;       ///< with delimiters, doubled quotes and line ends inside
  bool adversarial_fields = true;  ///< quoted fields made of lines that look like records
  bool stray_quotes = false;       ///< quotes inside unquoted fields, text after a closing quote
  bool crlf_ends = false;          ///< CR LF for some records, LF for others
  bool lone_carriage_returns = false;
  bool nul_bytes = false;
  bool invalid_utf8 = false;
  bool byte_order_mark = false;
  bool ragged = false;  ///< some records with fewer or more fields
  bool empty_lines = false;
  bool unterminated_quote = false;  ///< the last field opens a quote that never closes
  bool no_final_newline = false;
  std::size_t longest_field = 40;  ///< bytes, about; now and then one of ten times that
};

/// CSV with a header `c1,c2,…`. The same seed and options give the same bytes on every machine.
std::string random_csv(std::uint64_t seed, const RandomCsvOptions& options = {});

/// Options with everything odd turned on or off by the seed.
RandomCsvOptions random_options(std::uint64_t seed);

/// The text with some bytes changed, dropped, doubled, or swapped for ones that mean something in
/// CSV: still the same on every machine.
std::string mangle(std::string text, std::uint64_t seed);

}  // namespace nodeops::test
