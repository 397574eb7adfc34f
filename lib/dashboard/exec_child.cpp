// SPDX-License-Identifier: MIT
#include "dashboard/exec_child.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <mutex>
#include <set>
#include <utility>

#include "task/resources.hpp"

namespace nodeops::dashboard {
namespace {

constexpr auto patience = std::chrono::milliseconds(100);  // between SIGTERM and SIGKILL

/// What a new process needs to know, freed at the end.
class SpawnSettings {
 public:
  /// The process writes into the two pipes, reads nothing, has a group of its own and hears all
  /// signals.
  SpawnSettings(const Descriptor& output, const Descriptor& errors) {
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    ::sigset_t none;
    ::sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, output.number(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, errors.number(), STDERR_FILENO);
  }
  ~SpawnSettings() {
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  ::posix_spawnattr_t attributes{};
  ::posix_spawn_file_actions_t actions{};
};

struct Pipe {
  Descriptor read_end{-1};
  Descriptor write_end{-1};
};

/// Its read end does not wait.
Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// The processes that are not waited for, for kill_all().
class Running {
 public:
  template <class Use>
  void with(Use use) {
    const std::lock_guard lock(mutex_);
    use(processes_);
  }

 private:
  std::mutex mutex_;
  std::set<int> processes_;
};

Running& running() {
  static Running all;
  return all;
}

}  // namespace

ExecChild::Started ExecChild::start(Reactor& reactor, const std::vector<std::string>& words) {
  Pipe output = make_pipe();
  Pipe errors = make_pipe();
  if (output.read_end.number() < 0 || errors.read_end.number() < 0) return {.problem = errno};
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const SpawnSettings settings(output.write_end, errors.write_end);
  int process = 0;
  const int problem = ::posix_spawnp(&process, arguments.front(), &settings.actions,
                                     &settings.attributes, arguments.data(), environ);
  if (problem != 0) return {.problem = problem};
  give_back_descriptor_limit(process);
  std::unique_ptr<ExecChild> child(new ExecChild(reactor, process));
  if (child->descriptor_.number() < 0) return {.problem = errno};
  return {.child = std::move(child),
          .output = std::move(output.read_end),
          .errors = std::move(errors.read_end)};
}

ExecChild::ExecChild(Reactor& reactor, int process)
    : reactor_(reactor),
      process_(process),
      descriptor_(static_cast<int>(::syscall(SYS_pidfd_open, process, 0))) {
  running().with([process](std::set<int>& processes) { processes.insert(process); });
}

ExecChild::~ExecChild() {
  reactor_.cancel(timer_);
  reactor_.unwatch(watch_);
  if (over_) return;
  tell(SIGKILL);
  wait();
}

void ExecChild::watch(std::function<void()> ended) {
  reactor_.unwatch(watch_);
  watch_ = reactor_.watch(descriptor_.number(), {.readable = true},
                          [ended = std::move(ended)](Readiness) {
                            const auto call = ended;  // this watch may go while it is called
                            call();
                          });
}

void ExecChild::kill_later(std::function<void()> killed) {
  timer_ = reactor_.after(patience, [this, killed = std::move(killed)] {
    tell(SIGKILL);
    killed();
  });
}

void ExecChild::kill_all() {
  running().with([](const std::set<int>& processes) {
    for (const int process : processes) ::kill(-process, SIGKILL);
  });
}

::siginfo_t ExecChild::wait() {
  ::siginfo_t end{};
  // Before its number is free for another.
  running().with([this](std::set<int>& processes) { processes.erase(process_); });
  while (::waitid(P_PID, static_cast<::id_t>(process_), &end, WEXITED) != 0 && errno == EINTR) {
  }
  over_ = true;
  return end;
}

}  // namespace nodeops::dashboard
