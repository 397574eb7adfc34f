// SPDX-License-Identifier: MIT
#include "stream/open_input.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "core/error.hpp"

namespace nodeops {

std::unique_ptr<DescriptorSource> open_input(const std::string& path, const std::stop_token& stop) {
  // A FIFO opens at once, also where nobody has opened the other end yet: the wait is in read(),
  // where a stop ends it.
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (descriptor < 0) throw system_failure(ErrorKind::no_input, path, "cannot open", errno);
  auto source =
      std::make_unique<DescriptorSource>(descriptor, path, stop, DescriptorSource::Closing::ours);
  struct stat status {};
  if (fstat(descriptor, &status) != 0)
    throw system_failure(ErrorKind::no_input, path, "cannot open", errno);
  if (S_ISDIR(status.st_mode))
    throw AppError(ErrorKind::no_input, path + ": is a directory", "name the files in it");
  if (!S_ISFIFO(status.st_mode)) fcntl(descriptor, F_SETFL, O_RDONLY);
  return source;
}

}  // namespace nodeops
