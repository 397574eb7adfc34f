// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "csv/scratch.hpp"

namespace nodeops::csv {

/// What one call of a Lua function may take. The first two decide alone, and the same way on every
/// machine, but for what a few C functions do over large strings: these the third ends.
struct LuaLimits {
  std::uint64_t instructions = 1'000'000;
  std::size_t memory = 16 << 20;  ///< bytes that are alive at one time
  std::chrono::milliseconds processor_time{1000};
};

/// A value that is passed to a Lua function.
struct LuaArgument {
  std::string_view text;
  bool as_number = false;  ///< a number if it reads as a decimal one, else text all the same
};

/// The values that a Lua function asks for while it runs: those of `row[name]` and `row[position]`,
/// the latter from 1. Empty: there is none, which is nil.
struct LuaRow {
  std::function<std::optional<std::string_view>(std::string_view)> by_name;
  std::function<std::optional<std::string_view>(std::int64_t)> by_position;
};

/// What a call gave.
struct LuaResult {
  bool failed = false;
  bool holds = false;          ///< neither nil nor false
  std::string_view text = {};  ///< the result as text, nil as nothing; failed: why, in one line
};

/// One function in a Lua state of its own, out of which it cannot reach: it has numbers, strings,
/// tables and their functions, but no files, no modules, no other code, no random numbers, no clock
/// and nothing in which it could leave a value for its next call. It cannot catch an error, so it
/// cannot catch its limits. Not for two threads at once.
class LuaFunction {
 public:
  /// `chunk` returns the function, whose parameters are the row and then the arguments; `name` is
  /// what messages call it: "--set total". Throws AppError usage for what is not Lua.
  LuaFunction(const std::string& name, const std::string& chunk, const LuaLimits& limits = {});
  ~LuaFunction();
  LuaFunction(LuaFunction&&) = delete;

  /// Calls it. `row` may be null: then `row` is nil there. The result is made in the scratch.
  LuaResult call(std::span<const LuaArgument> arguments, const LuaRow* row, Scratch& scratch);

  /// Throws AppError usage unless the text is a Lua chunk.
  static void check(const std::string& name, const std::string& text);

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace nodeops::csv
