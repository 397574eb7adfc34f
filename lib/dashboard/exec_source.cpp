// SPDX-License-Identifier: MIT
#include "dashboard/exec_source.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "core/error.hpp"
#include "dashboard/answers.hpp"
#include "dashboard/source_address.hpp"
#include "net/descriptor.hpp"

namespace nodeops::dashboard {
namespace {

constexpr auto patience = std::chrono::milliseconds(100);  // between SIGTERM and SIGKILL

/// What a new process needs to know, freed at the end.
class SpawnSettings {
 public:
  /// The process writes into `output`, reads nothing, has a group of its own and hears all signals.
  explicit SpawnSettings(int output) {
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
    ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
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

int descriptor_of(int process) {
  return static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
}

/// Why a command is no answer; empty when it has ended with 0.
std::string complaint(const ::siginfo_t& end) {
  if (end.si_code != CLD_EXITED)
    return "the command was ended by signal " + std::to_string(end.si_status);
  if (end.si_status == 0) return {};
  return "the command has ended with status " + std::to_string(end.si_status);
}

}  // namespace

/// A process that has been started and not yet waited for.
class ExecSource::Child {
 public:
  Child(Reactor& reactor, int process)
      : reactor_(reactor), process_(process), descriptor_(descriptor_of(process)) {}
  ~Child() {
    reactor_.cancel(timer_);
    reactor_.unwatch(watch_);
    if (!over_) {
      tell(SIGKILL);
      wait();
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  int process() const { return process_; }

  /// Calls `ended` when the process has ended; it is then still to be waited for.
  void watch(std::function<void()> ended) {
    reactor_.unwatch(watch_);
    watch_ = reactor_.watch(descriptor_.number(), {.readable = true},
                            [ended = std::move(ended)](Readiness) {
                              const auto call = ended;  // this watch may go while it is called
                              call();
                            });
  }

  /// Signals the whole group.
  void tell(int signal) const { ::kill(-process_, signal); }
  void kill_later() {
    timer_ = reactor_.at(reactor_.now() + patience, [this] { tell(SIGKILL); });
  }

  /// Waits for the end of a process that has ended or been killed.
  ::siginfo_t wait() {
    ::siginfo_t end{};
    while (::waitid(P_PID, static_cast<::id_t>(process_), &end, WEXITED) != 0 && errno == EINTR) {
    }
    over_ = true;
    return end;
  }

 private:
  Reactor& reactor_;
  int process_;
  Descriptor descriptor_;
  WatchId watch_ = 0;
  TimerId timer_ = 0;
  bool over_ = false;
};

class ExecSource::Pending : public Request {
 public:
  Pending(ExecSource& source, Done done) : source_(source), done_(std::move(done)) {}
  ~Pending() override {
    source_.reactor_.cancel(timer_);
    source_.reactor_.unwatch(watch_);
    if (child_) source_.reap(std::move(child_));
  }

  void start(const std::vector<std::string>& words) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
      answer_later(system_answer("cannot make a pipe", errno));
      return;
    }
    output_ = Descriptor(ends[0]);
    const Descriptor write_end(ends[1]);
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const SpawnSettings settings(ends[1]);
    int process = 0;
    const int problem = ::posix_spawnp(&process, arguments.front(), &settings.actions,
                                       &settings.attributes, arguments.data(), environ);
    if (problem != 0) {
      answer_later(system_answer("cannot start the command", problem));
      return;
    }
    child_ = std::make_unique<Child>(source_.reactor_, process);
    watch_ = source_.reactor_.watch(ends[0], {.readable = true}, [this](Readiness) { read(); });
  }

 private:
  static Answer system_answer(const char* what, int error_number) {
    return failed_answer(std::string(what) + ": " + std::generic_category().message(error_number),
                         true);
  }

  /// An answer that was found while it was asked for.
  void answer_later(Answer answer) {
    early_ = std::move(answer);
    timer_ = source_.reactor_.at(source_.reactor_.now(), [this] {
      timer_ = 0;
      tell(std::move(early_));
    });
  }

  void tell(Answer answer) {
    const Done done = std::move(done_);  // this object may go while it is called
    done(std::move(answer));
  }

  void read() {
    constexpr std::size_t piece = std::size_t{64} << 10U;
    const std::size_t before = body_.size();
    body_.resize(before + piece);
    const auto got = ::read(output_.number(), body_.data() + before, piece);
    const int problem = got < 0 ? errno : 0;
    body_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (problem == EAGAIN || problem == EINTR) return;
    if (body_.size() > longest_answer) {
      tell(too_long_answer());
    } else if (got <= 0) {
      source_.reactor_.unwatch(std::exchange(watch_, 0));
      child_->watch([this] { ended(); });
    }
  }

  void ended() {
    const auto child = std::move(child_);
    const std::string problem = complaint(child->wait());
    tell(problem.empty() ? answer_of(body_) : failed_answer(problem, true));
  }

  ExecSource& source_;
  Done done_;
  Descriptor output_{-1};
  std::unique_ptr<Child> child_;
  WatchId watch_ = 0;
  TimerId timer_ = 0;
  Answer early_;
  std::string body_;
};

ExecSource::ExecSource(Reactor& reactor, const std::string& command) : reactor_(reactor) {
  auto words = split_words(command);
  if (!words || words->empty())
    throw AppError(ErrorKind::usage, "--source: 'exec:" + command +
                                         "': a quote is not closed, or there is no command");
  words_ = std::move(*words);
}

ExecSource::~ExecSource() = default;

std::unique_ptr<Request> ExecSource::ask(const Question& question, Done done) {
  // An argument cannot hold a NUL; the rest of an id stays as it is.
  const std::string user = question.user.substr(0, question.user.find('\0'));
  std::vector<std::string> words;
  words.reserve(words_.size());
  for (const auto& word : words_) words.push_back(with_user(word, user));
  auto pending = std::make_unique<Pending>(*this, std::move(done));
  pending->start(words);
  return pending;
}

void ExecSource::reap(std::unique_ptr<Child> child) {
  const int process = child->process();
  Child& dying = *dying_.emplace(process, std::move(child)).first->second;
  dying.tell(SIGTERM);
  dying.kill_later();
  dying.watch([this, process] {
    // Its children may still be there; as long as it is not waited for, the group is its own.
    const auto found = dying_.find(process);
    found->second->tell(SIGKILL);
    found->second->wait();
    dying_.erase(found);
  });
}

}  // namespace nodeops::dashboard
