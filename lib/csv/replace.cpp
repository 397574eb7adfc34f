// SPDX-License-Identifier: MIT
#include "csv/replace.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "csv/regex.hpp"
#include "csv/utf8.hpp"

namespace nodeops::csv {
namespace {

constexpr auto too_long = "the new value is longer than a record may be (see --max-record)";
constexpr std::string_view form = "COL=/RE/TEXT/ with the flags g and i";

/// A piece of the replacement text: plain characters, or a group of the match.
struct Part {
  std::string text = {};
  int group = -1;  // -1: text
};

struct Rule {
  Regex expression;
  std::vector<Part> parts;
  std::size_t groups_used;  // the whole match counted
  bool all;
};

class Replace : public CellTransform {
 public:
  explicit Replace(Rule rule) : rule_(std::move(rule)) {}

  CellOutcome apply(std::string_view value, Scratch& scratch) const override {
    std::array<std::string_view, 10> groups;
    const auto used = std::span(groups).first(rule_.groups_used);
    if (!rule_.expression.find(value, 0, used)) return CellOutcome::unchanged();
    std::string made;
    made.reserve(value.size());
    std::size_t done = 0;  // what is before was copied or replaced
    std::size_t from = 0;
    bool after_match = false;
    do {
      const auto at = static_cast<std::size_t>(groups[0].data() - value.data());
      const auto size = groups[0].size();
      if (size == 0 && after_match && at == done) {
        from = step_over(value, at);
        after_match = false;
        continue;
      }
      made.append(value, done, at - done);
      append_text(made, used);
      if (made.size() > scratch.longest_value()) return CellOutcome::failed(too_long);
      done = at + size;
      from = size == 0 ? step_over(value, at) : done;
      after_match = size != 0;
    } while (rule_.all && from <= value.size() && rule_.expression.find(value, from, used));
    made.append(value, done);
    return made == value ? CellOutcome::unchanged() : CellOutcome::changed(scratch.copy(made));
  }

 private:
  /// Behind the character at `at`: an empty match is not looked for within one.
  static std::size_t step_over(std::string_view value, std::size_t at) {
    if (at >= value.size()) return at + 1;
    const auto code = decode_utf8(value.data() + at, value.data() + value.size());
    return at + (code.length == 0 ? 1 : code.length);
  }

  void append_text(std::string& made, std::span<const std::string_view> groups) const {
    for (const auto& part : rule_.parts) {
      made += part.group < 0 ? std::string_view(part.text)
                             : groups[static_cast<std::size_t>(part.group)];
    }
  }

  Rule rule_;
};

[[noreturn]] void refuse(const std::string& why) {
  throw AppError(ErrorKind::usage, why);
}

enum class Escape { keep, drop };

/// Cuts off what stands before the next delimiter, and the delimiter. `escape` says what becomes of
/// the backslash before a delimiter: in an expression it stays, since `\|` is a plain character
/// there too.
std::string cut(std::string_view& left, char delimiter, Escape escape, std::string_view spec) {
  std::string part;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i] == delimiter) {
      left.remove_prefix(i + 1);
      return part;
    }
    if (left[i] == '\\' && i + 1 < left.size()) {
      if (left[i + 1] != delimiter || escape == Escape::keep) part += left[i];
      ++i;
    }
    part += left[i];
  }
  throw AppError(ErrorKind::usage,
                 "'" + std::string(spec) + "' has too few '" + std::string(1, delimiter) + "'",
                 "write " + std::string(form));
}

std::vector<Part> parse_text(std::string_view text, std::size_t groups) {
  std::vector<Part> parts(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      parts.back().text += text[i];
      continue;
    }
    const char next = ++i < text.size() ? text[i] : '\0';
    if (next == '\\') {
      parts.back().text += next;
    } else if (next >= '0' && next <= '9') {
      const int group = next - '0';
      if (static_cast<std::size_t>(group) > groups) {
        refuse("replacement '" + std::string(text) + "' uses group " + next +
               ", but the expression has " + std::to_string(groups));
      }
      parts.push_back({.group = group});
      parts.emplace_back();
    } else {
      refuse("replacement '" + std::string(text) +
             "' has a '\\' without a digit or a '\\' behind it");
    }
  }
  return parts;
}

}  // namespace

std::unique_ptr<CellTransform> parse_replacement(std::string_view spec) {
  const char delimiter = spec.empty() ? 'x' : spec[0];
  const bool usable = delimiter > ' ' && delimiter < 0x7F && delimiter != '\\' &&
                      !(delimiter >= '0' && delimiter <= '9') &&
                      !((delimiter | 0x20) >= 'a' && (delimiter | 0x20) <= 'z');
  if (!usable) {
    throw AppError(ErrorKind::usage, "'" + std::string(spec) + "' is not a replacement",
                   "write " + std::string(form));
  }
  std::string_view left = spec.substr(1);
  const auto pattern = cut(left, delimiter, Escape::keep, spec);
  const auto text = cut(left, delimiter, Escape::drop, spec);
  bool all = false;
  bool ignore_case = false;
  for (const char flag : left) {
    if (flag != 'g' && flag != 'i') {
      refuse("'" + std::string(1, flag) + "' is not a flag of a replacement; there are g and i");
    }
    (flag == 'g' ? all : ignore_case) = true;
  }
  Regex expression(pattern, ignore_case);
  auto parts = parse_text(text, expression.groups());
  std::size_t used = 1;
  for (const auto& part : parts) used = std::max(used, static_cast<std::size_t>(part.group + 1));
  return std::make_unique<Replace>(Rule{std::move(expression), std::move(parts), used, all});
}

}  // namespace nodeops::csv
