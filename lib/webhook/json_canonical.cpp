// SPDX-License-Identifier: MIT
#include <array>
#include <charconv>

#include "webhook/json_document.hpp"

namespace nodeops::webhook {
namespace {

void append_text(std::string& to, std::string_view text) {
  std::array<char, 24> digits;
  char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), text.size()).ptr;
  *end = ':';
  to.append(digits.data(), static_cast<std::size_t>(end + 1 - digits.data()));
  to += text;
}

}  // namespace

std::uint32_t JsonDocument::member(std::uint32_t object, std::string_view key) const {
  if (nodes_[object].kind != JsonKind::object) return 0;
  for (auto child = object + 1; child < nodes_[object].next; child = nodes_[child].next)
    if (nodes_[child].key == key) return child;
  return 0;
}

// Recurses at most as deep as the document is.
void JsonDocument::append_canonical(std::string& to, std::uint32_t node) const {
  constexpr std::string_view letters = "zytns[{";
  const JsonNode& value = nodes_[node];
  to += letters[static_cast<std::size_t>(value.kind)];
  if (value.kind == JsonKind::number || value.kind == JsonKind::string) append_text(to, value.text);
  if (value.kind == JsonKind::array) {
    for (auto child = node + 1; child < value.next; child = nodes_[child].next)
      append_canonical(to, child);
    to += ']';
  } else if (value.kind == JsonKind::object) {
    std::uint32_t members = 0;
    for (auto child = node + 1; child < value.next; child = nodes_[child].next) ++members;
    for (std::uint32_t i = 0; i < members; ++i) {
      const auto child = order_[value.order + i];
      append_text(to, nodes_[child].key);
      append_canonical(to, child);
    }
    to += ']';
  }
}

}  // namespace nodeops::webhook
