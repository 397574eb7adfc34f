// SPDX-License-Identifier: MIT
#include "observe/fatal_signals.hpp"

#include <execinfo.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <string_view>

namespace nodeops {
namespace {

constexpr std::array signals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr std::size_t stack_size = std::size_t{64} << 10;

volatile sig_atomic_t last_status = 0;
// A stack that has overflown cannot carry the handler.
std::array<char, stack_size> other_stack;

void say(std::string_view text) {
  // Nobody is left to be told when this fails.
  if (::write(STDERR_FILENO, text.data(), text.size()) < 0) return;
}

std::string_view name_of(int signal) {
  switch (signal) {
    case SIGSEGV:
      return "SIGSEGV";
    case SIGBUS:
      return "SIGBUS";
    case SIGFPE:
      return "SIGFPE";
    case SIGILL:
      return "SIGILL";
    default:
      return "SIGABRT";
  }
}

/// Calls only what may be called here.
void end(int signal) {
  // Should the trace hang on a lock that the process held.
  constexpr unsigned patience_s = 5;
  ::signal(SIGALRM, SIG_DFL);
  ::alarm(patience_s);
  say("nodeops: a bug: ");
  say(name_of(signal));
  say(" has ended the run; what was answered or put in its place is durable\n");
  std::array<void*, 64> calls;
  const int count = ::backtrace(calls.data(), static_cast<int>(calls.size()));
  ::backtrace_symbols_fd(calls.data(), count, STDERR_FILENO);
  ::_exit(last_status);
}

}  // namespace

void exit_on_fatal_signals(int status) {
  last_status = status;
  // The first trace loads what traces need; in a handler that may be too late.
  std::array<void*, 1> here;
  ::backtrace(here.data(), static_cast<int>(here.size()));
  stack_t stack{};
  stack.ss_sp = other_stack.data();
  stack.ss_size = other_stack.size();
  ::sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_handler = end;
  action.sa_flags = static_cast<int>(SA_ONSTACK | SA_RESETHAND);
  for (const int signal : signals) ::sigaction(signal, &action, nullptr);
}

}  // namespace nodeops
