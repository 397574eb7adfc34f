// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace nodeops::mask {

// How card and phone numbers look; for mask_numbers.cpp alone.

/// Up to 19 digits in groups with one separator between them.
struct DigitGroups {
  struct Group {
    std::size_t digits;  ///< in this and the groups before it
    std::size_t end;     ///< where it ends in the text
  };
  std::array<char, 19> digits{};
  std::size_t count = 0;
  std::array<Group, 19> groups{};
  std::size_t group_count = 0;

  /// The group with which `length` digits are complete.
  std::optional<std::size_t> ending_at(std::size_t length) const;
  /// How many digits a group has.
  std::size_t size_of(std::size_t group) const {
    return groups[group].digits - (group == 0 ? 0 : groups[group - 1].digits);
  }
};

/// Reads groups from a digit on, as many as fit. A separator is a space (also U+00A0), a hyphen or
/// a point.
DigitGroups read_groups(std::string_view text, std::size_t begin);

/// True when people write card numbers in these groups (0 to `last`): alike, the last one perhaps
/// shorter; 4-6-5 and 4-6-4; a first one of 4 or 6 and the rest. Three sizes in a row are not a
/// card.
bool plausible_card_groups(const DigitGroups& run, std::size_t last);

/// A prefix that a card scheme uses with this length, and a right checksum (ISO/IEC 7812-1, annex
/// B).
bool is_card(std::string_view digits);

/// First 6 and last 4 of at least 10 digits, a star for each between.
std::string masked_card(std::string_view digits);

/// A phone number in running text.
struct PhoneShape {
  std::array<char, 17> digits{};
  std::size_t count = 0;
  bool international = false;  ///< the digits start with the country's code
  std::size_t end = 0;         ///< 0: there is none here
};

/// Reads a phone number that starts with a digit, '+' or '(': "+CC…", "00CC …" with separators, the
/// North American 3-3-4, a national number with a leading 0 and separators. Plain digits are none.
PhoneShape read_phone(std::string_view text, std::size_t begin);

/// Country code (if `international`) and last 4 digits, a star for each between. Fewer are shown of
/// a short number: never more than half of what follows the code.
std::string masked_phone(std::string_view digits, bool international);

}  // namespace nodeops::mask
