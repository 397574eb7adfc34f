// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nodeops::webhook {

enum class JsonKind : std::uint8_t { null, truth, untruth, number, string, array, object };

/// One value of a document. Those within an array or object follow it; `next` is the index behind
/// the last of them.
struct JsonNode {
  JsonKind kind = JsonKind::null;
  std::uint32_t next = 0;
  std::uint32_t order = 0;     ///< of an object: where its members stand in the order of their keys
  std::string_view key = {};   ///< of a member, without escapes
  std::string_view text = {};  ///< a string without escapes, a number as it is written
};

/// One strict JSON text (RFC 8259): UTF-8 without a mark in front, no duplicate keys, no lone
/// surrogates, nothing behind the value, at most 512 levels. It does not recurse.
class JsonDocument {
 public:
  static constexpr std::size_t most_levels = 512;

  /// Reads it. Throws DeliveryError 400: invalid-json, invalid-utf8, duplicate-key, too-deep, with
  /// the byte. What nodes() gives lives as long as `text` and until the next read.
  void read(std::string_view text);

  /// In the order of the text; the first is the whole.
  const std::vector<JsonNode>& nodes() const { return nodes_; }

  /// The member of an object; 0 when there is none.
  std::uint32_t member(std::uint32_t object, std::string_view key) const;

  /// Adds the value in a form that is the same for all texts of equal value: no white space,
  /// members sorted by key, numbers by their value.
  void append_canonical(std::string& to, std::uint32_t node) const;

 private:
  struct Open {
    std::uint32_t node;
    bool empty;
  };
  [[noreturn]] void fail(const char* what) const;
  void skip_space();
  std::string_view read_string();
  std::string_view read_escaped(std::size_t begin);
  std::size_t plain_end(std::size_t from) const;
  void read_numbered();
  char32_t read_hex4();
  std::string_view read_number();
  void read_word(std::string_view word, JsonKind kind);
  void begin_value();
  void read_key();
  void close(JsonKind kind);
  void step();
  void check_keys(std::uint32_t object);

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<JsonNode> nodes_;
  std::vector<Open> open_;
  std::unique_ptr<char[]> unescaped_;  ///< room for all of a text; does not move while it is read
  std::size_t room_ = 0;
  char* next_ = nullptr;              ///< where the next unescaped string begins
  std::vector<std::uint32_t> order_;  ///< members of objects, each object's by key
  std::string_view key_;              ///< of the value that comes
};

}  // namespace nodeops::webhook
