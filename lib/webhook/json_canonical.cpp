// SPDX-License-Identifier: MIT
#include <array>
#include <charconv>

#include "webhook/json_document.hpp"

namespace nodeops::webhook {
namespace {

/// An integer up to this length stands as it is written.
constexpr std::size_t plain_length = 19;

void append_text(std::string& to, std::string_view text) {
  std::array<char, 24> digits;
  char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), text.size()).ptr;
  *end = ':';
  to.append(digits.data(), static_cast<std::size_t>(end + 1 - digits.data()));
  to += text;
}

/// A number's value in one form: 100, 100.0, 1e2 and 1E+2 are "100", -0 is "0", 1.50 is "15e-1".
std::string number_value(std::string_view text) {
  std::string_view mantissa = text.substr(0, text.find_first_of("eE"));
  if (mantissa.find_first_not_of("-0.") == std::string_view::npos) return "0";
  std::int64_t power = 0;
  if (mantissa.size() < text.size()) {
    std::string_view exponent = text.substr(mantissa.size() + 1);
    if (exponent.starts_with('+')) exponent.remove_prefix(1);
    constexpr std::int64_t most = 1'000'000'000'000;
    const auto [end, error] =
        std::from_chars(exponent.data(), exponent.data() + exponent.size(), power);
    // Beyond all reason: such a number is only equal to itself.
    if (error != std::errc{} || power > most || power < -most) return std::string(text);
  }
  const bool negative = mantissa.starts_with('-');
  if (negative) mantissa.remove_prefix(1);
  const auto point = mantissa.find('.');
  std::string digits(mantissa.substr(0, point));
  if (point != std::string_view::npos) {
    digits += mantissa.substr(point + 1);
    power -= static_cast<std::int64_t>(mantissa.size() - point - 1);
  }
  const auto last = digits.find_last_not_of('0');
  power += static_cast<std::int64_t>(digits.size() - last - 1);
  digits.resize(last + 1);
  digits.erase(0, digits.find_first_not_of('0'));
  if (negative) digits.insert(0, 1, '-');
  if (power >= 0 && digits.size() + static_cast<std::size_t>(power) <= plain_length)
    return digits.append(static_cast<std::size_t>(power), '0');
  return digits + "e" + std::to_string(power);
}

void append_number(std::string& to, std::string_view text) {
  const bool plain = text.size() <= plain_length && text != "-0" &&
                     text.find_first_of(".eE") == std::string_view::npos;
  append_text(to, plain ? text : std::string_view(number_value(text)));
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
  if (value.kind == JsonKind::number) append_number(to, value.text);
  if (value.kind == JsonKind::string) append_text(to, value.text);
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
