// SPDX-License-Identifier: MIT
#include "webhook/base64.hpp"

#include <cstdint>

namespace nodeops::webhook {
namespace {

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t group = 3;

}  // namespace

std::string base64(std::string_view bytes) {
  std::string text;
  for (std::size_t place = 0; place < bytes.size(); place += group) {
    const auto part = bytes.substr(place, group);
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < group; ++i)
      value = value << 8 | (i < part.size() ? static_cast<unsigned char>(part[i]) : 0U);
    for (std::size_t i = 0; i <= group; ++i)
      text += i <= part.size() ? digits[value >> (18 - 6 * i) & 63U] : '=';
  }
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string bytes;
  std::uint32_t value = 0;
  unsigned bits = 0;
  const std::size_t length = text.size();
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  text.remove_suffix(padding);
  if (length % (group + 1) != 0) return std::nullopt;
  for (const char c : text) {
    const auto digit = digits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    value = (value << 6 | static_cast<std::uint32_t>(digit)) & 0xFFFFFFU;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(value >> bits & 0xFFU);
  }
  if ((value & ((1U << bits) - 1)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace nodeops::webhook
