// SPDX-License-Identifier: MIT
#include "exit_code.hpp"

#include <csignal>

namespace nodeops {

int exit_code(ErrorKind kind, int signal) {
  constexpr int by_signal = 128;
  switch (kind) {
    case ErrorKind::usage:
      return 2;
    case ErrorKind::bad_data:
    case ErrorKind::over_limit:
      return 65;
    case ErrorKind::no_input:
      return 66;
    case ErrorKind::unavailable:
      return 69;
    case ErrorKind::cannot_create:
      return 73;
    case ErrorKind::io_failed:
      return 74;
    case ErrorKind::try_later:
      return 75;
    case ErrorKind::bad_protocol:
      return 76;
    case ErrorKind::bad_config:
      return 78;
    case ErrorKind::closed_pipe:
      return by_signal + SIGPIPE;
    case ErrorKind::interrupted:
      return by_signal + (signal == 0 ? SIGINT : signal);
  }
  return exit_bug;
}

}  // namespace nodeops
