// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nodeops::csv {

/// A point in time, UTC, between the years 1 and 9999.
struct Moment {
  std::int64_t seconds = 0;  ///< since 1970-01-01T00:00:00Z
  std::uint32_t nanoseconds = 0;
};

/// A date's form in the notation of strptime and strftime, in English and UTC whatever the locale
/// and time zone of the process.
///
///     %Y %y          year: four digits; two, of which 69 to 99 are 1969 to 1999, as POSIX says
///     %m %b %B %h    month: number; name, short or long (read: either, in any case)
///     %d %e %j       day; day, padded with a space; day of the year
///     %H %k %I %l    hour 0 to 23; padded with a space; 1 to 12 with %p; padded with a space
///     %M %S %f       minute; second (60, a leap second, is read as the next second); its fraction
///                    (read: 1 to 9 digits; written: 6)
///     %p %a %A       AM or PM; the day of the week, which when read must be the date's
///     %z %Z          read: +0200, +02:00, +02 or Z, and UTC, GMT or Z; written: +0000, UTC
///     %s             seconds since 1970
///     %F %D %T %R %r   %Y-%m-%d   %m/%d/%y   %H:%M:%S   %H:%M   %I:%M:%S %p
///     %u %w %G %V    written only: day of the week 1 to 7, 0 to 6; ISO year and week
///     %n %t %%       white space; a percent sign
///
/// White space in the form reads any amount of it, none included. Numbers need no leading zeros,
/// unless two of them touch (%Y%m%d).
class DateForm {
 public:
  /// Throws AppError usage at a conversion that is not in the table.
  explicit DateForm(std::string_view form);

  const std::string& text() const { return text_; }

  /// Reads a value that has the form from its first to its last byte and names a day that exists.
  /// What the form leaves out is the start of the year 2000, of the day, of the minute.
  std::optional<Moment> read(std::string_view value) const;

  /// Writes it, at most longest() bytes; gives the end of what was written.
  char* write(Moment moment, char* out) const;
  std::size_t longest() const { return longest_; }

  /// Throws AppError usage when values cannot be read by this form: what is written only, %I and %p
  /// without each other.
  void check_readable() const;

  /// Parts of a date that a form reads or that it needs to be written.
  static constexpr unsigned year = 1;
  static constexpr unsigned month = 2;
  static constexpr unsigned day = 4;
  unsigned parts() const;

 private:
  /// A conversion, or text that stands for itself.
  struct Step {
    char conversion = '\0';  // '\0': text
    std::string text = {};
    bool full_width = false;  // a number that touches another
  };

  bool has(char conversion) const;

  std::string text_;
  std::vector<Step> steps_;
  std::size_t longest_ = 0;
};

}  // namespace nodeops::csv
