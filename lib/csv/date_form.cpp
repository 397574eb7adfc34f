// SPDX-License-Identifier: MIT
#include "csv/date_form.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace nodeops::csv {
namespace {

constexpr std::string_view known = "YymbBhdejHkIlMSfpaAzZsuwGVnt%";
constexpr std::string_view numbers = "YymdejHkIlMSfs";
constexpr std::string_view written_only = "uwGV";

bool contains(std::string_view all, char one) {
  return all.find(one) != std::string_view::npos;
}

/// What a conversion that stands for several means; empty for the others.
std::string_view expansion(char conversion) {
  switch (conversion) {
    case 'F':
      return "%Y-%m-%d";
    case 'D':
      return "%m/%d/%y";
    case 'T':
      return "%H:%M:%S";
    case 'R':
      return "%H:%M";
    case 'r':
      return "%I:%M:%S %p";
    default:
      return {};
  }
}

[[noreturn]] void refuse(std::string_view form, const std::string& why, std::string advice = {}) {
  throw AppError(ErrorKind::usage, "date form '" + std::string(form) + "': " + why,
                 std::move(advice));
}

std::string expanded(std::string_view form) {
  std::string made;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] != '%') {
      made += form[i];
      continue;
    }
    if (++i == form.size()) refuse(form, "a '%' ends it", "write %% for a percent sign");
    const auto meaning = expansion(form[i]);
    if (!meaning.empty()) {
      made += meaning;
    } else if (contains(known, form[i])) {
      made += {'%', form[i]};
    } else {
      refuse(form, "there is no conversion %" + std::string(1, form[i]),
             "known are %Y %y %m %b %B %d %e %j %H %I %M %S %f %p %a %A %z %Z %s %F %D %T %R %r");
    }
  }
  return made;
}

}  // namespace

DateForm::DateForm(std::string_view form) : text_(form) {
  const auto plain = expanded(form);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    if (plain[i] == '%' && plain[i + 1] != '%') {
      steps_.push_back({.conversion = plain[++i]});
      continue;
    }
    if (plain[i] == '%') ++i;
    if (steps_.empty() || steps_.back().conversion != '\0') steps_.emplace_back();
    steps_.back().text += plain[i];
  }
  for (std::size_t i = 0; i + 1 < steps_.size(); ++i) {
    const bool touch =
        contains(numbers, steps_[i].conversion) && contains(numbers, steps_[i + 1].conversion);
    if (touch) steps_[i].full_width = steps_[i + 1].full_width = true;
  }
  constexpr std::size_t longest_conversion = 12;
  for (const auto& step : steps_) {
    longest_ += step.conversion == '\0' ? step.text.size() : longest_conversion;
  }
}

bool DateForm::has(char conversion) const {
  return std::any_of(steps_.begin(), steps_.end(),
                     [=](const Step& step) { return step.conversion == conversion; });
}

unsigned DateForm::parts() const {
  unsigned made = 0;
  for (const auto& step : steps_) {
    const char c = step.conversion;
    if (c == '\0') continue;
    if (c == 'Y' || c == 'y') made |= year;
    if (contains("mbBh", c)) made |= month;
    if (contains("de", c)) made |= day;
    if (c == 'j') made |= month | day;
    if (contains("suwGV", c)) made |= year | month | day;
  }
  return made;
}

void DateForm::check_readable() const {
  if (text_.empty()) refuse(text_, "it is empty");
  for (const char conversion : written_only) {
    if (has(conversion)) refuse(text_, "%" + std::string(1, conversion) + " can only be written");
  }
  if ((has('I') || has('l')) != has('p')) refuse(text_, "%I and %p are only read together");
  if (has('j') && !has('Y') && !has('y')) refuse(text_, "%j is only read with a year");
  const bool any = std::any_of(steps_.begin(), steps_.end(), [](const Step& step) {
    return step.conversion != '\0' && !contains("aAzZnt", step.conversion);
  });
  if (!any) refuse(text_, "it reads neither a date nor a time");
}

}  // namespace nodeops::csv
