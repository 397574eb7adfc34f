// SPDX-License-Identifier: MIT
#include "stream/followed_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "core/error.hpp"

namespace nodeops {

FollowedFile::FollowedFile(const std::string& path, const std::stop_token& stop)
    : descriptor_(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOCTTY,
                       0666)) {
  if (descriptor_ < 0) throw system_failure(ErrorKind::cannot_create, path, "cannot create", errno);
  sink_.emplace(descriptor_, path, stop);
}

FollowedFile::~FollowedFile() {
  sink_.reset();
  close(descriptor_);
}

}  // namespace nodeops
