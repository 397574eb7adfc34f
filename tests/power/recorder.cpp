// SPDX-License-Identifier: MIT
// Preloaded into a program: writes down, in order, what it makes, writes, cuts, renames, removes,
// syncs and answers (disk_record.hpp). The record (the descriptor NODEOPS_RECORD) is a row of
// {kind, path, offset, bytes}.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <string_view>

namespace {

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

using Write = ssize_t (*)(int, const void*, std::size_t);
using WriteAt = ssize_t (*)(int, const void*, std::size_t, off_t);

int record() {
  static const int descriptor = [] {
    const char* const path = ::getenv("NODEOPS_RECORD");
    return path == nullptr ? -1 : std::atoi(path);
  }();
  return descriptor;
}

std::atomic<std::uint64_t> noted = 0;

void note(char kind, std::string_view path, std::uint64_t offset, std::string_view bytes) {
  static std::mutex mutex;
  static const auto write_on = next<Write>("write");
  std::string entry(1, kind);
  const std::uint64_t name = path.size();
  const std::uint64_t size = bytes.size();
  for (const std::uint64_t number : {name, offset, size})
    entry.append(reinterpret_cast<const char*>(&number), sizeof number);
  entry.append(path).append(bytes);
  const std::lock_guard lock(mutex);
  for (std::size_t done = 0; done < entry.size();) {
    const ssize_t wrote = write_on(record(), entry.data() + done, entry.size() - done);
    if (wrote <= 0) ::abort();
    done += static_cast<std::size_t>(wrote);
  }
  ++noted;
}

/// Files without a name are gone after a power cut anyway.
void note(char kind, int descriptor, std::uint64_t offset, std::string_view bytes = {}) {
  if (record() < 0 || descriptor == record()) return;
  char path[4096];
  const auto link = "/proc/self/fd/" + std::to_string(descriptor);
  const ssize_t length = ::readlink(link.c_str(), path, sizeof path);
  if (length <= 0) return;
  const std::string_view name(path, static_cast<std::size_t>(length));
  if (!name.ends_with(" (deleted)")) note(kind, name, offset, bytes);
}

std::string_view text_of(const void* bytes, ssize_t size) {
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

/// What had been done when it began is on the disk.
int sync_with(const char* name, int descriptor) {
  const auto on = next<int (*)(int)>(name);
  const std::uint64_t before = noted;
  const int result = on(descriptor);
  struct stat status {};
  const bool is_directory = ::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode);
  if (result == 0) note(is_directory ? 'D' : 'S', descriptor, before);
  return result;
}

}  // namespace

extern "C" {

ssize_t pwrite(int descriptor, const void* bytes, std::size_t size, off_t offset) {
  static const auto on = next<WriteAt>("pwrite");
  const ssize_t wrote = on(descriptor, bytes, size, offset);
  if (wrote > 0) note('W', descriptor, static_cast<std::uint64_t>(offset), text_of(bytes, wrote));
  return wrote;
}

/// Answers, to pipes, count from before they are out.
ssize_t writev(int descriptor, const iovec* pieces, int count) {
  static const auto on = next<ssize_t (*)(int, const iovec*, int)>("writev");
  std::string all;
  for (int i = 0; i < count; ++i)
    all.append(static_cast<const char*>(pieces[i].iov_base), pieces[i].iov_len);
  const off_t offset = ::lseek(descriptor, 0, SEEK_CUR);
  if (offset < 0) note('A', descriptor, 0, all);
  const ssize_t wrote = on(descriptor, pieces, count);
  if (offset >= 0 && wrote > 0)
    note('W', descriptor, static_cast<std::uint64_t>(offset), text_of(all.data(), wrote));
  return wrote;
}

int open(const char* path, int flags, ...) {
  static const auto on = next<int (*)(const char*, int, mode_t)>("open");
  va_list more;
  va_start(more, flags);
  const auto mode = va_arg(more, mode_t);
  va_end(more);
  const int descriptor = on(path, flags, mode);
  const bool unnamed = (flags & O_TMPFILE) == O_TMPFILE;
  if (descriptor >= 0 && !unnamed && (flags & (O_CREAT | O_TRUNC)) != 0)
    note('C', descriptor, (flags & O_TRUNC) != 0 ? 1 : 0);
  return descriptor;
}

int rename(const char* from, const char* to) {
  static const auto on = next<int (*)(const char*, const char*)>("rename");
  const int result = on(from, to);
  if (result == 0 && record() >= 0) note('R', from, 0, to);
  return result;
}

int unlink(const char* path) {
  static const auto on = next<int (*)(const char*)>("unlink");
  const int result = on(path);
  if (result == 0 && record() >= 0) note('U', path, 0, {});
  return result;
}

int ftruncate(int descriptor, off_t size) {
  static const auto on = next<int (*)(int, off_t)>("ftruncate");
  const int result = on(descriptor, size);
  if (result == 0) note('T', descriptor, static_cast<std::uint64_t>(size));
  return result;
}

// Where off_t has 64 bits, as in every build of ours, these are other names of the same.
static_assert(sizeof(off_t) == 8);
int open64(const char* path, int flags, ...) __attribute__((alias("open")));
ssize_t pwrite64(int descriptor, const void* bytes, std::size_t size, off_t offset)
    __attribute__((alias("pwrite")));
int ftruncate64(int descriptor, off_t size) __attribute__((alias("ftruncate")));

int fsync(int descriptor) {
  return sync_with("fsync", descriptor);
}

int fdatasync(int descriptor) {
  return sync_with("fdatasync", descriptor);
}
}
