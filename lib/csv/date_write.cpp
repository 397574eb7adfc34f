// SPDX-License-Identifier: MIT
#include <algorithm>
#include <charconv>
#include <chrono>

#include "csv/date_form.hpp"
#include "csv/date_names.hpp"

namespace nodeops::csv {
namespace {

char* write_text(std::string_view text, char* out) {
  return std::copy(text.begin(), text.end(), out);
}

/// `width` digits, filled up with `padding`.
char* write_number(unsigned value, int width, char* out, char padding = '0') {
  for (int i = width - 1; i >= 0; --i) {
    const bool pad = value == 0 && i < width - 1;
    out[i] = pad ? padding : static_cast<char>('0' + value % 10);
    value /= 10;
  }
  return out + width;
}

struct IsoWeek {
  int year;
  unsigned week;
};

/// ISO 8601: a week belongs to the year that its Thursday lies in.
IsoWeek iso_week(std::chrono::sys_days day) {
  using std::chrono::days, std::chrono::sys_days, std::chrono::weekday;
  const auto thursday = day + days(4 - static_cast<int>(weekday(day).iso_encoding()));
  const auto year_of_week = std::chrono::year_month_day(thursday).year();
  const auto place = (thursday - sys_days(year_of_week / std::chrono::January / 1)).count();
  return {static_cast<int>(year_of_week), static_cast<unsigned>(place / 7 + 1)};
}

/// A moment taken apart.
class Calendar {
 public:
  explicit Calendar(Moment moment)
      : moment_(moment),
        day_(std::chrono::floor<std::chrono::days>(
            std::chrono::sys_seconds(std::chrono::seconds(moment.seconds)))),
        date_(day_),
        second_(static_cast<unsigned>(moment.seconds -
                                      std::int64_t{86400} * day_.time_since_epoch().count())) {}

  char* write(char conversion, char* out) const {
    const auto month_name = month_names[unsigned{date_.month()} - 1];
    const auto day_name = day_names[weekday()];
    switch (conversion) {
      case 'Y':
        return write_number(year(), 4, out);
      case 'y':
        return write_number(year() % 100, 2, out);
      case 'm':
        return write_number(unsigned{date_.month()}, 2, out);
      case 'b':
      case 'h':
        return write_text(month_name.substr(0, 3), out);
      case 'B':
        return write_text(month_name, out);
      case 'd':
        return write_number(unsigned{date_.day()}, 2, out);
      case 'e':
        return write_number(unsigned{date_.day()}, 2, out, ' ');
      case 'a':
        return write_text(day_name.substr(0, 3), out);
      case 'A':
        return write_text(day_name, out);
      case 'j':
        return write_number(day_of_year(), 3, out);
      case 'u':
        return write_number(weekday() == 0 ? 7 : weekday(), 1, out);
      case 'w':
        return write_number(weekday(), 1, out);
      case 'G':
        return write_number(static_cast<unsigned>(iso_week(day_).year), 4, out);
      case 'V':
        return write_number(iso_week(day_).week, 2, out);
      default:
        return write_time(conversion, out);
    }
  }

 private:
  char* write_time(char conversion, char* out) const {
    const unsigned hour = second_ / 3600;
    const unsigned of_twelve = hour % 12 == 0 ? 12 : hour % 12;
    switch (conversion) {
      case 'H':
        return write_number(hour, 2, out);
      case 'k':
        return write_number(hour, 2, out, ' ');
      case 'I':
        return write_number(of_twelve, 2, out);
      case 'l':
        return write_number(of_twelve, 2, out, ' ');
      case 'M':
        return write_number(second_ / 60 % 60, 2, out);
      case 'S':
        return write_number(second_ % 60, 2, out);
      case 'f':
        return write_number(moment_.nanoseconds / 1000, 6, out);
      case 'p':
        return write_text(hour < 12 ? "AM" : "PM", out);
      case 'z':
        return write_text("+0000", out);
      case 'Z':
        return write_text("UTC", out);
      case 's':
        return std::to_chars(out, out + 12, moment_.seconds).ptr;
      case 'n':
        return write_text("\n", out);
      case 't':
        return write_text("\t", out);
      default:
        return out;
    }
  }

  unsigned year() const { return static_cast<unsigned>(static_cast<int>(date_.year())); }
  unsigned weekday() const { return std::chrono::weekday(day_).c_encoding(); }
  unsigned day_of_year() const {
    const auto first = std::chrono::sys_days(date_.year() / std::chrono::January / 1);
    return static_cast<unsigned>((day_ - first).count() + 1);
  }

  Moment moment_;
  std::chrono::sys_days day_;
  std::chrono::year_month_day date_;
  unsigned second_;  // of the day
};

}  // namespace

char* DateForm::write(Moment moment, char* out) const {
  const Calendar calendar(moment);
  for (const auto& step : steps_) {
    out =
        step.conversion == '\0' ? write_text(step.text, out) : calendar.write(step.conversion, out);
  }
  return out;
}

}  // namespace nodeops::csv
