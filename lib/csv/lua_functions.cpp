// SPDX-License-Identifier: MIT
#include "csv/lua_functions.hpp"

#include <array>
#include <cstring>
#include <lua.hpp>

#include "csv/number_text.hpp"

namespace nodeops::csv {
namespace {

// Lua leaves a C function by longjmp when it fails: nothing in these has a destructor.

/// Refuses what has no text of its own: for a table Lua would give its address, another one in each
/// run.
void check_plain(lua_State* state, int index) {
  const int type = lua_type(state, index);
  if (type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TBOOLEAN || type == LUA_TNIL)
    return;
  luaL_error(state, "a %s has no text", luaL_typename(state, index));
}

int to_string(lua_State* state) {
  luaL_checkany(state, 1);
  check_plain(state, 1);
  luaL_tolstring(state, 1, nullptr);
  return 1;
}

/// string.format, without %p and for plain values alone.
int format(lua_State* state) {
  std::size_t size = 0;
  const char* const form = luaL_checklstring(state, 1, &size);
  for (std::size_t i = 0; i + 1 < size; ++i) {
    if (form[i] != '%') continue;
    ++i;
    while (i + 1 < size && std::strchr("-+ #.0123456789", form[i]) != nullptr && form[i] != '\0')
      ++i;
    if (form[i] == 'p') luaL_error(state, "'%%p' is not offered");
  }
  const int count = lua_gettop(state);
  for (int i = 2; i <= count; ++i) check_plain(state, i);
  lua_pushvalue(state, lua_upvalueindex(1));
  lua_insert(state, 1);
  lua_call(state, count, 1);
  return 1;
}

/// string.rep, which Lua's own does n times over nothing when there is nothing to repeat.
int repeat(lua_State* state) {
  std::size_t size = 0;
  std::size_t between = 0;
  luaL_checklstring(state, 1, &size);
  luaL_checkinteger(state, 2);
  luaL_optlstring(state, 3, "", &between);
  if (size == 0 && between == 0) {
    lua_pushliteral(state, "");
    return 1;
  }
  const int count = lua_gettop(state);
  lua_pushvalue(state, lua_upvalueindex(1));
  lua_insert(state, 1);
  lua_call(state, count, 1);
  return 1;
}

/// string.find(s, plain text [, init]): without patterns, whose time has no bound.
int find(lua_State* state) {
  std::size_t size = 0;
  std::size_t wanted_size = 0;
  const char* const text = luaL_checklstring(state, 1, &size);
  const char* const wanted = luaL_checklstring(state, 2, &wanted_size);
  lua_Integer from = luaL_optinteger(state, 3, 1);
  if (from < 0) from += static_cast<lua_Integer>(size) + 1;
  if (from < 1) from = 1;
  const auto start = static_cast<std::size_t>(from - 1);
  const void* const found =
      start > size ? nullptr : memmem(text + start, size - start, wanted, wanted_size);
  if (found == nullptr) {
    lua_pushnil(state);
    return 1;
  }
  const auto at = static_cast<lua_Integer>(static_cast<const char*>(found) - text) + 1;
  lua_pushinteger(state, at);
  lua_pushinteger(state, at + static_cast<lua_Integer>(wanted_size) - 1);
  return 2;
}

/// math.max and math.min over numbers and text that reads as one, which Lua's own compare as text.
int extreme(lua_State* state, bool greatest) {
  const int count = lua_gettop(state);
  luaL_checknumber(state, 1);
  int best = 1;
  for (int i = 1; i <= count; ++i) {
    luaL_checknumber(state, i);
    if (lua_type(state, i) == LUA_TSTRING) {
      lua_stringtonumber(state, lua_tostring(state, i));
      lua_replace(state, i);
    }
    if (greatest ? lua_compare(state, best, i, LUA_OPLT) : lua_compare(state, i, best, LUA_OPLT))
      best = i;
  }
  lua_pushvalue(state, best);
  return 1;
}

int greatest(lua_State* state) {
  return extreme(state, true);
}

int least(lua_State* state) {
  return extreme(state, false);
}

/// Equal as they are, or a number and a text that reads as that number.
int equal(lua_State* state) {
  luaL_checkany(state, 2);
  for (int i = 1; i <= 2; ++i) {
    if (lua_type(state, i) != LUA_TSTRING || lua_type(state, 3 - i) != LUA_TNUMBER) continue;
    std::size_t size = 0;
    const char* const text = lua_tolstring(state, i, &size);
    push_number_or_text(state, {text, size});
    lua_replace(state, i);
  }
  lua_pushboolean(state, lua_rawequal(state, 1, 2));
  return 1;
}

int refuse_change(lua_State* state) {
  if (lua_type(state, 2) == LUA_TSTRING) {
    return luaL_error(state, "cannot set '%s' (declare it: local %s)", lua_tostring(state, 2),
                      lua_tostring(state, 2));
  }
  return luaL_error(state, "cannot be changed");
}

/// Replaces the table on top by an empty one that reads as it and cannot be changed.
void make_constant(lua_State* state) {
  lua_newtable(state);
  lua_createtable(state, 0, 3);
  lua_pushvalue(state, -3);
  lua_setfield(state, -2, "__index");
  lua_pushcfunction(state, refuse_change);
  lua_setfield(state, -2, "__newindex");
  lua_setmetatable(state, -2);
  lua_remove(state, -2);
}

/// Puts the named members of the table on top into a new one, which takes its place.
template <std::size_t count>
void keep_members(lua_State* state, const std::array<const char*, count>& names) {
  lua_createtable(state, 0, static_cast<int>(count));
  for (const char* const name : names) {
    lua_getfield(state, -2, name);
    lua_setfield(state, -2, name);
  }
  lua_remove(state, -2);
}

void set_function(lua_State* state, const char* name, lua_CFunction function) {
  lua_pushcfunction(state, function);
  lua_setfield(state, -2, name);
}

/// The members of `string`. They are what a string's methods are too, and no more.
void push_strings(lua_State* state) {
  constexpr std::array names = {"byte", "char", "len", "lower", "rep", "reverse", "sub", "upper"};
  luaL_requiref(state, "string", luaopen_string, 0);
  lua_getfield(state, -1, "format");
  lua_insert(state, -2);
  keep_members(state, names);
  set_function(state, "find", find);
  lua_getfield(state, -1, "rep");
  lua_pushcclosure(state, repeat, 1);
  lua_setfield(state, -2, "rep");
  lua_insert(state, -2);
  lua_pushcclosure(state, format, 1);
  lua_setfield(state, -2, "format");
  lua_pushliteral(state, "");
  lua_getmetatable(state, -1);
  lua_pushvalue(state, -3);
  lua_setfield(state, -2, "__index");
  lua_pop(state, 2);
}

}  // namespace

void push_number_or_text(lua_State* state, std::string_view text) {
  const auto number = read_number(text);
  if (!number) {
    lua_pushlstring(state, text.data(), text.size());
  } else if (number->is_whole) {
    lua_pushinteger(state, number->whole);
  } else {
    lua_pushnumber(state, number->value);
  }
}

void push_lua_globals(lua_State* state) {
  constexpr std::array numbers = {"abs",       "ceil",       "cos",       "deg",  "exp", "floor",
                                  "fmod",      "huge",       "log",       "modf", "pi",  "rad",
                                  "sin",       "sqrt",       "tan",       "type", "ult", "atan",
                                  "tointeger", "maxinteger", "mininteger"};
  constexpr std::array texts = {"char", "charpattern", "codepoint", "codes", "len", "offset"};
  constexpr std::array tables = {"concat", "insert", "pack", "remove", "unpack"};
  constexpr std::array plain = {"assert", "error", "ipairs", "select", "tonumber", "type"};
  luaL_requiref(state, LUA_GNAME, luaopen_base, 0);
  keep_members(state, plain);
  set_function(state, "tostring", to_string);
  set_function(state, "_row_equal", equal);
  luaL_requiref(state, "math", luaopen_math, 0);
  keep_members(state, numbers);
  set_function(state, "max", greatest);
  set_function(state, "min", least);
  make_constant(state);
  lua_setfield(state, -2, "math");
  luaL_requiref(state, "utf8", luaopen_utf8, 0);
  keep_members(state, texts);
  make_constant(state);
  lua_setfield(state, -2, "utf8");
  luaL_requiref(state, "table", luaopen_table, 0);
  keep_members(state, tables);
  make_constant(state);
  lua_setfield(state, -2, "table");
  push_strings(state);
  make_constant(state);
  lua_setfield(state, -2, "string");
  make_constant(state);
}

}  // namespace nodeops::csv
