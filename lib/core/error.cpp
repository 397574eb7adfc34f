// SPDX-License-Identifier: MIT
#include "core/error.hpp"

#include <system_error>

namespace nodeops {

std::string_view slug(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return "usage";
    case ErrorKind::bad_data:
      return "bad-data";
    case ErrorKind::over_limit:
      return "over-limit";
    case ErrorKind::no_input:
      return "no-input";
    case ErrorKind::unavailable:
      return "unavailable";
    case ErrorKind::cannot_create:
      return "cannot-create";
    case ErrorKind::io_failed:
      return "io-failed";
    case ErrorKind::try_later:
      return "try-later";
    case ErrorKind::bad_protocol:
      return "bad-protocol";
    case ErrorKind::bad_config:
      return "bad-config";
    case ErrorKind::closed_pipe:
      return "closed-pipe";
    case ErrorKind::interrupted:
      return "interrupted";
  }
  return "unknown";
}

std::string AppError::line() const {
  return advice_.empty() ? std::string(what()) : std::string(what()) + " (" + advice_ + ")";
}

AppError system_failure(ErrorKind kind, std::string_view path, std::string_view what,
                        int error_number) {
  return {kind, std::string(path) + ": " + std::string(what) + ": " +
                    std::generic_category().message(error_number)};
}

}  // namespace nodeops
