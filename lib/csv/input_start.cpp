// SPDX-License-Identifier: MIT
#include "csv/input_start.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "csv/sniff.hpp"

namespace nodeops::csv {
namespace {

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";

/// The name of a wide encoding that the text is in by its byte order mark; null for none.
const char* wide_encoding(std::string_view start) {
  using namespace std::string_view_literals;
  if (start.starts_with("\xFF\xFE\0\0"sv)) return "UTF-32LE";
  if (start.starts_with("\0\0\xFE\xFF"sv)) return "UTF-32BE";
  if (start.starts_with("\xFF\xFE"sv)) return "UTF-16LE";
  if (start.starts_with("\xFE\xFF"sv)) return "UTF-16BE";
  return nullptr;
}

}  // namespace

void read_start(ByteSource& source, std::string& start, std::size_t wanted) {
  constexpr std::size_t longest_start = 1 << 20;
  constexpr std::size_t step = 64 << 10;
  while (start.size() < longest_start) {
    const auto had = start.size();
    start.resize(had + step);
    start.resize(had + source.read({start.data() + had, step}));
    if (start.size() == had) return;
    const bool told = start.find('\n') != std::string::npos;
    if (told && (start.size() >= wanted || !source.ready(std::chrono::milliseconds(1)))) return;
  }
}

InputStart examine_start(std::string_view start, Dialect dialect, bool sniff,
                         const std::string& name) {
  if (const char* const encoding = wide_encoding(start)) {
    throw AppError(ErrorKind::bad_data, name + ": is " + encoding + ", not UTF-8",
                   std::string("convert it first: iconv -f ") + encoding + " -t UTF-8");
  }
  InputStart found;
  if (start.starts_with(utf8_mark)) found.byte_order_mark = utf8_mark.size();
  if (dialect.newline == Newline::automatic) {
    const bool only_cr =
        start.find('\n') == std::string_view::npos && start.find('\r') != std::string_view::npos;
    dialect.newline = only_cr ? Newline::cr : Newline::lf;
  }
  found.dialect = sniff ? csv::sniff(start.substr(found.byte_order_mark), dialect) : dialect;
  return found;
}

std::string_view line_end(std::string_view start, const Dialect& dialect) {
  if (dialect.newline == Newline::cr) return "\r";
  const auto first = start.find('\n');
  return first != std::string_view::npos && first > 0 && start[first - 1] == '\r' ? "\r\n" : "\n";
}

std::string_view without_line_end(std::string_view record, const Dialect& dialect) {
  if (!record.empty() && record.back() == dialect.record_end()) {
    record.remove_suffix(1);
    if (dialect.record_end() == '\n' && !record.empty() && record.back() == '\r')
      record.remove_suffix(1);
  }
  return record;
}

}  // namespace nodeops::csv
