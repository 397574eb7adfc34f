// SPDX-License-Identifier: MIT
#include "webhook/json_document.hpp"

#include <algorithm>
#include <functional>

#include "core/bytes16.hpp"
#include "observe/utf8.hpp"
#include "webhook/problem.hpp"

namespace nodeops::webhook {
namespace {

constexpr int malformed = 400;

[[noreturn]] void refuse(const char* type, const char* title, const std::string& detail) {
  throw DeliveryError(Problem{.status = malformed, .type = type, .title = title, .detail = detail});
}

/// Behind as many whole sixteens as are ASCII.
std::size_t ascii_end(std::string_view text, std::size_t from) {
  constexpr std::size_t step = sizeof(Bytes16);
  while (from + step <= text.size() && !any_high(load16(text.data() + from))) from += step;
  return from;
}

void check_utf8(std::string_view text) {
  std::size_t place = ascii_end(text, 0);
  while (place < text.size()) {
    const auto next = utf8::decode(text.substr(place));
    if (!next.valid)
      refuse("invalid-utf8", "Malformed payload", "not UTF-8 at byte " + std::to_string(place));
    place = ascii_end(text, place + next.size);
  }
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

void JsonDocument::fail(const char* what) const {
  const bool ended = at_ >= text_.size();
  refuse("invalid-json", "Malformed payload",
         std::string(ended ? "unexpected end of input" : what) + " at byte " + std::to_string(at_));
}

void JsonDocument::read(std::string_view text) {
  text_ = text;
  at_ = 0;
  nodes_.clear();
  open_.clear();
  order_.clear();
  constexpr std::size_t overshoot = 16;  // of a copy by vectors
  if (room_ < text.size() + overshoot) {
    room_ = text.size() + overshoot;
    unescaped_ = std::make_unique_for_overwrite<char[]>(room_);
  }
  next_ = unescaped_.get();
  key_ = {};
  check_utf8(text);
  begin_value();
  while (!open_.empty()) step();
  skip_space();
  if (at_ < text_.size()) fail("something behind the value");
}

void JsonDocument::skip_space() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c != ' ' && c != '\n' && c != '\t' && c != '\r') return;
    ++at_;
  }
}

/// What comes next in the array or object that is open.
void JsonDocument::step() {
  const auto& [node, empty] = open_.back();
  const JsonKind kind = nodes_[node].kind;
  const char end = kind == JsonKind::object ? '}' : ']';
  skip_space();
  if (at_ >= text_.size()) fail("");
  if (text_[at_] == end) return close(kind);
  if (!empty) {
    if (text_[at_] != ',') fail("a comma is missing");
    ++at_;
    skip_space();
  }
  open_.back().empty = false;
  if (kind == JsonKind::object) read_key();
  begin_value();
}

void JsonDocument::read_key() {
  if (at_ >= text_.size() || text_[at_] != '"') fail("a key is missing");
  key_ = read_string();
  skip_space();
  if (at_ >= text_.size() || text_[at_] != ':') fail("a colon is missing");
  ++at_;
}

void JsonDocument::close(JsonKind kind) {
  ++at_;
  const auto node = open_.back().node;
  nodes_[node].next = static_cast<std::uint32_t>(nodes_.size());
  open_.pop_back();
  if (kind == JsonKind::object) check_keys(node);
}

/// Puts the members in the order of their keys, in which two of one key are neighbours. Most
/// senders write them so.
void JsonDocument::check_keys(std::uint32_t object) {
  const std::size_t begin = order_.size();
  nodes_[object].order = static_cast<std::uint32_t>(begin);
  bool sorted = true;
  for (auto child = object + 1; child < nodes_[object].next; child = nodes_[child].next) {
    if (sorted && order_.size() > begin) sorted = nodes_[order_.back()].key < nodes_[child].key;
    order_.push_back(child);
  }
  if (sorted) return;
  const auto first = order_.begin() + static_cast<std::ptrdiff_t>(begin);
  std::sort(first, order_.end(), [this](auto a, auto b) { return nodes_[a].key < nodes_[b].key; });
  const auto twice = std::adjacent_find(
      first, order_.end(), [this](auto a, auto b) { return nodes_[a].key == nodes_[b].key; });
  if (twice == order_.end()) return;
  refuse("duplicate-key", "Malformed payload",
         "an object that ends at byte " + std::to_string(at_) + " has a key twice");
}

void JsonDocument::begin_value() {
  skip_space();
  if (at_ >= text_.size()) fail("");
  const char c = text_[at_];
  JsonNode node{.key = key_};
  key_ = {};
  if (c == '{' || c == '[') {
    if (open_.size() >= most_levels)
      refuse("too-deep", "Malformed payload",
             "more than 512 levels at byte " + std::to_string(at_));
    ++at_;
    node.kind = c == '{' ? JsonKind::object : JsonKind::array;
    open_.push_back({static_cast<std::uint32_t>(nodes_.size()), true});
    nodes_.push_back(node);
    return;
  }
  nodes_.push_back(node);
  JsonNode& made = nodes_.back();
  made.next = static_cast<std::uint32_t>(nodes_.size());
  if (c == '"') {
    made.kind = JsonKind::string;
    made.text = read_string();
  } else if (c == '-' || is_digit(c)) {
    made.kind = JsonKind::number;
    made.text = read_number();
  } else if (c == 't') {
    read_word("true", JsonKind::truth);
  } else if (c == 'f') {
    read_word("false", JsonKind::untruth);
  } else {
    read_word("null", JsonKind::null);
  }
}

void JsonDocument::read_word(std::string_view word, JsonKind kind) {
  if (text_.substr(at_, word.size()) != word) {
    while (!word.empty() && at_ < text_.size() && text_[at_] == word.front()) {
      word.remove_prefix(1);
      ++at_;
    }
    fail("a value is missing");
  }
  at_ += word.size();
  nodes_.back().kind = kind;
}

std::string_view JsonDocument::read_number() {
  const std::size_t begin = at_;
  const auto digits = [this] {
    const std::size_t first = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    if (at_ == first) fail("a digit is missing");
  };
  const auto comes = [this](char c) { return at_ < text_.size() && text_[at_] == c; };
  if (comes('-')) ++at_;
  if (comes('0'))
    ++at_;
  else
    digits();
  if (comes('.')) {
    ++at_;
    digits();
  }
  if (comes('e') || comes('E')) {
    ++at_;
    if (comes('+') || comes('-')) ++at_;
    digits();
  }
  return text_.substr(begin, at_ - begin);
}

}  // namespace nodeops::webhook
