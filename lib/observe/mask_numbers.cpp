// SPDX-License-Identifier: MIT
#include <optional>

#include "observe/ascii.hpp"
#include "observe/mask_numbers.hpp"
#include "observe/mask_patterns.hpp"

namespace nodeops::mask {
namespace {

using ascii::at;
using ascii::before;
using ascii::is_digit;
using ascii::is_word;
using ascii::skip;

/// What replaces text[begin, end).
struct Match {
  std::size_t begin;
  std::size_t end;
  std::string masked;
};

bool touches_word(std::string_view text, std::size_t begin, std::size_t end) {
  return is_word(before(text, begin)) || is_word(at(text, end));
}

/// "5" in "5-4242…" or "1.4242…": the digits belong to a longer number.
bool goes_on_before(std::string_view text, std::size_t begin) {
  const char last = before(text, begin);
  return (last == '-' || last == '.') && begin >= 2 && is_digit(text[begin - 2]);
}

bool goes_on_behind(std::string_view text, std::size_t end) {
  const char next = at(text, end);
  return (next == '-' || next == '.') && is_digit(at(text, end + 1));
}

std::optional<Match> find_card(std::string_view text, std::size_t begin) {
  if (is_word(before(text, begin)) && !(begin >= 2 && text.substr(begin - 2, 2) == "%B")) return {};
  if (goes_on_before(text, begin)) return {};
  const DigitGroups run = read_groups(text, begin);
  for (const std::size_t length : {16U, 15U, 14U, 19U, 18U, 17U, 13U}) {
    const auto group = run.ending_at(length);
    if (!group) continue;
    const std::size_t end = run.groups[*group].end;
    if (is_word(at(text, end)) || goes_on_behind(text, end)) continue;
    const std::string_view digits(run.digits.data(), length);
    if (!plausible_card_groups(run, *group) || !is_card(digits)) continue;
    // What follows is a magnetic stripe: name, expiry and verification value, masked whole.
    const char next = at(text, end);
    if (next == '^' || (next == '=' && is_digit(at(text, end + 1)))) {
      constexpr std::size_t longest_track = 80;
      const std::string_view track = text.substr(end, longest_track);
      const std::size_t track_end =
          end + (next == '^' ? std::min(track.find_first_of("?\n"), track.size())
                             : skip(track, 1, is_digit));
      return Match{begin, track_end, masked_card(digits) + next + "****"};
    }
    return Match{begin, end, masked_card(digits)};
  }
  return {};
}

std::optional<Match> find_phone(std::string_view text, std::size_t begin) {
  if (is_word(before(text, begin)) || goes_on_before(text, begin)) return {};
  const PhoneShape shape = read_phone(text, begin);
  if (shape.end == 0 || touches_word(text, begin, shape.end) || goes_on_behind(text, shape.end)) {
    return {};
  }
  return Match{begin, shape.end,
               masked_phone({shape.digits.data(), shape.count}, shape.international)};
}

}  // namespace

void numbers(std::string& text) {
  constexpr std::size_t fewest_digits = 7;
  if (text.size() < fewest_digits) return;
  Rewrite rewrite(text);
  for (std::size_t place = 0; place < text.size();) {
    const char c = text[place];
    if (!is_digit(c) && c != '+' && c != '(') {
      ++place;
      continue;
    }
    auto match = is_digit(c) ? find_card(text, place) : std::nullopt;
    if (!match) match = find_phone(text, place);
    if (match) {
      rewrite.replace(match->begin, match->end, match->masked);
      place = match->end;
    } else {
      place = is_digit(c) ? skip(text, place, is_digit) : place + 1;
    }
  }
  rewrite.finish();
}

std::string card(std::string_view value) {
  if (value.empty() || !is_digit(value.front())) return {};
  const DigitGroups run = read_groups(value, 0);
  if (run.count < 13 || run.groups[run.group_count - 1].end != value.size()) return {};
  const std::string_view digits(run.digits.data(), run.count);
  return is_card(digits) ? masked_card(digits) : std::string();
}

std::string card_digits(std::string_view value) {
  std::string digits;
  for (const char c : value) {
    if (is_digit(c))
      digits += c;
    else if (c != ' ' && c != '-' && c != '.')
      return "****";
  }
  return digits.size() >= 13 && digits.size() <= 19 ? masked_card(digits) : "****";
}

std::string phone(std::string_view value) {
  std::string digits;
  constexpr std::size_t most_digits = 15;
  for (std::size_t place = 0; place < value.size(); ++place) {
    const char c = value[place];
    if (is_digit(c))
      digits += c;
    else if (c == '+' ? place != 0 : std::string_view(" -.()/").find(c) == std::string_view::npos)
      return {};
  }
  if (digits.size() < 7 || digits.size() > most_digits) return {};
  return masked_phone(digits, value.front() == '+');
}

}  // namespace nodeops::mask
