// SPDX-License-Identifier: MIT
// Preloaded into a program: writes down, in order, what it writes, cuts, syncs and answers. The
// record (NODEOPS_RECORD) is a row of {kind, descriptor's path, offset, bytes}.
#include <dlfcn.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>

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

void note(char kind, int descriptor, std::uint64_t offset, const void* bytes, std::uint64_t size) {
  static std::mutex mutex;
  static const auto write_on = next<Write>("write");
  if (record() < 0 || descriptor == record()) return;
  char path[4096];
  const auto link = "/proc/self/fd/" + std::to_string(descriptor);
  const ssize_t length = ::readlink(link.c_str(), path, sizeof path);
  if (length <= 0) return;
  const auto name = static_cast<std::uint64_t>(length);
  std::string entry(1, kind);
  for (const std::uint64_t number : {name, offset, size})
    entry.append(reinterpret_cast<const char*>(&number), sizeof number);
  entry.append(path, name);
  if (bytes != nullptr) entry.append(static_cast<const char*>(bytes), size);
  const std::lock_guard lock(mutex);
  for (std::size_t done = 0; done < entry.size();) {
    const ssize_t wrote = write_on(record(), entry.data() + done, entry.size() - done);
    if (wrote <= 0) ::abort();
    done += static_cast<std::size_t>(wrote);
  }
}

ssize_t write_at(WriteAt on, int descriptor, const void* bytes, std::size_t size, off_t offset) {
  const ssize_t wrote = on(descriptor, bytes, size, offset);
  if (wrote > 0)
    note('W', descriptor, static_cast<std::uint64_t>(offset), bytes,
         static_cast<std::uint64_t>(wrote));
  return wrote;
}

}  // namespace

extern "C" {

ssize_t pwrite(int descriptor, const void* bytes, std::size_t size, off_t offset) {
  static const auto on = next<WriteAt>("pwrite");
  return write_at(on, descriptor, bytes, size, offset);
}

ssize_t pwrite64(int descriptor, const void* bytes, std::size_t size, off_t offset) {
  static const auto on = next<WriteAt>("pwrite64");
  return write_at(on, descriptor, bytes, size, offset);
}

/// Answers count from before they are out.
ssize_t writev(int descriptor, const iovec* pieces, int count) {
  static const auto on = next<ssize_t (*)(int, const iovec*, int)>("writev");
  std::string all;
  for (int i = 0; i < count; ++i)
    all.append(static_cast<const char*>(pieces[i].iov_base), pieces[i].iov_len);
  note('A', descriptor, 0, all.data(), all.size());
  return on(descriptor, pieces, count);
}

int ftruncate(int descriptor, off_t size) {
  static const auto on = next<int (*)(int, off_t)>("ftruncate");
  const int result = on(descriptor, size);
  if (result == 0) note('T', descriptor, static_cast<std::uint64_t>(size), nullptr, 0);
  return result;
}

int ftruncate64(int descriptor, off_t size) {
  return ftruncate(descriptor, size);
}

int fsync(int descriptor) {
  static const auto on = next<int (*)(int)>("fsync");
  const int result = on(descriptor);
  if (result == 0) note('S', descriptor, 0, nullptr, 0);
  return result;
}

int fdatasync(int descriptor) {
  static const auto on = next<int (*)(int)>("fdatasync");
  const int result = on(descriptor);
  if (result == 0) note('S', descriptor, 0, nullptr, 0);
  return result;
}
}
