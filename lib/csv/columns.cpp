// SPDX-License-Identifier: MIT
#include "csv/columns.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "core/error.hpp"
#include "core/nearest.hpp"

namespace nodeops::csv {
namespace {

/// Without the backslashes that make characters plain.
std::string unescaped(std::string_view pattern) {
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
    text += pattern[i];
  }
  return text;
}

bool has_plain(std::string_view pattern, std::string_view characters) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\') {
      ++i;
    } else if (characters.find(pattern[i]) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

/// Whether `name` fits the glob. Goes back only to the last *, so the time is at most the product
/// of the lengths.
bool fits(std::string_view pattern, std::string_view name) {
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;
  std::size_t retry = 0;
  while (n < name.size()) {
    const bool plain = p + 1 < pattern.size() && pattern[p] == '\\';
    if (p < pattern.size() && !plain && pattern[p] == '*') {
      star = p++;
      retry = n;
    } else if (p < pattern.size() &&
               (plain ? pattern[p + 1] == name[n] : pattern[p] == '?' || pattern[p] == name[n])) {
      p += plain ? 2 : 1;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++retry;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

/// Finds columns in one table, and says why it does not.
class Table {
 public:
  Table(const std::vector<std::string>& names, std::string_view option)
      : names_(names), option_(option) {
    named_ =
        std::any_of(names.begin(), names.end(), [](const auto& name) { return !name.empty(); });
  }

  [[noreturn]] void refuse(const std::string& why, std::string advice = {}) const {
    const std::string start = option_.empty() ? std::string() : std::string(option_) + ": ";
    throw AppError(ErrorKind::usage, start + why, std::move(advice));
  }

  /// The column with this exact name. Refuses one that several columns have.
  std::optional<std::size_t> by_name(std::string_view name) const {
    if (name.empty()) return std::nullopt;
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end()) return std::nullopt;
    if (std::find(found + 1, names_.end(), name) != names_.end()) refuse_ambiguous(name);
    return static_cast<std::size_t>(found - names_.begin());
  }

  /// The column at a position from 1. Empty when the text is not a number.
  std::optional<std::size_t> by_position(std::string_view text) const {
    if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) {
      return std::nullopt;
    }
    std::size_t position = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), position);
    if (result.ec != std::errc() || position == 0 || position > names_.size()) {
      refuse("no column " + std::string(text),
             "there are " + std::to_string(names_.size()) + ", counted from 1");
    }
    return position - 1;
  }

  std::optional<std::size_t> find(std::string_view name) const {
    const auto named = by_name(name);
    return named ? named : by_position(name);
  }

  /// Both ends of a range such as a-d, 2- or -3. A name may hold hyphens: the first hyphen that has
  /// a column on both of its sides counts.
  std::optional<std::pair<std::size_t, std::size_t>> range(std::string_view pattern) const {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (pattern[i] == '\\') {
        ++i;
        continue;
      }
      if (pattern[i] != '-' || pattern.size() == 1 || names_.empty()) continue;
      const auto left = unescaped(pattern.substr(0, i));
      const auto right = unescaped(pattern.substr(i + 1));
      const auto first = left.empty() ? std::optional<std::size_t>(0) : find(left);
      if (!first) continue;
      const auto last = right.empty() ? std::optional(names_.size() - 1) : find(right);
      if (last) return std::pair(*first, *last);
    }
    return std::nullopt;
  }

  std::vector<std::size_t> glob(std::string_view pattern) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; named_ && i < names_.size(); ++i) {
      if (fits(pattern, names_[i])) found.push_back(i);
    }
    return found;
  }

  [[noreturn]] void refuse_unknown(const std::string& name) const {
    if (!named_)
      refuse("no column '" + name + "'", "without column names there are only positions");
    if (const auto meant = nearest(name, names_)) {
      refuse("no column '" + name + "'", "did you mean '" + *meant + "'?");
    }
    refuse("no column '" + name + "'", few_names());
  }

 private:
  [[noreturn]] void refuse_ambiguous(std::string_view name) const {
    std::string positions;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] != name) continue;
      positions += (positions.empty() ? "" : ", ") + std::to_string(i + 1);
    }
    refuse("several columns are called '" + std::string(name) + "': " + positions,
           "say which by its position");
  }

  std::string few_names() const {
    constexpr std::size_t few = 12;
    std::string all;
    for (std::size_t i = 0; i < names_.size() && i < few; ++i) {
      all += (all.empty() ? "there are " : ", ") + names_[i];
    }
    return names_.size() > few ? all + " and " + std::to_string(names_.size() - few) + " more"
                               : all;
  }

  const std::vector<std::string>& names_;
  std::string_view option_;
  bool named_;
};

}  // namespace

ColumnSet ColumnSet::one(std::string name) {
  ColumnSet made;
  made.items_.push_back({.written = std::move(name), .pattern = {}});
  return made;
}

std::vector<std::size_t> ColumnSet::resolve(const std::vector<std::string>& names,
                                            std::string_view option) const {
  const Table table(names, option);
  std::vector<std::size_t> chosen;
  std::vector<bool> taken(names.size());
  const auto take = [&](std::size_t column) {
    if (!taken[column]) chosen.push_back(column);
    taken[column] = true;
  };
  for (const auto& item : items_) {
    auto column = table.by_name(item.written);
    if (!column) column = table.by_position(item.written);
    if (column) {
      take(*column);
    } else if (has_plain(item.pattern, "*?")) {
      const auto fitting = table.glob(item.pattern);
      if (fitting.empty()) table.refuse("no column fits '" + item.written + "'");
      for (const auto each : fitting) take(each);
    } else if (const auto ends = table.range(item.pattern)) {
      if (ends->first > ends->second)
        table.refuse("the range '" + item.written + "' runs backwards");
      for (auto each = ends->first; each <= ends->second; ++each) take(each);
    } else {
      table.refuse_unknown(item.written);
    }
  }
  return chosen;
}

ColumnSet parse_columns(std::string_view text) {
  ColumnSet made;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i + 1 < text.size() && text[i] == '\\') {
      ++i;
      continue;
    }
    if (i < text.size() && text[i] != ',') continue;
    const auto pattern = text.substr(begin, i - begin);
    if (pattern.empty()) {
      throw AppError(ErrorKind::usage,
                     text.empty() ? "no column is named"
                                  : "'" + std::string(text) + "' has an empty column name");
    }
    made.items_.push_back({.written = unescaped(pattern), .pattern = std::string(pattern)});
    begin = i + 1;
  }
  return made;
}

}  // namespace nodeops::csv
