// SPDX-License-Identifier: MIT
#include <algorithm>

#include "webhook/json_document.hpp"

namespace nodeops::webhook {
namespace {

void append_text(std::string& to, std::string_view text) {
  to += std::to_string(text.size());
  to += ':';
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
  if (value.kind != JsonKind::array && value.kind != JsonKind::object) return;
  std::vector<std::uint32_t> children;
  for (auto child = node + 1; child < value.next; child = nodes_[child].next)
    children.push_back(child);
  if (value.kind == JsonKind::object)
    std::sort(children.begin(), children.end(),
              [this](auto a, auto b) { return nodes_[a].key < nodes_[b].key; });
  for (const auto child : children) {
    if (value.kind == JsonKind::object) append_text(to, nodes_[child].key);
    append_canonical(to, child);
  }
  to += ']';
}

}  // namespace nodeops::webhook
