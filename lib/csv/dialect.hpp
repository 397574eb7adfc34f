// SPDX-License-Identifier: MIT
#pragma once

namespace nodeops::csv {

/// What ends a record. `automatic`: a lone CR does in a file whose first block has CRs and no LF,
/// else LF does. A CR before the LF belongs to the record's end.
enum class Newline { automatic, lf, cr };

/// How bytes become records and fields: RFC 4180, read leniently. A quote opens only at the start
/// of a field; elsewhere in an unquoted field it is a character, and so is what follows a closing
/// quote up to the next delimiter.
struct Dialect {
  char delimiter = ',';
  char quote = '"';
  bool quoting = true;  ///< false: quote characters have no meaning
  bool header = true;   ///< the first record names the columns
  Newline newline = Newline::automatic;

  /// The byte that ends a record. Not to be asked before `automatic` has been decided.
  char record_end() const { return newline == Newline::cr ? '\r' : '\n'; }

  /// True when both make the same records and fields of any bytes.
  bool reads_as(const Dialect& other) const {
    return delimiter == other.delimiter && quoting == other.quoting &&
           (!quoting || quote == other.quote) && record_end() == other.record_end();
  }
};

}  // namespace nodeops::csv
