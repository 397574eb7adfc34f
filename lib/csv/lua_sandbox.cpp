// SPDX-License-Identifier: MIT
#include "csv/lua_sandbox.hpp"

#include <cmath>
#include <cstdlib>
#include <ctime>
#include <lua.hpp>
#include <new>

#include "core/error.hpp"
#include "csv/lua_functions.hpp"
#include "csv/number_text.hpp"
#include "observe/mask.hpp"
#include "observe/printable.hpp"

namespace nodeops::csv {
namespace {

/// How many instructions pass between two looks at the limits.
constexpr int instructions_a_look = 200;

}  // namespace

/// The state and what its C functions are to know. The address is also in the state's extra space.
class LuaFunction::State {
 public:
  explicit State(const LuaLimits& limits) : limits_(limits) {
    state_ = lua_newstate(allocate, this);
    if (state_ == nullptr) throw std::bad_alloc();
    *static_cast<State**>(lua_getextraspace(state_)) = this;
  }
  ~State() { lua_close(state_); }
  State(State&&) = delete;

  void load(const std::string& name, const std::string& chunk) {
    const Source source{name, chunk};
    protect(load_protected, const_cast<Source*>(&source));
  }

  void compile(const std::string& name, const std::string& chunk) {
    const Source source{name, chunk};
    protect(compile_protected, const_cast<Source*>(&source));
  }

  LuaResult call(std::span<const LuaArgument> arguments, const LuaRow* row, Scratch& scratch) {
    arguments_ = arguments;
    row_ = row;
    looks_ = 0;
    lua_sethook(state_, look, LUA_MASKCOUNT, instructions_a_look);
    lua_pushcfunction(state_, call_protected);
    lua_pushlightuserdata(state_, this);
    const int status = lua_pcall(state_, 1, 1, 0);
    const LuaResult result = status == LUA_OK ? result_of(scratch) : failure(scratch);
    lua_settop(state_, 0);
    return result;
  }

 private:
  struct Source {
    const std::string& name;
    const std::string& chunk;
  };

  static State& of(lua_State* state) { return **static_cast<State**>(lua_getextraspace(state)); }

  static void* allocate(void* self, void* old, std::size_t old_size, std::size_t size) {
    auto& state = *static_cast<State*>(self);
    if (old == nullptr) old_size = 0;  // it then tells a type
    if (size > old_size && state.alive_ - old_size + size > state.limits_.memory) return nullptr;
    void* made = nullptr;
    if (size == 0) {
      std::free(old);
    } else {
      made = std::realloc(old, size);
      if (made == nullptr) return nullptr;
    }
    state.alive_ += size - old_size;
    return made;
  }

  /// Called by Lua itself, every so many instructions.
  static void look(lua_State* state, lua_Debug* /*where*/) {
    State& self = of(state);
    const auto now = processor_time();
    if (self.looks_++ == 0) self.started_ = now;
    if (self.looks_ * instructions_a_look > self.limits_.instructions) {
      luaL_error(state, "it takes more than %I instructions",
                 static_cast<lua_Integer>(self.limits_.instructions));
    }
    if (now - self.started_ > self.limits_.processor_time)
      luaL_error(state, "it takes too much time");
  }

  static std::chrono::nanoseconds processor_time() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
  }

  /// Runs a C function with the state to itself; a failure is wrong usage.
  void protect(lua_CFunction function, void* data) {
    lua_pushcfunction(state_, function);
    lua_pushlightuserdata(state_, data);
    if (lua_pcall(state_, 1, 0, 0) == LUA_OK) return;
    Scratch scratch;
    const LuaResult failed = failure(scratch);
    lua_settop(state_, 0);
    throw AppError(ErrorKind::usage, std::string(failed.text));
  }

  static void load_text(lua_State* state, const Source& source) {
    const char* const name = lua_pushfstring(state, "=%s", source.name.c_str());
    // Text only: Lua does not check bytecode.
    if (luaL_loadbufferx(state, source.chunk.data(), source.chunk.size(), name, "t") != LUA_OK)
      lua_error(state);
  }

  static int load_protected(lua_State* state) {
    load_text(state, *static_cast<const Source*>(lua_touserdata(state, 1)));
    return 0;
  }

  /// Leaves in the registry: the function under 1, the row under 2.
  static int compile_protected(lua_State* state) {
    const Source& source = *static_cast<const Source*>(lua_touserdata(state, 1));
    push_lua_globals(state);
    load_text(state, source);
    lua_pushvalue(state, 2);
    lua_setupvalue(state, -2, 1);
    lua_call(state, 0, 1);
    // What luaL_requiref left there is what keep_members took away.
    lua_pushnil(state);
    lua_setfield(state, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_pushvalue(state, -1);
    lua_rawsetp(state, LUA_REGISTRYINDEX, &function_key);
    lua_newuserdatauv(state, 0, 0);
    lua_createtable(state, 0, 1);
    lua_pushcfunction(state, row_value);
    lua_setfield(state, -2, "__index");
    lua_setmetatable(state, -2);
    lua_rawsetp(state, LUA_REGISTRYINDEX, &row_key);
    lua_gc(state, LUA_GCGEN, 0, 0);
    return 0;
  }

  static int call_protected(lua_State* state) {
    const State& self = *static_cast<const State*>(lua_touserdata(state, 1));
    const auto count = static_cast<int>(self.arguments_.size());
    luaL_checkstack(state, count + 2, nullptr);
    lua_rawgetp(state, LUA_REGISTRYINDEX, &function_key);
    if (self.row_ == nullptr) {
      lua_pushnil(state);
    } else {
      lua_rawgetp(state, LUA_REGISTRYINDEX, &row_key);
    }
    for (const LuaArgument& argument : self.arguments_) {
      if (argument.as_number) {
        push_number_or_text(state, argument.text);
      } else {
        lua_pushlstring(state, argument.text.data(), argument.text.size());
      }
    }
    lua_call(state, count + 1, 1);
    return 1;
  }

  /// `row[key]`.
  static int row_value(lua_State* state) {
    std::optional<std::string_view> value;
    bool lacks_memory = false;
    try {
      const LuaRow& row = *of(state).row_;
      if (lua_isinteger(state, 2) != 0) {
        value = row.by_position(lua_tointeger(state, 2));
      } else if (lua_type(state, 2) == LUA_TSTRING) {
        std::size_t size = 0;
        const char* const name = lua_tolstring(state, 2, &size);
        value = row.by_name({name, size});
      }
    } catch (const std::bad_alloc&) {
      lacks_memory = true;
    }
    if (lacks_memory) luaL_error(state, "not enough memory");
    if (value) {
      lua_pushlstring(state, value->data(), value->size());
    } else {
      lua_pushnil(state);
    }
    return 1;
  }

  LuaResult result_of(Scratch& scratch) const {
    const bool holds = lua_toboolean(state_, -1) != 0;
    switch (lua_type(state_, -1)) {
      case LUA_TNIL:
        return {.holds = holds};
      case LUA_TBOOLEAN:
        return {.holds = holds, .text = holds ? "true" : "false"};
      case LUA_TNUMBER:
        return number(scratch);
      case LUA_TSTRING: {
        std::size_t size = 0;
        const char* const text = lua_tolstring(state_, -1, &size);
        return {.holds = holds, .text = scratch.copy({text, size})};
      }
      default:
        return {.failed = true,
                .holds = holds,
                .text = scratch.copy(std::string("the result is a ") + luaL_typename(state_, -1) +
                                     ", which has no text")};
    }
  }

  LuaResult number(Scratch& scratch) const {
    if (lua_isinteger(state_, -1) != 0)
      return {.holds = true, .text = number_text(std::int64_t{lua_tointeger(state_, -1)}, scratch)};
    const lua_Number value = lua_tonumber(state_, -1);
    if (std::isfinite(value)) return {.holds = true, .text = number_text(value, scratch)};
    return {.failed = true,
            .holds = true,
            .text = std::isnan(value) ? "the result is not a number" : "the result is infinite"};
  }

  /// The error on top of the stack, in one line.
  LuaResult failure(Scratch& scratch) const {
    std::size_t size = 0;
    const char* const text =
        lua_type(state_, -1) == LUA_TSTRING ? lua_tolstring(state_, -1, &size) : nullptr;
    const std::string_view message = text == nullptr ? std::string_view("an error without a text")
                                                     : std::string_view(text, size);
    constexpr std::size_t most = 500;
    return {.failed = true, .text = scratch.copy(printable(mask_text(message.substr(0, most))))};
  }

  static constexpr char function_key = 0;
  static constexpr char row_key = 0;

  LuaLimits limits_;
  std::size_t alive_ = 0;  ///< bytes
  lua_State* state_ = nullptr;
  std::span<const LuaArgument> arguments_;
  const LuaRow* row_ = nullptr;
  std::uint64_t looks_ = 0;  ///< of this call
  std::chrono::nanoseconds started_{};
};

LuaFunction::LuaFunction(const std::string& name, const std::string& chunk, const LuaLimits& limits)
    : state_(std::make_unique<State>(limits)) {
  state_->compile(name, chunk);
}

LuaFunction::~LuaFunction() = default;

LuaResult LuaFunction::call(std::span<const LuaArgument> arguments, const LuaRow* row,
                            Scratch& scratch) {
  return state_->call(arguments, row, scratch);
}

void LuaFunction::check(const std::string& name, const std::string& text) {
  State(LuaLimits{}).load(name, text);
}

}  // namespace nodeops::csv
