// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "csv/lua_sandbox.hpp"
#include "csv/lua_source.hpp"

using namespace nodeops;
using namespace nodeops::csv;

namespace {

/// What `return EXPRESSION` gives, "failed: " in front of why when it fails.
std::string result_of(const std::string& expression, const LuaLimits& limits = {},
                      std::vector<LuaArgument> arguments = {}) {
  LuaFunction function("it", "return function(row, a, b) return " + expression + "\nend", limits);
  Scratch scratch;
  const LuaResult result = function.call(arguments, nullptr, scratch);
  return (result.failed ? "failed: " : "") + std::string(result.text);
}

std::string body_result(const std::string& body, const LuaLimits& limits = {}) {
  return result_of("(function() " + body + " end)()", limits);
}

std::string why_not(const std::string& text) {
  try {
    LuaFunction::check("--set x", text);
  } catch (const AppError& error) {
    CHECK(error.kind() == ErrorKind::usage);
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE(
    "a result becomes text: whole numbers without a point, others as short as they are exact") {
  CHECK(result_of("1 + 1") == "2");
  CHECK(result_of("6 / 2") == "3");
  CHECK(result_of("-0.0") == "0");
  CHECK(result_of("7 // 2") == "3");
  CHECK(result_of("0.1") == "0.1");
  CHECK(result_of("0.1 + 0.2") == "0.30000000000000004");
  CHECK(result_of("1e15") == "1000000000000000");
  CHECK(result_of("2^53") == "9007199254740992");
  CHECK(result_of("9007199254740993") == "9007199254740993");
  CHECK(result_of("1e300") == "1e+300");
  CHECK(result_of("0.00001") == "0.00001");
  CHECK(result_of("1e-20") == "1e-20");
  CHECK(result_of("nil") == "");
  CHECK(result_of("true") == "true");
  CHECK(result_of("'a' .. 1") == "a1");
  CHECK(result_of("1 / 0") == "failed: the result is infinite");
  CHECK(result_of("0 / 0") == "failed: the result is not a number");
  CHECK(result_of("{}") == "failed: the result is a table, which has no text");
}

TEST_CASE("an argument is a number where one is asked for and it reads as one") {
  const auto with = [](std::string_view text, bool as_number) {
    return result_of("type(a) .. ' ' .. a", {}, {{.text = text, .as_number = as_number}});
  };
  CHECK(with("12", true) == "number 12");
  CHECK(with("-1.5", true) == "number -1.5");
  CHECK(with("007", true) == "number 7");
  CHECK(with("007", false) == "string 007");
  CHECK(with("", true) == "string ");
  CHECK(with("inf", true) == "string inf");
  CHECK(with("nan", true) == "string nan");
  CHECK(with("-inf", true) == "string -inf");
  CHECK(with("0x10", true) == "string 0x10");
  CHECK(with(" 1", true) == "string  1");
  CHECK(with("1 ", true) == "string 1 ");
  CHECK(with(std::string_view("a\0b", 3), false) == std::string("string a\0b", 10));
}

TEST_CASE("nothing leads out of the sandbox") {
  for (const auto* const name : {"io",
                                 "os",
                                 "require",
                                 "package",
                                 "debug",
                                 "load",
                                 "loadstring",
                                 "loadfile",
                                 "dofile",
                                 "pcall",
                                 "xpcall",
                                 "coroutine",
                                 "collectgarbage",
                                 "getmetatable",
                                 "setmetatable",
                                 "rawset",
                                 "rawget",
                                 "rawequal",
                                 "rawlen",
                                 "next",
                                 "pairs",
                                 "print",
                                 "warn",
                                 "_G",
                                 "string.dump",
                                 "string.gmatch",
                                 "string.gsub",
                                 "string.match",
                                 "string.pack",
                                 "math.random",
                                 "math.randomseed",
                                 "table.sort",
                                 "table.move",
                                 "('').dump",
                                 "('').gsub",
                                 "getfenv",
                                 "setfenv",
                                 "_ENV._G"}) {
    CAPTURE(name);
    CHECK(result_of(std::string(name) + " == nil") == "true");
  }
  CHECK(result_of("('').format") == "failed: the result is a function, which has no text");
  CHECK(result_of("tostring({})") == "failed: it:1: a table has no text");
  CHECK(result_of("tostring(tostring)") == "failed: it:1: a function has no text");
  CHECK(result_of("string.format('%s', {})") == "failed: it:1: a table has no text");
  CHECK(result_of("string.format('%p', 'a')") == "failed: it:1: '%p' is not offered");
  CHECK(result_of("string.format('%-12p', 'a')") == "failed: it:1: '%p' is not offered");
  CHECK(result_of("string.format('%5.2f|%d|%%p|%s', 1.5, 2, 'x')") == " 1.50|2|%p|x");
  CHECK(why_not("\x1bLua") == "attempt to load a binary chunk (mode is 't')");
}

TEST_CASE("nothing, however often, is nothing at once") {
  CHECK(result_of("(''):rep(1e12)") == "");
  CHECK(result_of("('ab'):rep(2, '-')") == "ab-ab");
  CHECK(result_of("(''):rep(3, '-')") == "--");
  CHECK(result_of("('x'):rep(1e12)").starts_with("failed: "));
}

TEST_CASE("columns beyond those that can be numbers are refused as numbers, and texts as ever") {
  std::string sum = "0";
  std::string text = "''";
  for (int i = 1; i <= 101; ++i) {
    sum += "+row.c" + std::to_string(i);
    text += "..row.c" + std::to_string(i);
  }
  CHECK_THROWS_AS(read_lua(sum, false), AppError);
  CHECK(read_lua(text, false).uses_row);
}

TEST_CASE("what leads out of the sandbox by its name is refused") {
  for (const auto* const text : {"_ENV.x", "(function() _ENV = {} end)()", "_row_1"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(read_lua(text, false), AppError);
  }
}

TEST_CASE("nothing can be left for the next call") {
  for (const auto* const body :
       {"x = 1", "_ENV.x = 1", "math.pi = 3", "string.x = 1", "(''). x = 1",
        "table.insert(_ENV, 1)", "table.insert(math, 1)", "local s = string s.upper = s.lower"}) {
    CAPTURE(body);
    CHECK(body_result(std::string(body) + " return 1").starts_with("failed: "));
  }
  CHECK(body_result("x = 1") == "failed: it:1: cannot set 'x' (declare it: local x)");
}

TEST_CASE(
    "an endless loop, recursion and large values end at their limits, and the next call runs") {
  const LuaLimits limits{.instructions = 20'000, .memory = 1 << 20};
  const std::string too_long = "failed: it takes more than 20000 instructions";
  CHECK(body_result("while true do end", limits) == too_long);
  CHECK(body_result("repeat local x = ('x'):rep(1000) until false", limits) == too_long);
  CHECK(body_result("for i = 1, 1e18 do end", limits) == too_long);
  CHECK(body_result("::a:: goto a", limits) == too_long);
  const std::string no_memory = "failed: not enough memory";
  CHECK(body_result("return ('x'):rep(1e9)", limits).find("not enough memory") !=
        std::string::npos);
  CHECK(body_result("return ('x'):rep(1e18)", limits).starts_with("failed: "));
  CHECK(body_result("local s = 'x' for i = 1, 100 do s = s .. s end return s", limits) ==
        no_memory);
  CHECK(body_result("local t = {} for i = 1, 1e5 do t[i] = {} end return 1",
                    {.instructions = 10'000'000, .memory = 1 << 20}) == no_memory);
  CHECK(body_result("local function f() return 1 + f() end return f()", {.memory = 1 << 20})
            .starts_with("failed: "));
  LuaFunction function("it", "return function(row, a) while a == 'x' do end return a end", limits);
  Scratch scratch;
  for (const std::string_view text : {"a", "x", "b", "x", "c"}) {
    const LuaArgument argument{.text = text};
    const auto result = function.call({&argument, 1}, nullptr, scratch);
    CHECK(result.failed == (text == "x"));
    if (!result.failed) CHECK(result.text == text);
  }
}

TEST_CASE("the limit counts the call's own instructions, whatever ran before") {
  const LuaLimits limits{.instructions = 10'000};
  LuaFunction function("it", "return function(row, a) for i = 1, a do end return 1 end", limits);
  Scratch scratch;
  const auto passes = [&](std::string_view count) {
    const LuaArgument argument{.text = count, .as_number = true};
    return !function.call({&argument, 1}, nullptr, scratch).failed;
  };
  for (int i = 0; i < 300; ++i) {
    CAPTURE(i);
    CHECK(passes("9900"));
    CHECK_FALSE(passes("10200"));
    CHECK(passes(std::to_string(i)));
  }
}

TEST_CASE("errors are one masked line with the place") {
  CHECK(result_of("error('no price')") == "failed: it:1: no price");
  CHECK(result_of("error('a\\nb')") == "failed: it:1: a\\nb");
  CHECK(result_of("error({})") == "failed: an error without a text");
  CHECK(result_of("assert(false, 'jane.doe@example.com')").find("jane.doe") == std::string::npos);
  CHECK(why_not("return 1 +") == "--set x:1: unexpected symbol near <eof>");
  CHECK(why_not("return 1,\n\n)").starts_with("--set x:3: "));
}

TEST_CASE("math and find work over what reads as a number, and on plain text") {
  CHECK(result_of("math.max('9', 10, '2.5')") == "10");
  CHECK(result_of("math.min('9', 10)") == "9");
  CHECK(result_of("math.max('x')").starts_with("failed: "));
  CHECK(result_of("('a.b'):find('.')") == "2");
  CHECK(result_of("('abcabc'):find('c', 4)") == "6");
  CHECK(result_of("('abc'):find('c', -1)") == "3");
  CHECK(result_of("('abc'):find('x')") == "");
  CHECK(result_of("('abc'):find('', 10)") == "");
  CHECK(result_of("('%d'):find('%d')") == "1");
}

TEST_CASE("a column equals a variable by what that is, a number or a text") {
  const auto equality = [](const std::string& text) {
    const std::string made = read_lua(text, true).text;
    const auto begin = made.find(") ") + 2;
    return made.substr(begin, made.rfind("\nend") - begin);
  };
  CHECK(equality("return row.a == x") == "return _row_equal(_row_1 , x)");
  CHECK(equality("return x ~= row.a and y") == "return not _row_equal(x , _row_1) and y");
  CHECK(equality("return row.a == f(row.b)[1].c:d() or z") ==
        "return _row_equal(_row_1 , f(_row_2)[1].c:d()) or z");
  CHECK(equality("if (x.y(1)) == row['a'] then end") ==
        "if _row_equal((x.y(1)) , _row_1) then end");
  CHECK(equality("return (row.a:upper() == row.b)") ==
        "return (_row_equal(_row_1:upper() , _row_2))");
  CHECK(equality("return row.a == row[x]") == "return _row_equal(_row_1 , row[x])");
  CHECK(equality("return f'x' == row.a") == "return f'x' == _row_1");
  for (const auto* const plain :
       {"row.a == row.b", "row.a == 1", "'x' == row.a", "row.a == x + 1", "-row.a == x",
        "x .. y == row.a", "not row.a == x", "row.a == nil", "1 < x == row.a", "row.a == (x",
        "x) == row.a", "row.a.b == x"}) {
    CAPTURE(plain);
    CHECK(equality(plain).find("_row_equal") == std::string::npos);
  }
  CHECK(result_of("_row_equal('01067', '01067')") == "true");
  CHECK(result_of("_row_equal('01067', '1067')") == "false");
  CHECK(result_of("_row_equal('01.50', 1.5)") == "true");
  CHECK(result_of("_row_equal(2, '2.0')") == "true");
  CHECK(result_of("_row_equal('x', nil)") == "false");
  CHECK_THROWS_AS(read_lua("_row_equal(1, 2)", false), AppError);
}

TEST_CASE("what an expression names becomes a parameter, a number beside an operator") {
  const auto source = read_lua("row.a * row['b c'] .. row.a .. row[3]", false);
  CHECK(source.text ==
        "return function(row,_row_1,_row_2,_row_3,_row_4) return _row_1 * _row_2 .. _row_3 .. "
        "_row_4\nend");
  CHECK(source.accesses == std::vector<LuaAccess>{{.name = "a", .as_number = true},
                                                  {.name = "b c", .as_number = true},
                                                  {.name = "a"},
                                                  {.name = "", .position = 3}});
  CHECK_FALSE(source.uses_row);
  const auto numbers = [](const std::string& text) {
    std::string found;
    for (const auto& access : read_lua(text, false).accesses)
      found += access.name + (access.as_number ? "+" : "-");
    return found;
  };
  CHECK(numbers("row.a > 1 and row.b == 'x' and 'y' ~= row.c") == "a+b-c-");
  CHECK(numbers("row.a < row.b") == "a+b+");
  CHECK(numbers("#row.a + 1") == "a-");
  CHECK(numbers("row.a:upper() .. -row.b") == "a-b+");
  CHECK(numbers("f(row.a, row.b)") == "a-b-");
  CHECK(numbers("'row.a' .. x.row.b --row.c") == "");
  CHECK(numbers("[==[ row.a ]] ]==] .. row.b --[[ row.c ]] .. row.d") == "b-d-");
  CHECK(read_lua("row[x]", false).uses_row);
  CHECK(read_lua("row['a\\n']", false).uses_row);
  CHECK(read_lua("f(row)", false).uses_row);
  CHECK_THROWS_AS(read_lua("(function(row) return row.a end)(1)", false), AppError);
  CHECK_THROWS_AS(read_lua("local row = 1 return row.a", true), AppError);
  CHECK_THROWS_AS(read_lua("row.a = 1 return 1", true), AppError);
  for (const auto* const text :
       {"", "row", "row.", "row[", "row['", "\"", "[[", "--[[", "row[1", "0x"})
    CHECK_NOTHROW(read_lua(text, false));
}
