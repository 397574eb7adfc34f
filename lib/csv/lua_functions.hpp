// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

struct lua_State;

namespace nodeops::csv {

/// Pushes the table that stands for the global variables of a sandboxed function: it reads as what
/// is safe of Lua's library, and takes no new value. May raise a Lua error: call it protected.
void push_lua_globals(lua_State* state);

/// Pushes the number that a text reads as, by read_number(), or else the text. May raise a Lua
/// error.
void push_number_or_text(lua_State* state, std::string_view text);

}  // namespace nodeops::csv
