// SPDX-License-Identifier: MIT
#include "task/supervisor.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include "core/error.hpp"
#include "task/pause.hpp"

namespace nodeops {
namespace {

/// What posix_spawn wants to know, freed at the end.
struct SpawnSettings {
  SpawnSettings() {
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    sigset_t all;
    ::sigfillset(&all);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    // A group of its own: a Ctrl-C at the terminal is for this process, which ends its workers.
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(
        &attributes,
        static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP));
  }
  ~SpawnSettings() {
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&files);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};
};

pid_t spawn(const std::vector<std::string>& command, int socket) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  SpawnSettings settings;
  // Onto itself, dup2 takes the close-on-exec mark away all the same.
  ::posix_spawn_file_actions_adddup2(&settings.files, socket, WorkerProcess::socket_of_worker);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    ::posix_spawn_file_actions_addopen(&settings.files, stream, "/dev/null", O_RDWR, 0);
  ::posix_spawn_file_actions_addclosefrom_np(&settings.files, WorkerProcess::socket_of_worker + 1);
  char* const no_environment = nullptr;
  pid_t process = -1;
  const int error_number = ::posix_spawn(&process, arguments.front(), &settings.files,
                                         &settings.attributes, arguments.data(), &no_environment);
  if (error_number != 0) {
    throw system_failure(ErrorKind::unavailable, command.front(), "cannot start the worker process",
                         error_number);
  }
  return process;
}

void set_limit(pid_t process, __rlimit_resource resource, std::uint64_t value) {
  rlimit limit{};
  if (::prlimit(process, resource, nullptr, &limit) != 0) return;
  limit.rlim_cur = std::min<rlim_t>(value, limit.rlim_max);
  static_cast<void>(::prlimit(process, resource, &limit, nullptr));
}

std::chrono::seconds processor_time_of(pid_t process) {
  clockid_t clock{};
  timespec used{};
  if (::clock_getcpuclockid(process, &clock) != 0 || ::clock_gettime(clock, &used) != 0) return {};
  return std::chrono::seconds(used.tv_sec);
}

std::string how_it_ended(int status) {
  if (!WIFSIGNALED(status)) {
    return WEXITSTATUS(status) == 0 ? "ended"
                                    : "ended with status " + std::to_string(WEXITSTATUS(status));
  }
  const int signal = WTERMSIG(status);
  if (signal == SIGSYS) return "made a forbidden system call (SIGSYS)";
  if (signal == SIGXCPU) return "took too much processor time (SIGXCPU)";
  // Nobody here sends it to a worker that this is asked about: the kernel did, out of memory.
  if (signal == SIGKILL) return "was killed (SIGKILL), perhaps for want of memory";
  const char* const name = ::sigabbrev_np(signal);
  return "crashed (" + (name == nullptr ? std::to_string(signal) : "SIG" + std::string(name)) + ")";
}

}  // namespace

WorkerProcess::WorkerProcess(const std::vector<std::string>& command) : socket_(-1) {
  auto [ours, theirs] = MessageSocket::pair();
  process_ = spawn(command, theirs.descriptor());
  socket_ = std::move(ours);
}

WorkerProcess::~WorkerProcess() {
  if (process_ < 0) return;
  kill();
  static_cast<void>(end());
}

void WorkerProcess::limit(const Limits& limits) const {
  const auto seconds = processor_time_of(process_) + limits.processor_time;
  set_limit(process_, RLIMIT_CPU, static_cast<std::uint64_t>(seconds.count()));
  set_limit(process_, RLIMIT_FSIZE, limits.file_bytes);
  set_limit(process_, RLIMIT_AS, limits.address_bytes == 0 ? RLIM_INFINITY : limits.address_bytes);
}

void WorkerProcess::kill() const {
  // With all that it may have started: its group is its own.
  static_cast<void>(::kill(-process_, SIGKILL));
}

std::string WorkerProcess::end() {
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  return how_it_ended(status);
}

WorkerProcess* Supervisor::worker(const std::stop_token& stop) {
  while (!worker_ && !policy_.given_up()) {
    if (start_at_ && !pause_until(Deadline(*start_at_), stop)) return nullptr;
    start_at_.reset();
    if (!start(stop)) return nullptr;
  }
  return worker_ ? &*worker_ : nullptr;
}

/// False: the stop came. No worker behind it: the new one died at once.
bool Supervisor::start(const std::stop_token& stop) {
  worker_.emplace(options_.command);
  MessageSocket::Message ready;
  const Silence silence = receive(ready, Deadline::after(options_.start_limit), stop);
  if (silence == Silence::none) {
    greeting_ = std::move(ready.bytes);
    was_ready_ = true;
    return true;
  }
  if (silence == Silence::late) worker_->kill();
  const std::string how = bury();
  if (silence == Silence::stopped) return false;
  if (!was_ready_) {
    throw AppError(ErrorKind::unavailable, "the worker process did not get ready: it " + how);
  }
  return true;
}

Supervisor::Silence Supervisor::receive(MessageSocket::Message& message, Deadline deadline,
                                        const std::stop_token& stop) {
  // The stop closes the connection: nobody has to be woken.
  const std::stop_callback end_it(stop, [this] { worker_->kill(); });
  if (!worker_->socket().wait(deadline)) return Silence::late;
  auto received = worker_->socket().receive();
  if (stop.stop_requested()) return Silence::stopped;
  if (!received) return Silence::died;
  message = std::move(*received);
  return Silence::none;
}

std::string Supervisor::bury() {
  worker_->kill();  // harmless when it is dead; and one that only closed its socket must not stay
  std::string how = worker_->end();
  worker_.reset();
  start_at_ = policy_.died(Clock::now());
  return how;
}

void Supervisor::replace() {
  worker_.reset();
}

}  // namespace nodeops
