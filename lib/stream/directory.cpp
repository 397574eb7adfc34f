// SPDX-License-Identifier: MIT
#include "stream/directory.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <filesystem>
#include <system_error>

#include "core/error.hpp"

namespace nodeops {

namespace fs = std::filesystem;

std::string behind_links(const std::string& path) {
  std::error_code error;
  const fs::path real = fs::weakly_canonical(path, error);
  return error ? path : real.string();
}

std::string directory_of(const std::string& path) {
  const auto parent = fs::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

std::string hidden_beside(const std::string& path, std::string_view ending) {
  const fs::path file(path);
  std::string stem = file.filename().string();
  stem.resize(std::min<std::size_t>(stem.size(), NAME_MAX - 1 - ending.size()));
  return (file.parent_path() / ("." + stem + std::string(ending))).string();
}

void sync_directory(const std::string& directory, const std::string& path) {
  const int descriptor = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;  // may be entered but not read: the rename has been done all the same
  const int status = fsync(descriptor);
  const int error_number = errno;
  close(descriptor);
  if (status != 0 && error_number != EINVAL) {
    throw system_failure(ErrorKind::io_failed, path, "cannot flush the directory to disk",
                         error_number);
  }
}

}  // namespace nodeops
