// SPDX-License-Identifier: MIT
#include "csv/json_text.hpp"

#include <array>
#include <cstddef>

namespace nodeops::csv {
namespace {

/// Bytes that stand in a JSON string as they are.
constexpr std::array<bool, 256> stands_as_it_is = [] {
  std::array<bool, 256> table{};
  for (std::size_t byte = 0x20; byte < 0x80; ++byte) table[byte] = byte != '"' && byte != '\\';
  return table;
}();

void append_escaped(std::string& to, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (c) {
    case '"':
      to += "\\\"";
      return;
    case '\\':
      to += "\\\\";
      return;
    case '\n':
      to += "\\n";
      return;
    case '\r':
      to += "\\r";
      return;
    case '\t':
      to += "\\t";
      return;
    default:
      break;
  }
  to += "\\u00";
  to += digits[static_cast<unsigned char>(c) >> 4U];
  to += digits[static_cast<unsigned char>(c) & 15U];
}

struct Sequence {
  std::size_t size;  ///< bytes that belong together, at least 1
  bool valid;
};

/// The UTF-8 sequence at the start of `text`, by table 3-7 of the Unicode Standard; of an invalid
/// one the maximal part that could have begun a valid one.
Sequence utf8_sequence(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  unsigned low = 0x80;
  unsigned high = 0xBF;
  std::size_t length = 0;
  if (first >= 0xC2 && first <= 0xDF)
    length = 2;
  else if (first >= 0xE0 && first <= 0xEF)
    length = 3;
  else if (first >= 0xF0 && first <= 0xF4)
    length = 4;
  else
    return {1, false};
  if (first == 0xE0) low = 0xA0;
  if (first == 0xED) high = 0x9F;
  if (first == 0xF0) low = 0x90;
  if (first == 0xF4) high = 0x8F;
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= text.size() || byte(i) < low || byte(i) > high) return {i, false};
    low = 0x80;
    high = 0xBF;
  }
  return {length, true};
}

}  // namespace

bool append_json_string(std::string& to, std::string_view value, Replace replace,
                        std::size_t most) {
  to += '"';
  std::size_t at = 0;
  while (at < value.size()) {
    std::size_t plain = at;
    while (plain < value.size() && stands_as_it_is[static_cast<unsigned char>(value[plain])])
      ++plain;
    to.append(value, at, plain - at);
    at = plain;
    if (at == value.size()) break;
    if (static_cast<unsigned char>(value[at]) < 0x80) {
      append_escaped(to, value[at++]);
      if (to.size() > most) return false;
      continue;
    }
    const Sequence sequence = utf8_sequence(value.substr(at));
    if (sequence.valid) {
      to.append(value, at, sequence.size);
    } else if (replace == Replace::invalid) {
      to += "\xEF\xBF\xBD";
    } else {
      return false;
    }
    at += sequence.size;
  }
  to += '"';
  return true;
}

}  // namespace nodeops::csv
