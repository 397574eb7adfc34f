// SPDX-License-Identifier: MIT
#include "csv/whitespace.hpp"

#include "core/bytes16.hpp"

namespace nodeops::csv {
namespace {

bool is_ascii_space(unsigned char byte) {
  return byte == ' ' || (byte >= 9 && byte <= 13);
}

unsigned char byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

/// The bytes of the white space character that begins at `at`; 0 when none does. The property
/// White_Space of PropList.txt, Unicode character database 15.0, in UTF-8.
std::size_t space_at(std::string_view text, std::size_t at) {
  const auto first = byte_at(text, at);
  if (first < 0x80) return is_ascii_space(first) ? 1 : 0;
  const auto left = text.size() - at;
  if (first == 0xC2 && left >= 2) {
    const auto second = byte_at(text, at + 1);
    return second == 0x85 || second == 0xA0 ? 2 : 0;
  }
  if (left < 3 || first < 0xE1 || first > 0xE3) return 0;
  const auto second = byte_at(text, at + 1);
  const auto third = byte_at(text, at + 2);
  const auto spells = [&](unsigned a, unsigned b, unsigned c) {
    return first == a && second == b && third == c;
  };
  const bool from_2000 = first == 0xE2 && second == 0x80 && third >= 0x80 && third <= 0x8A;
  const bool found = from_2000 || spells(0xE1, 0x9A, 0x80) || spells(0xE2, 0x80, 0xA8) ||
                     spells(0xE2, 0x80, 0xA9) || spells(0xE2, 0x80, 0xAF) ||
                     spells(0xE2, 0x81, 0x9F) || spells(0xE3, 0x80, 0x80);
  return found ? 3 : 0;
}

/// The bytes of the white space character that ends the text; 0 when none does.
std::size_t space_at_end(std::string_view text) {
  for (std::size_t size = 1; size <= 3 && size <= text.size(); ++size) {
    if (space_at(text, text.size() - size) == size) return size;
  }
  return 0;
}

class Trim : public CellTransform {
 public:
  CellOutcome apply(std::string_view value, Scratch& scratch) const override {
    if (value.empty()) return CellOutcome::unchanged();
    // Letters, digits and signs of ASCII at both ends: nothing to do.
    const auto plain = [](unsigned char byte) { return byte > ' ' && byte < 0x80; };
    if (plain(byte_at(value, 0)) && plain(byte_at(value, value.size() - 1))) {
      return CellOutcome::unchanged();
    }
    std::string_view kept = value;
    while (!kept.empty()) {
      const auto size = space_at(kept, 0);
      if (size == 0) break;
      kept.remove_prefix(size);
    }
    while (const auto size = space_at_end(kept)) kept.remove_suffix(size);
    if (kept.size() == value.size()) return CellOutcome::unchanged();
    return CellOutcome::changed(scratch.copy(kept));
  }
};

/// False when the text has no white space but single spaces. Bytes beyond ASCII say true.
bool may_have_runs(std::string_view text) {
  Bytes16 spaces_before = {};
  for (std::size_t i = 0; i < text.size(); i += 16) {
    const auto left = text.size() - i;
    const char* const from = text.data() + i;
    const Bytes16 bytes = left >= 16 ? load16(from) : load_fewer(from, left);
    const Bytes16 spaces = equal(bytes, ' ');
    const Bytes16 doubled = spaces & previous(spaces_before, spaces);
    if (any_high(bytes | doubled | within(bytes, 9, 5))) return true;
    spaces_before = spaces;
  }
  return false;
}

class Squeeze : public CellTransform {
 public:
  CellOutcome apply(std::string_view value, Scratch& scratch) const override {
    if (!may_have_runs(value)) return CellOutcome::unchanged();
    char* const begin = scratch.reserve(value.size());
    char* out = begin;
    bool in_run = false;
    for (std::size_t at = 0; at < value.size();) {
      const auto size = space_at(value, at);
      if (size == 0) {
        *out++ = value[at];
      } else if (!in_run) {
        *out++ = ' ';
      }
      in_run = size != 0;
      at += size == 0 ? 1 : size;
    }
    const std::string_view made(begin, static_cast<std::size_t>(out - begin));
    if (made == value) return CellOutcome::unchanged();
    return CellOutcome::changed(scratch.keep(made.size()));
  }
};

}  // namespace

std::unique_ptr<CellTransform> trim() {
  return std::make_unique<Trim>();
}
std::unique_ptr<CellTransform> squeeze() {
  return std::make_unique<Squeeze>();
}

}  // namespace nodeops::csv
