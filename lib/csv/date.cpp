// SPDX-License-Identifier: MIT
#include "csv/date.hpp"

#include <string>
#include <utility>

#include "core/error.hpp"
#include "csv/date_form.hpp"

namespace nodeops::csv {
namespace {

class Date : public CellTransform {
 public:
  Date(DateForm from, DateForm to)
      : from_(std::move(from)),
        to_(std::move(to)),
        refusal_("not a date of the form " + from_.text()) {}

  CellOutcome apply(std::string_view value, Scratch& scratch) const override {
    if (value.empty()) return CellOutcome::unchanged();
    const auto moment = from_.read(value);
    // The value itself is not named: it may be a date of birth.
    if (!moment) return CellOutcome::failed(refusal_);
    char* const out = scratch.reserve(to_.longest());
    const auto size = static_cast<std::size_t>(to_.write(*moment, out) - out);
    if (std::string_view(out, size) == value) return CellOutcome::unchanged();
    return CellOutcome::changed(scratch.keep(size));
  }

 private:
  DateForm from_;
  DateForm to_;
  std::string refusal_;
};

/// Whether the colon at `at` stands between hours and minutes or minutes and seconds.
bool is_within_time(std::string_view spec, std::size_t at) {
  if (at < 2 || at + 2 >= spec.size() || spec[at - 2] != '%' || spec[at + 1] != '%') return false;
  const char before = spec[at - 1];
  const char after = spec[at + 2];
  const bool hours = before == 'H' || before == 'I' || before == 'k' || before == 'l';
  return (hours && after == 'M') || (before == 'M' && after == 'S');
}

struct Rule {
  std::string from;
  std::string to;
};

Rule split(std::string_view spec) {
  Rule rule;
  int partings = 0;
  for (std::size_t i = 0; i < spec.size(); ++i) {
    auto& part = partings == 0 ? rule.from : rule.to;
    const bool escape = spec[i] == '\\' && i + 1 < spec.size();
    if (escape && (spec[i + 1] == ':' || spec[i + 1] == '\\')) {
      part += spec[++i];
    } else if (spec[i] == ':' && !is_within_time(spec, i)) {
      ++partings;
    } else {
      part += spec[i];
    }
  }
  if (partings != 1) {
    throw AppError(ErrorKind::usage,
                   "'" + std::string(spec) + "' has " +
                       (partings == 0 ? "no colon" : "more than one colon") +
                       " to part FROM and TO",
                   "write FROM:TO, such as %d/%m/%Y:%Y-%m-%d, and \\: for a colon of a form");
  }
  return rule;
}

}  // namespace

std::unique_ptr<CellTransform> parse_date_rule(std::string_view spec) {
  const auto rule = split(spec);
  DateForm from(rule.from);
  DateForm to(rule.to);
  from.check_readable();
  if (rule.to.empty()) {
    throw AppError(ErrorKind::usage, "'" + std::string(spec) + "' has no form behind the colon");
  }
  if ((to.parts() & ~from.parts()) != 0) {
    throw AppError(ErrorKind::usage,
                   "'" + rule.to + "' needs more of a date than '" + rule.from + "' reads");
  }
  return std::make_unique<Date>(std::move(from), std::move(to));
}

}  // namespace nodeops::csv
