// SPDX-License-Identifier: MIT
#pragma once

struct lua_State;

namespace nodeops::csv {

/// Pushes the table that stands for the global variables of a sandboxed function: it reads as what
/// is safe of Lua's library, and takes no new value. May raise a Lua error: call it protected.
void push_lua_globals(lua_State* state);

}  // namespace nodeops::csv
