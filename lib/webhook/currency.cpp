// SPDX-License-Identifier: MIT
#include "webhook/currency.hpp"

#include <algorithm>
#include <array>
#include <limits>

// The reader's header needs <limits> in front.
#include <libfccp/csv.h>

#include "webhook/currency_table.hpp"

namespace nodeops::webhook {
namespace {

constexpr std::size_t length = 3;
constexpr std::size_t letters = 26;

/// Minor units by code; `unknown` where there is no such currency.
using Units = std::array<std::uint8_t, letters * letters * letters>;
constexpr std::uint8_t unknown = 0xFF;

/// The code's place; the array's size for what is none.
std::size_t place_of(std::string_view code) {
  constexpr std::size_t nowhere = std::tuple_size_v<Units>;
  if (code.size() != length) return nowhere;
  std::size_t place = 0;
  for (const char c : code) {
    if (c < 'a' || c > 'z') return nowhere;
    place = place * letters + static_cast<std::size_t>(c - 'a');
  }
  return place;
}

const Units& all_units() {
  static const Units units = [] {
    Units read{};
    read.fill(unknown);
    io::CSVReader<2> rows("currencies", currency_table.data(),
                          currency_table.data() + currency_table.size());
    rows.read_header(io::ignore_no_column, "code", "minor_units");
    std::string code;
    for (std::uint16_t decimals = 0; rows.read_row(code, decimals);)
      read.at(place_of(code)) = static_cast<std::uint8_t>(decimals);
    return read;
  }();
  return units;
}

}  // namespace

std::optional<unsigned> minor_units(std::string_view code) {
  const std::size_t place = place_of(code);
  const Units& units = all_units();
  if (place >= units.size() || units[place] == unknown) return std::nullopt;
  return units[place];
}

std::string amount_text(std::int64_t amount, std::string_view code) {
  std::string text = std::to_string(amount);
  const std::size_t decimals = minor_units(code).value_or(0);
  if (decimals > 0) {
    if (text.size() <= decimals) text.insert(0, decimals + 1 - text.size(), '0');
    text.insert(text.size() - decimals, 1, '.');
  }
  text += ' ';
  std::transform(code.begin(), code.end(), std::back_inserter(text), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

}  // namespace nodeops::webhook
