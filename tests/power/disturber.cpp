// SPDX-License-Identifier: MIT
// Preloaded into a program: makes its ledger worse than it is, or its disk.
//
// NODEOPS_MUTANT
//   sync-off          SQLite is told not to sync
//   early-answer      COMMIT says that it is done, and is done when the next group begins
//   two-transactions  an event is committed before what it moves is booked
// NODEOPS_DISK_FAULT "write ENOSPC 30 5": the 30th write to a database fails, and the four after
// it;
//   "sync EIO 3 1": the third sync does. 0 for the last number: all from then on.
#include <dlfcn.h>
#include <sqlite3.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string>
#include <string_view>

namespace {

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

std::string_view variable(const char* name) {
  const char* const value = ::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

bool is_mutant(std::string_view name) {
  static const std::string_view mutant = variable("NODEOPS_MUTANT");
  return mutant == name;
}

/// What fails, and when.
struct DiskFault {
  std::string call = {};
  int error = 0;
  long first = 0;
  long count = 0;
};

const DiskFault& disk_fault() {
  static const DiskFault fault = [] {
    DiskFault read;
    std::istringstream text{std::string(variable("NODEOPS_DISK_FAULT"))};
    std::string name;
    text >> read.call >> name >> read.first >> read.count;
    read.error = name == "ENOSPC" ? ENOSPC : EIO;
    return read;
  }();
  return fault;
}

bool is_database(int descriptor) {
  char path[4096];
  const auto link = "/proc/self/fd/" + std::to_string(descriptor);
  const ssize_t length = ::readlink(link.c_str(), path, sizeof path);
  const std::string_view name(path, length > 0 ? static_cast<std::size_t>(length) : 0);
  return name.ends_with(".db") || name.ends_with("-wal");
}

/// True when this call is to fail; errno says how.
bool fails(std::string_view call, int descriptor) {
  static std::atomic<long> calls{0};
  const DiskFault& fault = disk_fault();
  if (fault.call != call || !is_database(descriptor)) return false;
  const long number = ++calls;
  if (number < fault.first || (fault.count > 0 && number >= fault.first + fault.count))
    return false;
  errno = fault.error;
  return true;
}

using Step = int (*)(sqlite3_stmt*);

bool executing = false;               ///< within sqlite3_exec, whose statements are its own
sqlite3_stmt* uncommitted = nullptr;  ///< a COMMIT that was answered and not done

int real_step(sqlite3_stmt* statement) {
  static const auto on = next<Step>("sqlite3_step");
  return on(statement);
}

void commit_late() {
  if (uncommitted == nullptr) return;
  sqlite3_stmt* const commit = uncommitted;
  uncommitted = nullptr;
  if (real_step(commit) != SQLITE_DONE) ::abort();
  sqlite3_reset(commit);
}

}  // namespace

extern "C" {

int sqlite3_exec(sqlite3* database, const char* statements,
                 int (*callback)(void*, int, char**, char**), void* context, char** message) {
  using Exec = int (*)(sqlite3*, const char*, int (*)(void*, int, char**, char**), void*, char**);
  static const auto on = next<Exec>("sqlite3_exec");
  std::string text(statements);
  constexpr std::string_view full = "synchronous=FULL";
  const auto place = text.find(full);
  if (is_mutant("sync-off") && place != std::string::npos)
    text.replace(place, full.size(), "synchronous=OFF");
  executing = true;
  const int result = on(database, text.c_str(), callback, context, message);
  executing = false;
  return result;
}

int sqlite3_step(sqlite3_stmt* statement) {
  const char* const sql = sqlite3_sql(statement);
  const std::string_view text(sql == nullptr ? "" : sql);
  if (executing) return real_step(statement);
  if (is_mutant("early-answer")) {
    if (text == "COMMIT") {
      uncommitted = statement;
      return SQLITE_DONE;
    }
    commit_late();
  }
  if (is_mutant("two-transactions") && text.starts_with("INSERT INTO payments") &&
      sqlite3_exec(sqlite3_db_handle(statement), "COMMIT; BEGIN IMMEDIATE", nullptr, nullptr,
                   nullptr) != SQLITE_OK)
    ::abort();
  return real_step(statement);
}

ssize_t pwrite(int descriptor, const void* bytes, std::size_t size, off_t offset) {
  static const auto on = next<ssize_t (*)(int, const void*, std::size_t, off_t)>("pwrite");
  return fails("write", descriptor) ? -1 : on(descriptor, bytes, size, offset);
}

ssize_t pwrite64(int descriptor, const void* bytes, std::size_t size, off_t offset) {
  static const auto on = next<ssize_t (*)(int, const void*, std::size_t, off_t)>("pwrite64");
  return fails("write", descriptor) ? -1 : on(descriptor, bytes, size, offset);
}

int fsync(int descriptor) {
  static const auto on = next<int (*)(int)>("fsync");
  return fails("sync", descriptor) ? -1 : on(descriptor);
}

int fdatasync(int descriptor) {
  static const auto on = next<int (*)(int)>("fdatasync");
  return fails("sync", descriptor) ? -1 : on(descriptor);
}
}
