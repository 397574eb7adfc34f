// SPDX-License-Identifier: MIT
// Runs one command and says what it cost:
//   measure RESULT [--address-space BYTES] [--cgroup DIRECTORY] -- COMMAND [ARGUMENT...]
//   measure --evict FILE...
// RESULT gets one JSON object. A program of its own, because the peak memory that the kernel gives
// for a child starts at its parent's: measured from an interpreter, `cat` seems to take 10 MB.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

struct MeasureOptions {
  std::string result;
  rlim_t address_space_bytes = RLIM_INFINITY;
  std::string cgroup;  ///< a cgroup's directory that the command is put into
  std::vector<char*> command;
};

/// Drops a file's pages from the page cache, after they have reached the disk.
bool evict(const char* path) {
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool done = ::fdatasync(file) == 0 && ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) == 0;
  ::close(file);
  return done;
}

bool parse(const std::vector<char*>& arguments, MeasureOptions& options) {
  if (arguments.empty()) return false;
  options.result = arguments[0];
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string word = arguments[i];
    if (word == "--") {
      options.command.assign(arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                             arguments.end());
      break;
    }
    if (++i == arguments.size()) return false;
    if (word == "--address-space")
      options.address_space_bytes = std::strtoull(arguments[i], nullptr, 10);
    if (word == "--cgroup") options.cgroup = arguments[i];
  }
  if (options.command.empty()) return false;
  options.command.push_back(nullptr);
  return true;
}

bool enter_cgroup(const std::string& directory) {
  const int file = ::open((directory + "/cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool entered = ::write(file, "0", 1) == 1;
  ::close(file);
  return entered;
}

/// In the child: becomes the command or ends with 127.
[[noreturn]] void become(const MeasureOptions& options) {
  const rlimit limit = {options.address_space_bytes, options.address_space_bytes};
  const bool limited =
      options.address_space_bytes == RLIM_INFINITY || ::setrlimit(RLIMIT_AS, &limit) == 0;
  if (limited && (options.cgroup.empty() || enter_cgroup(options.cgroup))) {
    ::execvp(options.command[0], options.command.data());
  }
  std::perror(options.command[0]);
  ::_exit(127);
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

int measure(const MeasureOptions& options) {
  const auto began = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child == 0) become(options);
  int status = 0;
  rusage usage = {};
  if (child < 0 || ::wait4(child, &status, 0, &usage) < 0) {
    std::perror("measure");
    return 71;
  }
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
  std::FILE* const result = std::fopen(options.result.c_str(), "w");
  if (result == nullptr) return 73;
  std::fprintf(result,
               "{\"wall_s\":%.6f,\"user_s\":%.6f,\"system_s\":%.6f,\"peak_kib\":%ld,"
               "\"status\":%d,\"signal\":%d}\n",
               wall.count(), seconds(usage.ru_utime), seconds(usage.ru_stime), usage.ru_maxrss,
               WIFEXITED(status) ? WEXITSTATUS(status) : -1,
               WIFSIGNALED(status) ? WTERMSIG(status) : 0);
  return std::fclose(result) == 0 ? 0 : 74;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<char*> arguments(argv + 1, argv + argc);
  if (!arguments.empty() && std::string(arguments[0]) == "--evict") {
    bool all = true;
    for (std::size_t i = 1; i < arguments.size(); ++i) all = evict(arguments[i]) && all;
    return all ? 0 : 74;
  }
  MeasureOptions options;
  if (!parse(arguments, options)) {
    std::fputs(
        "usage: measure RESULT [--address-space BYTES] [--cgroup DIRECTORY] -- COMMAND...\n"
        "       measure --evict FILE...\n",
        stderr);
    return 2;
  }
  return measure(options);
}
