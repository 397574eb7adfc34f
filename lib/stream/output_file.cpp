// SPDX-License-Identifier: MIT
#include "stream/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <system_error>

#include "core/error.hpp"
#include "task/pause.hpp"

namespace nodeops {
namespace {

namespace fs = std::filesystem;

constexpr mode_t new_file_mode = 0666;

/// The file that a chain of symbolic links ends at, whether it exists or not.
std::string behind_links(const std::string& path) {
  std::error_code error;
  const fs::path real = fs::weakly_canonical(path, error);
  return error ? path : real.string();
}

std::string directory_of(const std::string& path) {
  const auto parent = fs::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

/// A name beside the target that nobody else uses.
std::string beside(const std::string& target) {
  const fs::path path(target);
  std::random_device random;
  return (path.parent_path() / ("." + path.filename().string() + "." + std::to_string(getpid()) +
                                "-" + std::to_string(random()) + ".tmp"))
      .string();
}

/// A name for what is open already: to be written where it stands, not replaced.
bool is_open_descriptor(const std::string& path) {
  return path == "/dev/stdout" || path == "/dev/stderr" || path.starts_with("/dev/fd/") ||
         path.starts_with("/proc/self/fd/");
}

AppError refused(const std::string& path, int error_number) {
  return system_failure(ErrorKind::cannot_create, path, "cannot create", error_number);
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

}  // namespace

OutputFile::OutputFile(const std::string& path, const std::stop_token& stop, Temporary temporary)
    : path_(path), target_(behind_links(path)), directory_(directory_of(target_)) {
  struct stat status {};
  const bool exists = stat(target_.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) throw refused(path_, EISDIR);
  special_ = exists && (!S_ISREG(status.st_mode) || is_open_descriptor(path));
  if (special_) {
    open_special(stop);
  } else {
    if (exists && access(target_.c_str(), W_OK) != 0) throw refused(path_, errno);
    if (temporary == Temporary::unnamed_if_possible) open_unnamed();
    if (descriptor_ < 0) open_named();
    if (exists) keep_mode();
  }
  sink_ = std::make_unique<DescriptorSink>(descriptor_, path_, stop);
}

void OutputFile::check(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) == 0 && S_ISFIFO(status.st_mode)) return;
  const OutputFile dropped(path);
}

OutputFile::~OutputFile() {
  sink_.reset();
  if (descriptor_ >= 0) close(descriptor_);
  if (!temporary_path_.empty()) unlink(temporary_path_.c_str());
}

void OutputFile::open_special(const std::stop_token& stop) {
  constexpr int flags = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY;
  constexpr auto between_tries = std::chrono::milliseconds(10);
  for (;;) {
    descriptor_ = open(path_.c_str(), flags | O_NONBLOCK);
    if (descriptor_ >= 0) break;
    const int error_number = errno;
    struct stat status {};
    const bool is_fifo = stat(path_.c_str(), &status) == 0 && S_ISFIFO(status.st_mode);
    if (error_number != ENXIO || !is_fifo) throw refused(path_, error_number);
    // Nobody has opened it for reading. There is nothing to wait for but time.
    if (!pause_until(Deadline::after(between_tries), stop))
      throw AppError(ErrorKind::interrupted, path_ + ": stopped");
  }
  fcntl(descriptor_, F_SETFL, O_WRONLY | O_APPEND);
}

void OutputFile::open_unnamed() {
  descriptor_ = open(directory_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, new_file_mode);
  if (descriptor_ < 0 &&
      (errno == ENOENT || errno == ENOTDIR || errno == EACCES || errno == EROFS)) {
    throw refused(path_, errno);
  }
}

void OutputFile::open_named() {
  temporary_path_ = beside(target_);
  descriptor_ = open(temporary_path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, new_file_mode);
  if (descriptor_ >= 0) return;
  const int error_number = errno;
  temporary_path_.clear();
  throw refused(path_, error_number);
}

/// The new file looks like the old one to whoever may read it.
void OutputFile::keep_mode() {
  struct stat status {};
  if (stat(target_.c_str(), &status) != 0) return;
  // Only root may give files away; for others the file becomes theirs.
  if (fchown(descriptor_, status.st_uid, status.st_gid) != 0 &&
      fchown(descriptor_, static_cast<uid_t>(-1), status.st_gid) != 0) {
    status.st_mode &= ~static_cast<mode_t>(S_ISUID | S_ISGID);
  }
  fchmod(descriptor_, status.st_mode & 07777U);
}

void OutputFile::write(std::span<const std::string_view> pieces) {
  sink_->write(pieces);
  if (special_) return;
  for (const auto piece : pieces) unflushed_ += piece.size();
  // The disk is kept busy meanwhile, so that the flush at the end is short.
  constexpr std::size_t worth_starting = 8 << 20;
  if (unflushed_ < worth_starting) return;
  sync_file_range(descriptor_, static_cast<off64_t>(flushed_), static_cast<off64_t>(unflushed_),
                  SYNC_FILE_RANGE_WRITE);
  flushed_ += unflushed_;
  unflushed_ = 0;
}

void OutputFile::set_attribute(const char* name, std::string_view value) const {
  if (special_) return;
  static_cast<void>(::fsetxattr(descriptor_, name, value.data(), value.size(), 0));
}

void OutputFile::fail(const char* what) const {
  throw system_failure(ErrorKind::io_failed, path_, what, errno);
}

/// False: something of this name is there already.
bool OutputFile::name_it(const std::string& name) {
  const std::string unnamed = "/proc/self/fd/" + std::to_string(descriptor_);
  if (linkat(AT_FDCWD, unnamed.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0)
    return true;
  if (errno != EEXIST) fail("cannot name");
  return false;
}

void OutputFile::put_in_place() {
  // Where nothing has to be replaced, there is no moment at which a kill -9 leaves another name.
  if (temporary_path_.empty() && name_it(target_)) return;
  if (temporary_path_.empty()) {
    const std::string temporary = beside(target_);
    if (!name_it(temporary)) fail("cannot name");
    temporary_path_ = temporary;
  }
  if (rename(temporary_path_.c_str(), target_.c_str()) != 0) fail("cannot put in place");
  temporary_path_.clear();
}

void OutputFile::finish() {
  if (special_) {
    // Pipes and terminals cannot be flushed; a block device can, and may say that it failed.
    if (fsync(descriptor_) != 0 && errno != EINVAL && errno != EROFS && errno != ENOTSUP)
      fail("cannot flush to disk");
  } else {
    if (fsync(descriptor_) != 0) fail("cannot flush to disk");
    put_in_place();
    sync_directory(directory_, path_);
  }
  sink_.reset();
  const int descriptor = descriptor_;
  descriptor_ = -1;
  if (close(descriptor) != 0) fail("cannot close");
}

}  // namespace nodeops
