// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace nodeops {

/// A text as a JSON string with its quotes. Control characters and whatever is not seen are
/// escaped; a byte that is not UTF-8 is shown as the four characters `\xff`.
std::string json_quoted(std::string_view text);

/// A number as JSON has it: as short as it can be without loss; null for what is not finite.
std::string json_number(double value);

/// A JSON text in which control characters and whatever is not seen stands as an escape: the same
/// value, fit for a terminal. It must be valid.
std::string visible_json(std::string json);

/// True for one whole JSON text (RFC 8259) without a byte order mark. Numbers may have any number
/// of digits, but no exponent that a double could not have.
bool is_json(std::string_view text);

/// One JSON object, made in the order in which its members are added.
class JsonObject {
 public:
  /// Adds a text, a number or a truth.
  template <class Value>
  JsonObject& add(std::string_view key, const Value& value) {
    if constexpr (std::same_as<Value, bool>)
      return add_json(key, value ? "true" : "false");
    else if constexpr (std::floating_point<Value>)
      return add_json(key, json_number(value));
    else if constexpr (std::integral<Value>)
      return add_json(key, std::to_string(value));
    else
      return add_json(key, json_quoted(value));
  }
  JsonObject& add(std::string_view key, const JsonObject& value) {
    return add_json(key, value.text());
  }

  /// Adds what is JSON already.
  JsonObject& add_json(std::string_view key, std::string_view json_text);

  std::string text() const { return "{" + members_ + "}"; }

 private:
  std::string members_;
};

}  // namespace nodeops
