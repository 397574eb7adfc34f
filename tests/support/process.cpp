// SPDX-License-Identifier: MIT
#include "support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>

namespace nodeops::test {
namespace {

struct Pipe {
  int read_end = -1;
  int write_end = -1;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
  return {ends[0], ends[1]};
}

void close_end(int& end) {
  if (end >= 0) ::close(end);
  end = -1;
}

void make_nonblocking(int end) {
  ::fcntl(end, F_SETFL, ::fcntl(end, F_GETFL) | O_NONBLOCK);
}

/// Everything that the child needs, made before the fork: behind it no memory may be asked for.
struct Prepared {
  std::vector<char*> arguments;
  std::vector<std::string> environment_texts;
  std::vector<char*> environment;
};

Prepared prepare(const Launch& launch) {
  Prepared prepared;
  prepared.arguments.push_back(const_cast<char*>(launch.program.c_str()));
  for (const std::string& argument : launch.arguments) {
    prepared.arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  prepared.arguments.push_back(nullptr);
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::string name = text.substr(0, text.find('='));
    // The machine's own settings must not change what a test sees.
    if (name.rfind("NODEOPS_", 0) == 0 || name == "NO_COLOR") continue;
    if (launch.environment.count(name) == 0) prepared.environment_texts.push_back(text);
  }
  for (const auto& [name, value] : launch.environment) {
    prepared.environment_texts.push_back(name + "=" + value);
  }
  for (std::string& text : prepared.environment_texts) prepared.environment.push_back(text.data());
  prepared.environment.push_back(nullptr);
  return prepared;
}

[[noreturn]] void become(const Launch& launch, const Prepared& prepared, int input, int output,
                         int error) {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  ::sigaction(SIGPIPE, &action, nullptr);
  if (launch.file_size_limit) {
    action.sa_handler = SIG_IGN;
    ::sigaction(SIGXFSZ, &action, nullptr);
    const rlimit limit = {*launch.file_size_limit, *launch.file_size_limit};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  if (!launch.output_path.empty()) {
    output = ::open(launch.output_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  }
  const bool placed = launch.directory.empty() || ::chdir(launch.directory.c_str()) == 0;
  if (placed && ::dup2(input, STDIN_FILENO) >= 0 && ::dup2(output, STDOUT_FILENO) >= 0 &&
      ::dup2(error, STDERR_FILENO) >= 0) {
    ::execvpe(launch.program.c_str(), prepared.arguments.data(), prepared.environment.data());
  }
  ::_exit(127);
}

/// True when there may be more to read.
bool read_some(int end, std::string& into) {
  std::array<char, 1 << 16> piece;
  const ssize_t got = ::read(end, piece.data(), piece.size());
  if (got > 0) into.append(piece.data(), static_cast<std::size_t>(got));
  return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
}

}  // namespace

Process::Process(const Launch& launch) : keep_output_(launch.keep_output) {
  ::signal(SIGPIPE, SIG_IGN);
  const Prepared prepared = prepare(launch);
  Pipe input = make_pipe();
  Pipe output = make_pipe();
  Pipe error = make_pipe();
  process_ = ::fork();
  if (process_ == 0) {
    become(launch, prepared, input.read_end, output.write_end, error.write_end);
  }
  close_end(input.read_end);
  close_end(output.write_end);
  close_end(error.write_end);
  input_ = input.write_end;
  output_ = output.read_end;
  error_ = error.read_end;
  for (const int end : {input_, output_, error_}) make_nonblocking(end);
  if (process_ > 0) process_handle_ = static_cast<int>(::syscall(SYS_pidfd_open, process_, 0));
  if (process_handle_ < 0) throw std::runtime_error("cannot start " + launch.program);
}

Process::~Process() {
  if (!ended_) {
    ::kill(process_, SIGKILL);
    reap();
  }
  for (int* end : {&process_handle_, &input_, &output_, &error_}) close_end(*end);
}

void Process::close_output() {
  close_end(output_);
}

bool Process::wait_for(const std::function<bool()>& condition) {
  const Deadline deadline = Deadline::after(patience);
  while (!condition()) {
    if (!serve_once(deadline)) return condition();
  }
  return true;
}

bool Process::wait_for_output(std::string_view text) {
  return wait_for([&] { return outcome_.out.find(text) != std::string::npos; });
}

bool Process::wait_for_error(std::string_view text) {
  return wait_for([&] { return outcome_.err.find(text) != std::string::npos; });
}

bool Process::wait_until_sent() {
  return wait_for([&] { return pending_input_.empty(); });
}

void Process::signal(int number) {
  if (!ended_) ::kill(process_, number);
}

ProcessOutcome Process::finish() {
  if (!wait_for([&] { return ended_; })) {
    ::kill(process_, SIGKILL);
    reap();
  }
  while (output_ >= 0) read_output();
  while (error_ >= 0) read_error();
  return std::move(outcome_);
}

/// One round of reading and writing what is ready. False: there is nothing left to wait for.
bool Process::serve_once(Deadline deadline) {
  if (ended_) return false;
  if (pending_input_.empty() && next_input_ && input_ >= 0) {
    pending_input_ = next_input_();
    if (pending_input_.empty()) input_ends_ = true;
  }
  if (pending_input_.empty() && input_ends_) close_end(input_);
  // A negative descriptor is left out by poll().
  std::array<pollfd, 4> ends = {{{pending_input_.empty() ? -1 : input_, POLLOUT, 0},
                                 {output_held_ ? -1 : output_, POLLIN, 0},
                                 {error_, POLLIN, 0},
                                 {process_handle_, POLLIN, 0}}};
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline.left()).count();
  const int ready = ::poll(ends.data(), ends.size(), static_cast<int>(left));
  if (ready < 0) return errno == EINTR;
  if (ready == 0) return false;
  if (ends[0].revents != 0) write_input();
  if (ends[1].revents != 0) read_output();
  if (ends[2].revents != 0) read_error();
  if (ends[3].revents != 0) reap();
  return true;
}

void Process::write_input() {
  const ssize_t written = ::write(input_, pending_input_.data(), pending_input_.size());
  if (written > 0) {
    pending_input_.erase(0, static_cast<std::size_t>(written));
  } else if (written < 0 && errno != EAGAIN && errno != EINTR) {
    // It does not read any more; what it thinks of that shows in its exit status.
    pending_input_.clear();
    next_input_ = nullptr;
    close_end(input_);
  }
}

void Process::read_output() {
  const std::size_t before = outcome_.out.size();
  const bool more = read_some(output_, outcome_.out);
  outcome_.out_bytes += outcome_.out.size() - before;
  if (!keep_output_) outcome_.out.clear();
  if (!more) close_end(output_);
}

void Process::read_error() {
  if (!read_some(error_, outcome_.err)) close_end(error_);
}

void Process::reap() {
  int status = 0;
  rusage usage = {};
  if (::wait4(process_, &status, 0, &usage) != process_) return;
  ended_ = true;
  outcome_.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  outcome_.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  outcome_.peak_resident_bytes = static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

ProcessOutcome run_process(const Launch& launch, std::string_view input) {
  Process process(launch);
  process.send(input);
  process.end_input();
  return process.finish();
}

}  // namespace nodeops::test
