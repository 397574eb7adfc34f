// SPDX-License-Identifier: MIT
#include "observe/stack_trace.hpp"

#include <cxxabi.h>
#include <execinfo.h>

#include <array>
#include <cstdlib>
#include <memory>

namespace nodeops {
namespace {

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};

/// "program(mangled+0x1a) [0x…]" with the function's name as it is written.
std::string readable(const std::string& frame) {
  const auto open = frame.find('(');
  const auto plus = frame.find('+', open);
  if (open == std::string::npos || plus == std::string::npos || plus == open + 1) return frame;
  const std::string mangled = frame.substr(open + 1, plus - open - 1);
  int status = 0;
  const std::unique_ptr<char, Free> name(
      abi::__cxa_demangle(mangled.c_str(), nullptr, nullptr, &status));
  return frame.substr(0, open + 1) + (name ? name.get() : mangled) + frame.substr(plus);
}

}  // namespace

std::vector<std::string> stack_trace() {
  std::array<void*, 64> calls{};
  const int count = backtrace(calls.data(), static_cast<int>(calls.size()));
  const std::unique_ptr<char*, Free> names(backtrace_symbols(calls.data(), count));
  std::vector<std::string> trace;
  for (int call = 1; names && call < count; ++call) trace.push_back(readable(names.get()[call]));
  return trace;
}

}  // namespace nodeops
