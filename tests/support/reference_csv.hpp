// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nodeops::test {

/// How the reference reads a text. `newline` cr: a lone CR ends records and LF is data; lf: LF or
/// CR LF ends records and a lone CR is data.
struct ReferenceDialect {
  enum class Newline { lf, cr };
  char delimiter = ',';
  std::optional<char> quote = '"';
  Newline newline = Newline::lf;
};

struct ReferenceField {
  std::string raw;          ///< the field's bytes as they stand, quotes included
  std::string value;        ///< what it says: quotes off, doubled quotes undone
  bool was_quoted = false;  ///< it starts with a quote
  std::size_t offset = 0;   ///< of its first byte, from the start of the text
};

struct ReferenceRecord {
  std::vector<ReferenceField> fields;  ///< at least one: an empty line is one empty field
  std::string end;                     ///< "\n", "\r\n", "\r", or empty at the end of the text
  std::size_t offset = 0;              ///< of its first byte
  std::size_t line = 1;                ///< physical line on which it starts, counting from 1
  std::size_t last_line = 1;           ///< physical line on which it ends
  bool unterminated = false;           ///< the text ended inside quotes
  std::size_t quote_line = 0;          ///< unterminated: the line of the quote that never closes

  /// The record's bytes without its end.
  std::string raw(char delimiter) const;
};

struct ReferenceText {
  bool byte_order_mark = false;  ///< the text starts with a UTF-8 BOM, which is in no field
  std::vector<ReferenceRecord> records;
};

/// The lenient grammar of CSV, byte by byte: slow, and plain enough to be seen to be right. It
/// shares nothing with lib/csv, so that one can be held against the other.
///
///                 ┌────────── delimiter, record end: next field ──────────┐
///                 v                                                       │
///   field start ──┬── quote ──> quoted ── quote ──> quote in quoted ──────┤
///                 │               ^ └ any other: value  │   │             │
///                 │               └──── quote: value ───┘   │ any other:  │
///                 │                                         v value       │
///                 └── any other: value ────────────────> unquoted ────────┘
///                                                        └ a quote is a character
ReferenceText parse_reference(std::string_view text, const ReferenceDialect& dialect = {});

/// The values alone.
std::vector<std::vector<std::string>> reference_values(const ReferenceText& text);

/// Puts the text together again from the parts: the same bytes, if the reading lost nothing.
std::string join_reference(const ReferenceText& text, const ReferenceDialect& dialect = {});

}  // namespace nodeops::test
