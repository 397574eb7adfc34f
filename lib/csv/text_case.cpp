// SPDX-License-Identifier: MIT
#include "csv/text_case.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/bytes16.hpp"
#include "csv/title_case.hpp"
#include "csv/unicode.hpp"
#include "csv/utf8.hpp"

namespace nodeops::csv {
namespace {

// The fast path. Small and capital letters differ in one bit, in ASCII and, because UTF-8 keeps it,
// in the second byte of what Latin-1 has beyond it (À to þ, all 0xC3 and one more byte). What holds
// only these is converted 16 bytes at a time; a value with anything else takes the other way.
constexpr unsigned case_bit = 0x20;
constexpr unsigned latin_lead = 0xC3;

/// What the block before leaves to know about its last bytes. All zero at the start of a value.
struct Before {
  Bytes16 word = {};
  Bytes16 lead = {};
};

struct Block {
  Bytes16 converted;
  Bytes16 strange = {};  // not zero where it holds what the fast path does not convert
};

template <CaseForm form>
Bytes16 convert(Bytes16 bytes, Bytes16 letters, Bytes16 first_letters) {
  const Bytes16 small = bytes | (letters & every(case_bit));
  if constexpr (form == CaseForm::lower) return small;
  if constexpr (form == CaseForm::upper) return small ^ (letters & every(case_bit));
  return small ^ (first_letters & every(case_bit));
}

template <CaseForm form>
[[gnu::always_inline]] inline Block convert_latin(Bytes16 bytes, Before& before) {
  const Bytes16 letters = within(bytes | every(case_bit), 'a', 26);
  const Bytes16 digits = within(bytes, '0', 10);
  const Bytes16 lead = equal(bytes, latin_lead);
  const Bytes16 after_lead = previous(before.lead, lead);
  const Bytes16 small = bytes | every(case_bit);
  // 0xB7 are the signs × and ÷. ß and ÿ, whose capitals are elsewhere, are out of the range.
  const Bytes16 latin = after_lead & within(small, 0xA0, 31) & ~equal(small, 0xB7);
  const Bytes16 high = std::bit_cast<Bytes16>(bytes >= every(0x80));
  Bytes16 strange = (high & ~(lead | latin)) | (after_lead & ~latin);
  if constexpr (form == CaseForm::title) strange |= equal(bytes, '\'');
  const Bytes16 word = letters | digits | latin;
  const Bytes16 first =
      (letters & ~previous(before.word, word)) | (latin & ~second_previous(before.word, word));
  before = {word, lead};
  return {convert<form>(bytes, letters | latin, first), strange};
}

// Inlined, so that the state before the start of a value, which is constant, costs nothing.
template <CaseForm form>
[[gnu::always_inline]] inline Block convert_block(Bytes16 bytes, Before& before) {
  const Bytes16 letters = within(bytes | every(case_bit), 'a', 26);
  const Bytes16 digits = within(bytes, '0', 10);
  Bytes16 unusual = bytes | before.lead;
  if constexpr (form == CaseForm::title) unusual |= equal(bytes, '\'');
  if (any_high(unusual)) return convert_latin<form>(bytes, before);
  const Bytes16 word = letters | digits;
  const Bytes16 first = letters & ~previous(before.word, word);
  before.word = word;
  return {convert<form>(bytes, letters, first)};
}

/// Upper or lower case of any text; gives the end of what was written.
char* write_mapped(std::string_view text, CaseForm form, char* out) {
  constexpr char32_t capital_sigma = 0x3A3;
  constexpr char32_t final_sigma = 0x3C2;
  const auto& characters = Characters::shared();
  const char* at = text.data();
  const char* const end = at + text.size();
  bool after_letter = false;
  while (at < end) {
    const auto code = decode_utf8(at, end);
    if (code.length == 0) {
      *out++ = *at++;
      after_letter = false;
      continue;
    }
    at += code.length;
    const auto character = characters[code.value];
    if (form == CaseForm::lower && code.value == capital_sigma && after_letter &&
        !letter_follows({at, end})) {
      out = encode_utf8(final_sigma, out);
    } else {
      out = write_case(code.value, character, form, out);
    }
    if (!character.is(Character::ignorable)) after_letter = character.is(Character::cased);
  }
  return out;
}

/// The general way: any text, a character at a time.
template <CaseForm form>
[[gnu::noinline]] CellOutcome convert_any(std::string_view value, Scratch& scratch) {
  char* const out = scratch.reserve(case_growth * value.size());
  const char* const end =
      form == CaseForm::title ? write_title_case(value, out) : write_mapped(value, form, out);
  const auto size = static_cast<std::size_t>(end - out);
  if (std::string_view(out, size) == value) return CellOutcome::unchanged();
  return CellOutcome::changed(scratch.keep(size));
}

template <CaseForm form>
[[gnu::noinline]] CellOutcome convert_long(std::string_view value, Scratch& scratch) {
  // So much that convert_any() gets the same room.
  char* const out = scratch.reserve(case_growth * value.size());
  Before before;
  Bytes16 difference = {};
  for (std::size_t i = 0; i < value.size(); i += 16) {
    const auto left = value.size() - i;
    const char* const from = value.data() + i;
    const Bytes16 bytes = left >= 16 ? load16(from) : load_fewer(from, left);
    const Block block = convert_block<form>(bytes, before);
    if (any(block.strange)) return convert_any<form>(value, scratch);
    store16(out + i, block.converted);
    difference |= block.converted ^ bytes;
  }
  if (!any(difference)) return CellOutcome::unchanged();
  return CellOutcome::changed(scratch.keep(value.size()));
}

/// Values of 17 to 29 bytes: the first and the last 16, each as if it began the value. What that
/// gets wrong in the last 16 are at most their first three bytes, and those come from the first 16.
template <CaseForm form>
CellOutcome convert_medium(std::string_view value, Scratch& scratch) {
  constexpr Bytes16 seen_before = {0xFF, 0xFF, 0xFF};
  const auto size = value.size();
  const Bytes16 head = load16(value.data());
  const Bytes16 tail = load16(value.data() + size - 16);
  Before nothing;
  const Block first = convert_block<form>(head, nothing);
  nothing = {};
  const Block last = convert_block<form>(tail, nothing);
  if (any(first.strange | (last.strange & ~seen_before))) return convert_any<form>(value, scratch);
  const Bytes16 difference = (first.converted ^ head) | ((last.converted ^ tail) & ~seen_before);
  if (!any(difference)) return CellOutcome::unchanged();
  char* const out = scratch.reserve(size);
  store16(out + size - 16, last.converted);
  store16(out, first.converted);
  return CellOutcome::changed(scratch.keep(size));
}

CellOutcome keep_if_changed(Bytes16 converted, Bytes16 bytes, std::size_t size, Scratch& scratch) {
  if (!any(converted ^ bytes)) return CellOutcome::unchanged();
  store16(scratch.reserve(size), converted);
  return CellOutcome::changed(scratch.keep(size));
}

Bytes16 load_up_to_16(std::string_view value) {
  return value.size() == 16 ? load16(value.data()) : load_fewer(value.data(), value.size());
}

/// What is not up to 16 bytes of plain ASCII.
template <CaseForm form>
[[gnu::noinline]] CellOutcome convert_other(std::string_view value, Scratch& scratch) {
  if (static_cast<unsigned char>(value.back()) == latin_lead) {
    return convert_any<form>(value, scratch);
  }
  if (value.size() > 29) return convert_long<form>(value, scratch);
  if (value.size() > 16) return convert_medium<form>(value, scratch);
  const Bytes16 bytes = load_up_to_16(value);
  Before before;
  const Block block = convert_block<form>(bytes, before);
  if (any(block.strange)) return convert_any<form>(value, scratch);
  return keep_if_changed(block.converted, bytes, value.size(), scratch);
}

template <CaseForm form>
class Convert : public CellTransform {
 public:
  // What most values are, up to 16 bytes of plain ASCII, stands here by itself: the other ways need
  // so many registers that saving them would cost a quarter of the whole.
  CellOutcome apply(std::string_view value, Scratch& scratch) const override {
    const auto size = value.size();
    if (size - 1 >= 16) {
      return size == 0 ? CellOutcome::unchanged() : convert_other<form>(value, scratch);
    }
    const Bytes16 bytes = load_up_to_16(value);
    const Bytes16 apostrophes = equal(bytes, '\'');
    if (any_high(form == CaseForm::title ? bytes | apostrophes : bytes)) {
      return convert_other<form>(value, scratch);
    }
    const Bytes16 letters = within(bytes | every(case_bit), 'a', 26);
    const Bytes16 word = letters | within(bytes, '0', 10);
    const Bytes16 first = letters & ~previous(Bytes16{}, word);
    return keep_if_changed(convert<form>(bytes, letters, first), bytes, size, scratch);
  }

  // Most values are short, and what they hold nobody foretells: one word of them is converted
  // without a branch, Latin letters or not, and written without a copy.
  bool apply_in_place(char* value, std::size_t size) const override {
    static constexpr auto mask = in_value_mask();
    const char* const in_value = mask.data() + in_place_room - size;
    const Bytes16 in_head = load16(in_value);
    const Bytes16 head = load16(value);
    Before before;
    const Block first = convert_latin<form>(head & in_head, before);
    if (size < 16) [[likely]] {
      if (any(first.strange)) return false;
      store16(value, first.converted | (head & ~in_head));
      return true;
    }
    const Bytes16 in_tail = load16(in_value + 16);
    const Bytes16 tail = load16(value + 16);
    const Block last = convert_latin<form>(tail & in_tail, before);
    if (any(first.strange | last.strange)) return false;
    store16(value, first.converted);
    store16(value + 16, last.converted | (tail & ~in_tail));
    return true;
  }

  bool only_changes_letters() const override { return true; }

 private:
  static constexpr std::array<char, 2 * in_place_room> in_value_mask() {
    std::array<char, 2 * in_place_room> mask{};
    std::fill_n(mask.begin(), in_place_room, '\xFF');
    return mask;
  }
};

}  // namespace

std::unique_ptr<CellTransform> capitalize() {
  return std::make_unique<Convert<CaseForm::title>>();
}
std::unique_ptr<CellTransform> upper() {
  return std::make_unique<Convert<CaseForm::upper>>();
}
std::unique_ptr<CellTransform> lower() {
  return std::make_unique<Convert<CaseForm::lower>>();
}

}  // namespace nodeops::csv
