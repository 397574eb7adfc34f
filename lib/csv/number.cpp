// SPDX-License-Identifier: MIT
#include "csv/number.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "core/error.hpp"
#include "csv/number_locale.hpp"

namespace nodeops::csv {
namespace {

constexpr std::array<std::string_view, 6> spaces = {" ",      "\t",     "\u00A0",
                                                    "\u202F", "\u2009", "\u2007"};
constexpr std::array<std::string_view, 2> apostrophes = {"'", "\u2019"};
constexpr std::array<std::string_view, 22> currencies = {
    "$", "€", "£", "¥", "¤", "₹", "₽", "₩", "₺", "₴",   "₪",
    "฿", "₫", "₦", "₱", "₡", "₲", "₵",   "₸", "₮", "₾", "₿"};
constexpr std::array<std::string_view, 2> minuses = {"-", "\u2212"};
constexpr std::array<std::string_view, 1> pluses = {"+"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool cut_front(std::string_view& text, std::span<const std::string_view> any) {
  for (const auto one : any) {
    if (!text.starts_with(one)) continue;
    text.remove_prefix(one.size());
    return true;
  }
  return false;
}

bool cut_back(std::string_view& text, std::span<const std::string_view> any) {
  for (const auto one : any) {
    if (!text.ends_with(one)) continue;
    text.remove_suffix(one.size());
    return true;
  }
  return false;
}

/// What stands around a number's digits.
struct Frame {
  int minuses = 0;
  int pluses = 0;
  int currencies = 0;
  bool trailing_sign = false;
  bool parentheses = false;

  bool sound() const { return minuses + pluses + (parentheses ? 1 : 0) <= 1 && currencies <= 1; }
};

/// Takes off what stands around the digits.
Frame unframe(std::string_view& text) {
  Frame frame;
  const auto cut = [&](bool (*side)(std::string_view&, std::span<const std::string_view>)) {
    const auto outer = [&] { return side == cut_front ? text.front() : text.back(); };
    while (!text.empty() && !is_digit(outer())) {
      const bool space = side(text, spaces);
      const bool minus = !space && side(text, minuses);
      const bool plus = !space && !minus && side(text, pluses);
      const bool currency = !space && !minus && !plus && side(text, currencies);
      frame.minuses += minus ? 1 : 0;
      frame.pluses += plus ? 1 : 0;
      frame.currencies += currency ? 1 : 0;
      if ((minus || plus) && side == cut_back) frame.trailing_sign = true;
      if (!space && !minus && !plus && !currency) return;
    }
  };
  cut(cut_front);
  cut(cut_back);
  if (text.size() > 1 && text.front() == '(' && text.back() == ')') {
    frame.parentheses = true;
    text = text.substr(1, text.size() - 2);
    cut(cut_front);
    cut(cut_back);
  }
  return frame;
}

/// The separators among the digits: which, and how many digits stand before each and behind the
/// last.
struct Layout {
  static constexpr std::size_t most = 64;

  // Only the first `count` (of digits one more) are set: clearing all would cost more than the
  // rest.
  std::array<char, most> separators;
  std::array<std::size_t, most + 1> digits;
  std::size_t count = 0;
  char first_digit = '\0';

  Layout() { digits[0] = 0; }

  void add(char separator) {
    separators[count++] = separator;
    digits[count] = 0;
  }

  std::size_t how_many(char separator) const {
    return static_cast<std::size_t>(
        std::count(separators.begin(), separators.begin() + count, separator));
  }
};

enum class Decimals { none, last, ambiguous, nonsense };

/// Writes the digits to `out`, one behind the other, and describes what is between them. False when
/// there is something that no number has. Stops at an exponent, which stays in `text`.
bool read_layout(std::string_view& text, Layout& layout, char*& out) {
  while (!text.empty()) {
    const char c = text[0];
    if (is_digit(c)) {
      if (layout.first_digit == '\0') layout.first_digit = c;
      ++layout.digits[layout.count];
      *out++ = c;
      text.remove_prefix(1);
      continue;
    }
    if (c == 'e' || c == 'E') return true;
    char separator = c;
    if (c == '.' || c == ',') {
      text.remove_prefix(1);
    } else if (cut_front(text, spaces)) {
      separator = ' ';
    } else if (cut_front(text, apostrophes)) {
      separator = '\'';
    } else {
      return false;
    }
    if (layout.count == Layout::most) return false;
    layout.add(separator);
  }
  return true;
}

/// Whether the first `count` separators part groups as they should: all the same sign, groups of
/// three, or in India of two before the last three.
bool groups_well(const Layout& layout, std::size_t count, bool indian) {
  if (count == 0) return true;
  for (std::size_t i = 1; i < count; ++i) {
    if (layout.separators[i] != layout.separators[0]) return false;
  }
  if (layout.digits[0] < 1 || layout.digits[0] > 3 || layout.digits[count] != 3) return false;
  const auto middle = std::span(layout.digits).subspan(1, count - 1);
  const auto all = [&](std::size_t size) {
    return std::all_of(middle.begin(), middle.end(), [=](std::size_t n) { return n == size; });
  };
  return all(3) || (indian && layout.digits[0] <= 2 && all(2));
}

Decimals guess(const Layout& layout) {
  const auto count = layout.count;
  if (count == 0) return Decimals::none;
  const char last = layout.separators[count - 1];
  const bool once = layout.how_many(last) == 1;
  if ((last == '.' || last == ',') && once) {
    if (count > 1)
      return groups_well(layout, count - 1, true) ? Decimals::last : Decimals::nonsense;
    const bool maybe_group = layout.digits[1] == 3 && layout.digits[0] >= 1 &&
                             layout.digits[0] <= 3 && layout.first_digit != '0';
    return maybe_group ? Decimals::ambiguous : Decimals::last;
  }
  return groups_well(layout, count, true) ? Decimals::none : Decimals::nonsense;
}

Decimals judge(const Layout& layout, const NumberLocale& locale) {
  auto groups = layout.count;
  const bool decimals = groups > 0 && layout.separators[groups - 1] == locale.decimal;
  if (decimals) --groups;
  for (std::size_t i = 0; i < groups; ++i) {
    if (locale.groups.find(layout.separators[i]) == std::string_view::npos) {
      return Decimals::nonsense;
    }
  }
  if (!groups_well(layout, groups, locale.indian_groups)) return Decimals::nonsense;
  return decimals ? Decimals::last : Decimals::none;
}

/// An exponent such as e5 or E-3, or nothing.
bool is_exponent(std::string_view text) {
  if (text.empty()) return true;
  text.remove_prefix(1);
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

class Number : public CellTransform {
 public:
  Number() = default;
  Number(NumberLocale locale, std::string_view name)
      : locale_(locale), refusal_("not a number as '" + std::string(name) + "' writes it") {}

  CellOutcome apply(std::string_view value, Scratch& scratch) const override {
    constexpr std::string_view doubt =
        "ambiguous: the separator may part thousands or decimals (a locale says which: "
        "--number COL=en or COL=de)";
    if (value.empty()) return CellOutcome::unchanged();
    std::string_view text = value;
    const auto frame = unframe(text);
    // Room for the number, to which a sign, a zero and a point may come, and behind it its digits.
    char* const begin = scratch.reserve(2 * value.size() + 3);
    char* const digits = begin + value.size() + 3;
    char* out = digits;
    Layout layout;
    if (!frame.sound() || !read_layout(text, layout, out) || out == digits || !is_exponent(text)) {
      return CellOutcome::failed(refusal_);
    }
    // "5.-" is a Swiss price without cents, not minus five.
    if (frame.trailing_sign && layout.digits[layout.count] == 0) {
      return CellOutcome::failed(refusal_);
    }
    auto decimals = locale_ ? judge(layout, *locale_) : guess(layout);
    // Nobody groups a number that has an exponent.
    if (decimals == Decimals::ambiguous && !text.empty()) decimals = Decimals::last;
    if (decimals == Decimals::ambiguous) return CellOutcome::failed(doubt);
    if (decimals == Decimals::nonsense) return CellOutcome::failed(refusal_);
    const bool negative = frame.minuses > 0 || frame.parentheses;
    const auto fraction = decimals == Decimals::last ? layout.digits[layout.count] : 0;
    const auto made = write(std::string_view(digits, out), fraction, negative, text, begin);
    if (made == value) return CellOutcome::unchanged();
    return CellOutcome::changed(scratch.keep(made.size()));
  }

 private:
  /// Puts the number together at `begin`.
  static std::string_view write(std::string_view digits, std::size_t fraction, bool negative,
                                std::string_view exponent, char* begin) {
    char* out = begin;
    const auto put = [&out](std::string_view text) {
      out = std::copy(text.begin(), text.end(), out);
    };
    const auto whole = digits.substr(0, digits.size() - fraction);
    if (negative) put("-");
    put(whole.empty() ? "0" : whole);
    if (fraction > 0) {
      put(".");
      put(digits.substr(whole.size()));
    }
    put(exponent);
    return {begin, static_cast<std::size_t>(out - begin)};
  }

  std::optional<NumberLocale> locale_;
  std::string refusal_ = "not a number";
};

}  // namespace

std::unique_ptr<CellTransform> number(std::string_view locale) {
  if (locale.empty()) return std::make_unique<Number>();
  const auto found = number_locale(locale);
  if (!found) {
    throw AppError(ErrorKind::usage, "'" + std::string(locale) + "' is not a known locale",
                   "write a language and, where it matters, a country: en, de, fr, de_CH, en_IN");
  }
  return std::make_unique<Number>(*found, locale);
}

}  // namespace nodeops::csv
