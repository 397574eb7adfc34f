// SPDX-License-Identifier: MIT
#include <chrono>
#include <span>

#include "csv/date_form.hpp"
#include "csv/date_names.hpp"

namespace nodeops::csv {
namespace {

bool is_space(char c) {
  return c == ' ' || (c >= 9 && c <= 13);
}
char small(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

/// Reads from the front of a value. Each action says whether what it looked for was there.
class Reader {
 public:
  explicit Reader(std::string_view value) : left_(value) {}

  bool done() const { return left_.empty(); }

  void skip_space() {
    while (!left_.empty() && is_space(left_[0])) left_.remove_prefix(1);
  }

  bool take(char c) {
    if (left_.empty() || left_[0] != c) return false;
    left_.remove_prefix(1);
    return true;
  }

  bool take_text(std::string_view text) {
    for (const char c : text) {
      if (is_space(c)) {
        skip_space();
      } else if (!take(c)) {
        return false;
      }
    }
    return true;
  }

  /// In any case of letters.
  bool take_word(std::string_view word) {
    if (left_.size() < word.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i) {
      if (small(left_[i]) != small(word[i])) return false;
    }
    left_.remove_prefix(word.size());
    return true;
  }

  /// A name from the list, whole or its first three letters; gives its place.
  std::optional<int> take_name(std::span<const std::string_view> names) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (take_word(names[i]) || take_word(names[i].substr(0, 3))) return static_cast<int>(i);
    }
    return std::nullopt;
  }

  /// Between `least` and `most` digits, and how many they were.
  struct Number {
    std::int64_t value;
    std::size_t digits;
  };
  std::optional<Number> take_digits(std::size_t least, std::size_t most) {
    Number number = {0, 0};
    while (number.digits < most && !left_.empty() && left_[0] >= '0' && left_[0] <= '9') {
      number.value = number.value * 10 + (left_[0] - '0');
      ++number.digits;
      left_.remove_prefix(1);
    }
    return number.digits < least ? std::nullopt : std::optional(number);
  }

 private:
  std::string_view left_;
};

/// What the conversions of a form found.
struct Found {
  std::optional<int> year, month, day, day_of_year, weekday;
  std::optional<int> hour, hour_of_twelve, minute, second, offset_minutes;
  std::optional<int> half;  // of the day: 0 AM, 1 PM
  std::optional<std::int64_t> epoch;
  std::uint32_t nanoseconds = 0;
};

/// A part that a form names twice must be the same both times.
template <class T>
bool keep(std::optional<T>& part, T value) {
  if (part && *part != value) return false;
  part = value;
  return true;
}

bool read_number(Reader& reader, std::optional<int>& part, std::size_t width, bool full_width,
                 int lowest, int highest) {
  const auto number = reader.take_digits(full_width ? width : 1, width);
  if (!number || number->value < lowest || number->value > highest) return false;
  return keep(part, static_cast<int>(number->value));
}

bool read_offset(Reader& reader, Found& found) {
  if (reader.take('Z') || reader.take('z')) return keep(found.offset_minutes, 0);
  const bool west = reader.take('-');
  if (!west && !reader.take('+')) return false;
  const auto hours = reader.take_digits(2, 2);
  if (!hours || hours->value > 23) return false;
  const bool colon = reader.take(':');
  const auto minutes = reader.take_digits(colon ? 2 : 0, 2);
  if (!minutes || minutes->digits == 1 || minutes->value > 59) return false;
  const auto offset = static_cast<int>(hours->value * 60 + minutes->value);
  return keep(found.offset_minutes, west ? -offset : offset);
}

bool read_short_year(Reader& reader, Found& found) {
  const auto number = reader.take_digits(2, 2);
  if (!number) return false;
  return keep(found.year,
              static_cast<int>(number->value < 69 ? 2000 : 1900) + static_cast<int>(number->value));
}

bool read_fraction(Reader& reader, Found& found) {
  const auto number = reader.take_digits(1, 9);
  if (!number) return false;
  auto scaled = number->value;
  for (auto digits = number->digits; digits < 9; ++digits) scaled *= 10;
  found.nanoseconds = static_cast<std::uint32_t>(scaled);
  return true;
}

bool read_epoch(Reader& reader, Found& found) {
  const bool before = reader.take('-');
  const auto number = reader.take_digits(1, 12);
  return number && keep(found.epoch, before ? -number->value : number->value);
}

bool read_zone_name(Reader& reader, Found& found) {
  const bool utc = reader.take_word("UTC") || reader.take_word("GMT") || reader.take_word("Z");
  return utc && keep(found.offset_minutes, 0);
}

bool read_half(Reader& reader, Found& found) {
  if (reader.take_word("AM")) return keep(found.half, 0);
  return reader.take_word("PM") && keep(found.half, 1);
}

bool read_name(Reader& reader, std::optional<int>& part, std::span<const std::string_view> names,
               int first) {
  const auto name = reader.take_name(names);
  return name && keep(part, *name + first);
}

bool read_conversion(Reader& reader, char conversion, bool full_width, Found& found) {
  const auto number = [&](std::optional<int>& part, std::size_t width, int lowest, int highest) {
    return read_number(reader, part, width, full_width, lowest, highest);
  };
  switch (conversion) {
    case 'Y':
      return read_number(reader, found.year, 4, true, 1, 9999);
    case 'y':
      return read_short_year(reader, found);
    case 'm':
      return number(found.month, 2, 1, 12);
    case 'b':
    case 'B':
    case 'h':
      return read_name(reader, found.month, month_names, 1);
    case 'e':
      reader.skip_space();
      [[fallthrough]];
    case 'd':
      return number(found.day, 2, 1, 31);
    case 'j':
      return number(found.day_of_year, 3, 1, 366);
    case 'k':
      reader.skip_space();
      [[fallthrough]];
    case 'H':
      return number(found.hour, 2, 0, 23);
    case 'l':
      reader.skip_space();
      [[fallthrough]];
    case 'I':
      return number(found.hour_of_twelve, 2, 1, 12);
    case 'M':
      return number(found.minute, 2, 0, 59);
    case 'S':
      return number(found.second, 2, 0, 60);
    case 'f':
      return read_fraction(reader, found);
    case 'p':
      return read_half(reader, found);
    case 'a':
    case 'A':
      return read_name(reader, found.weekday, day_names, 0);
    case 'z':
      return read_offset(reader, found);
    case 'Z':
      return read_zone_name(reader, found);
    case 's':
      return read_epoch(reader, found);
    case 'n':
    case 't':
      reader.skip_space();
      return true;
    default:
      return false;
  }
}

/// The day that was found, if there is such a day and all that was said of it agrees.
std::optional<std::chrono::sys_days> day_of(const Found& found) {
  using std::chrono::days, std::chrono::January, std::chrono::sys_days, std::chrono::year;
  const auto first = year(found.year.value_or(2000));
  if (found.day_of_year && !found.month && !found.day) {
    if (*found.day_of_year == 366 && !first.is_leap()) return std::nullopt;
    return sys_days(first / January / 1) + days(*found.day_of_year - 1);
  }
  const auto date = first / static_cast<int>(found.month.value_or(1)) / found.day.value_or(1);
  if (!date.ok()) return std::nullopt;
  const sys_days made(date);
  const auto place = (made - sys_days(first / January / 1)).count() + 1;
  if (found.day_of_year && *found.day_of_year != place) return std::nullopt;
  return made;
}

std::optional<std::int64_t> seconds_of(const Found& found) {
  if (found.epoch) return found.epoch;
  const auto made = day_of(found);
  if (!made) return std::nullopt;
  const bool whole_date = found.day_of_year || (found.year && found.month && found.day);
  if (found.weekday && whole_date &&
      std::chrono::weekday(*made).c_encoding() != static_cast<unsigned>(*found.weekday)) {
    return std::nullopt;
  }
  auto hour = found.hour.value_or(0);
  if (found.hour_of_twelve) {
    const int afternoon = *found.hour_of_twelve % 12 + 12 * found.half.value_or(0);
    if (found.hour && *found.hour != afternoon) return std::nullopt;
    hour = afternoon;
  }
  const std::int64_t minutes = std::int64_t{made->time_since_epoch().count()} * 1440 +
                               std::int64_t{hour} * 60 + found.minute.value_or(0) -
                               found.offset_minutes.value_or(0);
  return minutes * 60 + found.second.value_or(0);
}

}  // namespace

std::optional<Moment> DateForm::read(std::string_view value) const {
  constexpr std::int64_t year_1 = -62135596800;
  constexpr std::int64_t year_10000 = 253402300800;
  Reader reader(value);
  Found found;
  for (const auto& step : steps_) {
    const bool there = step.conversion == '\0'
                           ? reader.take_text(step.text)
                           : read_conversion(reader, step.conversion, step.full_width, found);
    if (!there) return std::nullopt;
  }
  if (!reader.done()) return std::nullopt;
  const auto seconds = seconds_of(found);
  if (!seconds || *seconds < year_1 || *seconds >= year_10000) return std::nullopt;
  return Moment{*seconds, found.nanoseconds};
}

}  // namespace nodeops::csv
