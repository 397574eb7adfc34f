// SPDX-License-Identifier: MIT
#include "csv/regex.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <string>

#include "core/error.hpp"

namespace nodeops::csv {

struct Regex::Program {
  RE2 expression;
};

namespace {

constexpr std::size_t most_groups = 10;  // the whole match and \1 to \9

RE2::Options options(bool ignore_case) {
  RE2::Options made;
  made.set_log_errors(false);
  made.set_case_sensitive(!ignore_case);
  // Its automaton grows with what it meets; this is where it begins anew, per expression.
  made.set_max_mem(4 << 20);
  return made;
}

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

Regex::Regex(std::string_view pattern, bool ignore_case)
    : program_(new Program{RE2(piece(pattern), options(ignore_case))}) {
  if (!program_->expression.ok()) {
    throw AppError(ErrorKind::usage,
                   "'" + std::string(pattern) +
                       "' is not a regular expression: " + program_->expression.error());
  }
}

Regex::~Regex() = default;
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;

std::size_t Regex::groups() const {
  return static_cast<std::size_t>(program_->expression.NumberOfCapturingGroups());
}

bool Regex::found_in(std::string_view text) const {
  return program_->expression.Match(piece(text), 0, text.size(), RE2::UNANCHORED, nullptr, 0);
}

bool Regex::find(std::string_view text, std::size_t from,
                 std::span<std::string_view> groups) const {
  std::array<re2::StringPiece, most_groups> found;
  const auto count = std::min(groups.size(), found.size());
  if (!program_->expression.Match(piece(text), from, text.size(), RE2::UNANCHORED, found.data(),
                                  static_cast<int>(count))) {
    return false;
  }
  for (std::size_t i = 0; i < count; ++i) groups[i] = {found[i].data(), found[i].size()};
  return true;
}

}  // namespace nodeops::csv
