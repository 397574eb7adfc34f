// SPDX-License-Identifier: MIT
#include "dashboard/one_line_json.hpp"

#include <utility>

#include "observe/json_object.hpp"

namespace nodeops::dashboard {
namespace {

constexpr std::size_t deepest = 512;

/// Behind the string that starts at `at`.
std::size_t string_end(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) at += text[at] == '\\' ? 1 : 0;
  return at + 1;
}

bool opens(char c) {
  return c == '{' || c == '[';
}
bool closes(char c) {
  return c == '}' || c == ']';
}

}  // namespace

std::optional<std::string> one_line_json(std::string_view text) {
  // Passed over, as RFC 8259 allows and the parser does: inside a text it would be no JSON.
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (!is_json(text)) return std::nullopt;
  std::string line;
  line.reserve(text.size());
  std::size_t depth = 0;
  std::size_t taken = 0;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '"') {
      i = string_end(text, i);
      continue;
    }
    if (opens(c) && ++depth > deepest) return std::nullopt;
    if (closes(c)) --depth;
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      line += text.substr(taken, i - taken);
      taken = i + 1;
    }
    ++i;
  }
  line += text.substr(taken);
  return visible_json(std::move(line));
}

std::string indented_json(std::string_view text) {
  std::string lines;
  std::size_t depth = 0;
  const auto new_line = [&] {
    lines += '\n';
    lines.append(2 * depth, ' ');
  };
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '"') {
      const std::size_t end = string_end(text, i);
      lines += text.substr(i, end - i);
      i = end;
      continue;
    }
    const bool empty = opens(c) && i + 1 < text.size() && closes(text[i + 1]);
    if (empty) {
      lines += text.substr(i, 2);
      i += 2;
      continue;
    }
    if (closes(c)) {
      --depth;
      new_line();
    }
    lines += c;
    if (opens(c)) ++depth;
    if (opens(c) || c == ',') new_line();
    if (c == ':') lines += ' ';
    ++i;
  }
  return lines;
}

}  // namespace nodeops::dashboard
