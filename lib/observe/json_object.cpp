// SPDX-License-Identifier: MIT
#include "observe/json_object.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "observe/printable.hpp"
#include "observe/utf8.hpp"

namespace nodeops {
namespace {

bool is_plain(char c) {
  return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

std::string valid_utf8(std::string_view text) {
  std::string made;
  for (std::size_t place = 0; place < text.size();) {
    const auto next = utf8::decode(text.substr(place));
    made +=
        next.valid ? std::string(text.substr(place, next.size)) : printable(text.substr(place, 1));
    place += next.size;
  }
  return made;
}

/// "\u202e"; beyond U+FFFF two of them, as JSON wants it (RFC 8259, section 7).
std::string json_escaped(char32_t code_point) {
  if (code_point <= 0xFFFF) return escaped(code_point);
  const char32_t rest = code_point - 0x10000;
  return escaped(0xD800 + (rest >> 10)) + escaped(0xDC00 + (rest & 0x3FF));
}

}  // namespace

std::string json_quoted(std::string_view text) {
  if (std::all_of(text.begin(), text.end(), is_plain)) return '"' + std::string(text) + '"';
  return visible_json(nlohmann::json(valid_utf8(text)).dump());
}

std::string visible_json(std::string json) {
  const auto is_seen = [](char c) { return static_cast<unsigned char>(c) < 0x7F; };
  const auto from = std::find_if_not(json.begin(), json.end(), is_seen);
  if (from == json.end()) return json;
  auto place = static_cast<std::size_t>(from - json.begin());
  std::string made = json.substr(0, place);
  while (place < json.size()) {
    const auto next = utf8::decode(std::string_view(json).substr(place));
    if (next.value == 0x7F || is_unseen(next.value))
      made += json_escaped(next.value);
    else
      made.append(json, place, next.size);
    place += next.size;
  }
  return made;
}

std::string json_number(double value) {
  if (!std::isfinite(value)) return "null";
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

JsonObject& JsonObject::add_json(std::string_view key, std::string_view json_text) {
  if (!members_.empty()) members_ += ',';
  members_ += json_quoted(key);
  members_ += ':';
  members_ += json_text;
  return *this;
}

}  // namespace nodeops
