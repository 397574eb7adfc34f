// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "exit_code.hpp"
#include "image/worker_main.hpp"
#include "observe/fatal_signals.hpp"
#include "run.hpp"
#include "stream/descriptor.hpp"
#include "task/shutdown.hpp"

extern char** environ;

namespace {

/// The variables that a command may look at.
std::map<std::string, std::string> environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals != std::string_view::npos)
      variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

/// Words for people. There is nobody to tell when standard error cannot be written.
void write_error(std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written <= 0 && errno != EINTR) return;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// A standard stream that the caller has closed must not become whatever is opened next: its number
/// is taken, in the direction in which it cannot be used, so that using it fails.
void hold_closed_streams() {
  while (true) {
    const int descriptor = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (descriptor < 0 || descriptor > STDERR_FILENO) {
      if (descriptor >= 0) ::close(descriptor);
      return;
    }
    ::close(descriptor);
    if (::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY) != descriptor) return;
  }
}

unsigned rows_of_terminal() {
  ::winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 2 && std::string_view(arguments[1]) == nodeops::image::worker_argument)
    return nodeops::image::worker_main();
  nodeops::exit_on_fatal_signals(nodeops::exit_bug);
  hold_closed_streams();
  std::signal(SIGPIPE, SIG_IGN);  // a write to a closed pipe is an error like any other
  std::signal(SIGXFSZ, SIG_IGN);  // so is one beyond the file size limit
  nodeops::Shutdown shutdown;
  nodeops::DescriptorSource in(STDIN_FILENO, "-", shutdown.token());
  nodeops::DescriptorSink out(STDOUT_FILENO, "standard output", shutdown.token());
  nodeops::Io io{.in = &in, .out = &out, .err = write_error};
  io.stop = shutdown.stop();
  io.stop_signal = [&] { return shutdown.signal(); };
  io.in_is_terminal = ::isatty(STDIN_FILENO) == 1;
  io.out_is_terminal = ::isatty(STDOUT_FILENO) == 1;
  io.err_is_terminal = ::isatty(STDERR_FILENO) == 1;
  io.out_rows = rows_of_terminal;
  io.environment = environment();
  return nodeops::run({arguments + 1, arguments + count}, io, &shutdown);
}
