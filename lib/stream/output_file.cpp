// SPDX-License-Identifier: MIT
#include "stream/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <random>

#include "core/error.hpp"
#include "stream/directory.hpp"
#include "task/locked_file.hpp"
#include "task/pause.hpp"

namespace nodeops {
namespace {

constexpr mode_t new_file_mode = 0666;

/// A name beside the target that nobody else uses.
std::string beside(const std::string& target) {
  std::random_device random;
  return hidden_beside(target,
                       "." + std::to_string(getpid()) + "-" + std::to_string(random()) + ".tmp");
}

/// A name for what is open already: to be written where it stands, not replaced.
bool is_open_descriptor(const std::string& path) {
  return path == "/dev/stdout" || path == "/dev/stderr" || path.starts_with("/dev/fd/") ||
         path.starts_with("/proc/self/fd/");
}

AppError refused(const std::string& path, int error_number) {
  return system_failure(ErrorKind::cannot_create, path, "cannot create", error_number);
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
    if (temporary == Temporary::kept) open_kept();
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

bool OutputFile::would_replace(const std::string& path) {
  struct stat status {};
  if (is_open_descriptor(path) || lstat(path.c_str(), &status) != 0) return false;
  return stat(path.c_str(), &status) != 0 || S_ISREG(status.st_mode) || S_ISDIR(status.st_mode);
}

OutputFile::~OutputFile() {
  sink_.reset();
  if (descriptor_ >= 0) close(descriptor_);
  if (!temporary_path_.empty() && !keep_) unlink(temporary_path_.c_str());
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

void OutputFile::open_kept() {
  const std::string name = partial_name(target_);
  LockedFile file = open_locked(name, O_NOFOLLOW | O_NONBLOCK, new_file_mode, "cannot create");
  struct stat status {};
  const bool is_plain = fstat(file.descriptor.number(), &status) == 0 && S_ISREG(status.st_mode) &&
                        status.st_nlink == 1;
  if (file.held && is_plain) {
    descriptor_ = file.descriptor.release();
    temporary_path_ = name;
    keep_ = status.st_size > 0;  // what an earlier run has left is not for an accident to remove
    return;
  }
  if (is_plain) throw AppError(ErrorKind::try_later, name + ": another run is writing it");
  throw AppError(ErrorKind::cannot_create, name + ": is in the way of the partial output");
}

std::string OutputFile::partial_name(const std::string& path) {
  return hidden_beside(behind_links(path), ".nodeops-partial");
}

std::uint64_t OutputFile::size() const {
  struct stat status {};
  if (fstat(descriptor_, &status) != 0) fail("cannot look at");
  return static_cast<std::uint64_t>(status.st_size);
}

std::string OutputFile::read_back(std::uint64_t offset, std::size_t size) const {
  std::string bytes(size, '\0');
  std::size_t got = 0;
  while (got < size) {
    const auto count =
        pread(descriptor_, bytes.data() + got, size - got, static_cast<off_t>(offset + got));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("cannot read back");
    if (count == 0) break;
    got += static_cast<std::size_t>(count);
  }
  bytes.resize(got);
  return bytes;
}

void OutputFile::go_on_behind(std::uint64_t size) {
  const auto end = static_cast<off_t>(size);
  if (ftruncate(descriptor_, end) != 0) fail("cannot shorten");
  if (lseek(descriptor_, end, SEEK_SET) < 0) fail("cannot seek");
  flushed_ = size;
  unflushed_ = 0;
}

void OutputFile::start_anew() {
  go_on_behind(0);
  keep_ = false;
}

void OutputFile::flush() const {
  if (fdatasync(descriptor_) != 0) fail("cannot flush to disk");
}

void OutputFile::flush_name() const {
  sync_directory(directory_, path_);
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
