// SPDX-License-Identifier: MIT
#include "stream/open_input.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "core/error.hpp"

namespace nodeops {

std::unique_ptr<DescriptorSource> open_input(const std::string& path, const std::stop_token& stop) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) throw system_failure(ErrorKind::no_input, path, "cannot open", errno);
  auto source =
      std::make_unique<DescriptorSource>(descriptor, path, stop, DescriptorSource::Closing::ours);
  struct stat status {};
  if (fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
    throw AppError(ErrorKind::no_input, path + ": is a directory", "name the files in it");
  }
  return source;
}

}  // namespace nodeops
