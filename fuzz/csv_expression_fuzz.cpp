// SPDX-License-Identifier: MIT
// Any text is an expression or refused; any expression ends within its limits, gives the same in
// every state and in every call, and says its errors in one line.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "csv/lua_sandbox.hpp"
#include "csv/lua_source.hpp"
#include "fuzz_input.hpp"

using namespace nodeops;
using nodeops::fuzz::FuzzInput;
using nodeops::fuzz::require;

namespace {

constexpr std::array<std::string_view, 12> values = {
    "",  "0",   "12", "-3.5", "1e5",       "9223372036854775807",
    "x", "a,b", "%d", "nan",  "\xff\x00z", "007"};

/// As --set reads a text: an expression, else a body that returns something.
std::optional<csv::LuaSource> read(const std::string& text) {
  try {
    csv::LuaFunction::check("--set x", "return " + text);
    return csv::read_lua(text, false);
  } catch (const AppError&) {
    if (!csv::has_return(text)) return std::nullopt;
  }
  try {
    csv::LuaFunction::check("--set x", text);
    return csv::read_lua(text, true);
  } catch (const AppError&) {
    return std::nullopt;
  }
}

class Calls {
 public:
  explicit Calls(const csv::LuaSource& source)
      : uses_row_(source.uses_row), function_("--set x", source.text, limits()) {
    row_.by_name = [](std::string_view name) {
      return name.size() > 3 ? std::nullopt : std::optional(values[name.size()]);
    };
    row_.by_position = [](std::int64_t position) {
      const bool there = position >= 1 && position <= static_cast<std::int64_t>(values.size());
      return there ? std::optional(values[static_cast<std::size_t>(position - 1)]) : std::nullopt;
    };
  }

  std::string call(const std::vector<csv::LuaArgument>& arguments) {
    csv::Scratch scratch;
    const auto result = function_.call(arguments, uses_row_ ? &row_ : nullptr, scratch);
    if (!result.failed) return "gave " + std::string(result.text);
    require(result.text.find('\n') == std::string_view::npos, "an error is one line");
    return "failed " + std::string(result.text);
  }

 private:
  static csv::LuaLimits limits() {
    return {.instructions = 2000, .memory = 128 << 10, .processor_time = std::chrono::seconds(10)};
  }

  bool uses_row_;
  csv::LuaRow row_;
  csv::LuaFunction function_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t longest = 2000;
  FuzzInput input(data, size);
  const std::size_t first = input.choose(values.size());
  const std::string text(input.rest().substr(0, longest));
  const auto source = read(text);
  if (!source) return 0;
  std::vector<csv::LuaArgument> arguments;
  for (std::size_t i = 0; i < source->accesses.size(); ++i) {
    arguments.push_back(
        {.text = values[(first + i) % values.size()], .as_number = source->accesses[i].as_number});
  }
  try {
    Calls calls(*source);
    Calls others(*source);
    const std::string result = calls.call(arguments);
    require(calls.call(arguments) == result, "a call leaves nothing for the next");
    require(others.call(arguments) == result, "a result depends on nothing but its arguments");
  } catch (const AppError&) {
    // What is a chunk by itself but not a function's body: `...`.
    return 0;
  }
  return 0;
}
