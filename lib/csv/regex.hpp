// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace nodeops::csv {

/// A regular expression in RE2's syntax: matching takes time linear in the text, whatever the
/// expression, and a bounded amount of memory. Text is taken as UTF-8; a byte that is not UTF-8 is
/// matched by nothing but `\C`, so it is stepped over and never changed. Safe for several threads.
class Regex {
 public:
  /// Throws AppError usage with the library's reason: "'(a': missing ): (a".
  explicit Regex(std::string_view pattern, bool ignore_case = false);
  ~Regex();
  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;

  /// How many groups it has, the whole match not counted.
  std::size_t groups() const;

  bool found_in(std::string_view text) const;

  /// Finds the leftmost match that starts at or behind `from`. Fills `groups`: the whole match
  /// first; a group that took no part has no data(). False: there is none.
  bool find(std::string_view text, std::size_t from, std::span<std::string_view> groups) const;

 private:
  struct Program;
  std::unique_ptr<Program> program_;
};

}  // namespace nodeops::csv
