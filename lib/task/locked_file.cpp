// SPDX-License-Identifier: MIT
#include "task/locked_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "core/error.hpp"

namespace nodeops {
namespace {

bool still_named(int descriptor, const std::string& path) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(descriptor, &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

}  // namespace

LockedFile open_locked(const std::string& path, int flags, mode_t mode, std::string_view what) {
  // Somebody may tidy the file away between open and flock; the lock on a file without a name keeps
  // nobody out. That this happens again and again means that it is somebody's purpose.
  for (int attempt = 0; attempt < 100; ++attempt) {
    Descriptor file(::open(path.c_str(), flags | O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, mode));
    if (file.number() < 0) throw system_failure(ErrorKind::cannot_create, path, what, errno);
    if (::flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
      const int problem = errno;
      if (problem == EWOULDBLOCK) return {.descriptor = std::move(file), .held = false};
      throw system_failure(ErrorKind::cannot_create, path, "cannot lock", problem);
    }
    if (still_named(file.number(), path)) return {.descriptor = std::move(file), .held = true};
  }
  throw AppError(ErrorKind::try_later, path + ": the lock is removed again and again");
}

}  // namespace nodeops
