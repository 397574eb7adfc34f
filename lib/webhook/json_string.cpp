// SPDX-License-Identifier: MIT
// JsonDocument's strings.
#include <array>
#include <cstring>

#include "webhook/json_document.hpp"

namespace nodeops::webhook {
namespace {

/// True for a byte of a string that stands for itself.
constexpr std::array<bool, 256> plain = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0x20; c < table.size(); ++c) table[c] = c != '"' && c != '\\';
  return table;
}();

/// What a letter behind a backslash stands for; zero: nothing.
constexpr std::array<char, 256> meanings = [] {
  constexpr std::string_view letters = "\"\\/bfnrt";
  constexpr std::string_view what = "\"\\/\b\f\n\r\t";
  std::array<char, 256> table{};
  for (std::size_t i = 0; i < letters.size(); ++i)
    table[static_cast<unsigned char>(letters[i])] = what[i];
  return table;
}();

/// True when one of eight bytes does not stand for itself, or may not: a byte above 0x7F that
/// follows such a one is taken for another, which costs only time.
constexpr bool has_special(std::uint64_t word) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t highs = 0x80 * ones;
  const auto has_zero = [](std::uint64_t bytes) { return (bytes - ones) & ~bytes & highs; };
  const std::uint64_t control = (word - 0x20 * ones) & ~word & highs;
  return (control | has_zero(word ^ ('"' * ones)) | has_zero(word ^ ('\\' * ones))) != 0;
}

void append_utf8(char*& to, char32_t point) {
  const auto add = [&to](char32_t byte) { *to++ = static_cast<char>(byte); };
  if (point < 0x80) return add(point);
  if (point < 0x800) {
    add(0xC0 | point >> 6);
  } else if (point < 0x10000) {
    add(0xE0 | point >> 12);
    add(0x80 | (point >> 6 & 0x3F));
  } else {
    add(0xF0 | point >> 18);
    add(0x80 | (point >> 12 & 0x3F));
    add(0x80 | (point >> 6 & 0x3F));
  }
  add(0x80 | (point & 0x3F));
}

}  // namespace

/// The first byte from there on that is not plain.
std::size_t JsonDocument::plain_end(std::size_t from) const {
  while (from + sizeof(std::uint64_t) <= text_.size()) {
    std::uint64_t word = 0;
    std::memcpy(&word, text_.data() + from, sizeof word);
    if (has_special(word)) break;
    from += sizeof word;
  }
  while (from < text_.size() && plain[static_cast<unsigned char>(text_[from])]) ++from;
  return from;
}

std::string_view JsonDocument::read_string() {
  const std::size_t begin = ++at_;
  at_ = plain_end(at_);
  if (at_ < text_.size() && text_[at_] == '"') return text_.substr(begin, at_++ - begin);
  return read_escaped(begin);
}

std::string_view JsonDocument::read_escaped(std::size_t begin) {
  const char* const first = next_;
  std::size_t from = begin;
  while (true) {
    std::memcpy(next_, text_.data() + from, at_ - from);
    next_ += at_ - from;
    if (at_ >= text_.size()) fail("");
    if (text_[at_] == '"') break;
    if (text_[at_] != '\\') fail("a control character within a string");
    unescape();
    from = at_;
    at_ = plain_end(at_);
  }
  ++at_;
  return {first, static_cast<std::size_t>(next_ - first)};
}

void JsonDocument::unescape() {
  ++at_;
  if (at_ >= text_.size()) fail("");
  const char c = text_[at_];
  if (c != 'u') {
    const char meaning = meanings[static_cast<unsigned char>(c)];
    if (meaning == '\0') fail("an unknown escape");
    *next_++ = meaning;
    ++at_;
    return;
  }
  char32_t point = read_hex4();
  if (point >= 0xDC00 && point <= 0xDFFF) fail("half of a surrogate pair");
  if (point >= 0xD800 && point <= 0xDBFF) {
    if (text_.substr(at_, 2) != "\\u") fail("half of a surrogate pair");
    ++at_;
    const char32_t low = read_hex4();
    if (low < 0xDC00 || low > 0xDFFF) fail("half of a surrogate pair");
    point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
  }
  append_utf8(next_, point);
}

/// The four digits behind the u that stands here.
char32_t JsonDocument::read_hex4() {
  char32_t value = 0;
  ++at_;
  for (int i = 0; i < 4; ++i, ++at_) {
    if (at_ >= text_.size()) fail("");
    const char c = text_[at_];
    const char lower = static_cast<char>(c | 0x20);
    if (c >= '0' && c <= '9')
      value = value << 4 | static_cast<char32_t>(c - '0');
    else if (lower >= 'a' && lower <= 'f')
      value = value << 4 | static_cast<char32_t>(lower - 'a' + 10);
    else
      fail("a hexadecimal digit is missing");
  }
  return value;
}

}  // namespace nodeops::webhook
