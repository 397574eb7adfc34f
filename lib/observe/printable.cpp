// SPDX-License-Identifier: MIT
#include "observe/printable.hpp"

#include <array>
#include <cstdio>

#include "observe/utf8.hpp"

namespace nodeops {
namespace {

std::string escaped_byte(char byte) {
  switch (byte) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  std::array<char, 8> made{};
  std::snprintf(made.data(), made.size(), "\\x%02x", static_cast<unsigned char>(byte));
  return made.data();
}

bool is_plain(char c) {
  return c >= ' ' && c <= '~';
}

}  // namespace

bool is_unseen(char32_t code_point) {
  const auto within = [code_point](char32_t low, char32_t high) {
    return code_point >= low && code_point <= high;
  };
  return within(0x80, 0x9F) || code_point == 0x061C || code_point == 0x200B ||
         within(0x200E, 0x200F) || within(0x2028, 0x202E) || within(0x2060, 0x206F) ||
         code_point == 0xFEFF || within(0xFFF9, 0xFFFB) || within(0xE0000, 0xE007F);
}

std::string escaped(char32_t code_point) {
  std::array<char, 16> made{};
  std::snprintf(made.data(), made.size(), code_point > 0xFFFF ? "\\U%08x" : "\\u%04x",
                static_cast<unsigned>(code_point));
  return made.data();
}

std::string printable(std::string_view text) {
  std::string made;
  made.reserve(text.size());
  for (std::size_t place = 0; place < text.size();) {
    if (is_plain(text[place])) {
      made += text[place++];
      continue;
    }
    const auto next = utf8::decode(text.substr(place));
    if (!next.valid || next.size == 1)
      made += escaped_byte(text[place]);
    else if (is_unseen(next.value))
      made += escaped(next.value);
    else
      made += text.substr(place, next.size);
    place += next.size;
  }
  return made;
}

}  // namespace nodeops
