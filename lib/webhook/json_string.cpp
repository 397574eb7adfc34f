// SPDX-License-Identifier: MIT
// JsonDocument's strings.
#include <array>

#include "core/bytes16.hpp"
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

/// How many of sixteen bytes, from the first, stand for themselves.
std::size_t plain_bytes(Bytes16 bytes) {
  return zeros_in_front(equal(bytes, '"') | equal(bytes, '\\') | within(bytes, 0, 0x20));
}

constexpr std::size_t step_size = sizeof(Bytes16);

/// Goes on to the first byte that is not plain, and takes those before it over. Sixteen bytes
/// are written at a time: there must be room for them behind the last.
void copy_plain(const char*& from, const char* end, char*& to) {
  while (end - from >= static_cast<std::ptrdiff_t>(step_size)) {
    const Bytes16 bytes = load16(from);
    store16(to, bytes);
    const std::size_t count = plain_bytes(bytes);
    from += count;
    to += count;
    if (count < step_size) return;
  }
  while (from != end && plain[static_cast<unsigned char>(*from)]) *to++ = *from++;
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
  while (from + step_size <= text_.size()) {
    const std::size_t count = plain_bytes(load16(text_.data() + from));
    from += count;
    if (count < step_size) return from;
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

/// Works on locals: a write through a char may be one of any member, which the compiler would have
/// to read again.
std::string_view JsonDocument::read_escaped(std::size_t begin) {
  const char* const first = next_;
  const char* const end = text_.data() + text_.size();
  const char* from = text_.data() + begin;
  char* to = next_;
  while (true) {
    copy_plain(from, end, to);
    if (from != end && *from == '"') break;
    const bool escaped = end - from >= 2 && *from == '\\';
    if (const char meaning = escaped ? meanings[static_cast<unsigned char>(from[1])] : '\0') {
      *to++ = meaning;
      from += 2;
      continue;
    }
    at_ = static_cast<std::size_t>(from - text_.data());
    next_ = to;
    if (from == end) fail("");
    if (*from != '\\') fail("a control character within a string");
    read_numbered();
    from = text_.data() + at_;
    to = next_;
  }
  at_ = static_cast<std::size_t>(from + 1 - text_.data());
  next_ = to;
  return {first, static_cast<std::size_t>(to - first)};
}

/// The escape that stands here, a character by its number.
void JsonDocument::read_numbered() {
  ++at_;
  if (at_ >= text_.size()) fail("");
  if (text_[at_] != 'u') fail("an unknown escape");
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
