// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace nodeops::csv {

/// A word of Lua 5.4 (reference manual, 3.1), without what stands between words.
struct LuaToken {
  enum class Kind { name, number, string, sign, end };

  Kind kind = Kind::end;
  std::size_t begin = 0;  ///< where it stands
  std::string_view text = {};

  bool is_arithmetic() const;
  bool is_comparison() const;
  bool is_equality() const;
  /// An operator, of one side or two, that takes its operand before a comparison does (3.4.8).
  bool binds_closer() const;
  bool is_keyword() const;
};

/// Cuts Lua text into tokens; any text, right or wrong: whether it is Lua, Lua says. They show the
/// text.
std::vector<LuaToken> lua_tokens(std::string_view text);

}  // namespace nodeops::csv
