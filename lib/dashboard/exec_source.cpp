// SPDX-License-Identifier: MIT
#include "dashboard/exec_source.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <initializer_list>
#include <system_error>
#include <utility>

#include "core/error.hpp"
#include "dashboard/answers.hpp"
#include "dashboard/early_answer.hpp"
#include "dashboard/source_address.hpp"

namespace nodeops::dashboard {
namespace {

constexpr std::string_view place_of_user = "{user}";

/// Why a command is no answer; empty when it has ended with 0.
std::string complaint(const ::siginfo_t& end, std::string_view said) {
  std::string text;
  if (end.si_code != CLD_EXITED)
    text = "the command was ended by signal " + std::to_string(end.si_status);
  else if (end.si_status != 0)
    text = "the command has ended with status " + std::to_string(end.si_status);
  if (!text.empty() && !said.empty()) text += ": " + first_bytes(said);
  return text;
}

bool holds_user(const std::string& word) {
  return word.find(place_of_user) != std::string::npos;
}

/// An argument that begins with the id, and no "--" before it that ends the options.
bool lets_id_be_option(const std::vector<std::string>& words) {
  const auto end_of_options = std::find(words.begin(), words.end(), "--");
  return std::any_of(words.begin(), end_of_options,
                     [](const std::string& word) { return word.starts_with(place_of_user); });
}

bool is_named(const std::string& word, std::initializer_list<std::string_view> names) {
  const auto name = word.substr(word.rfind('/') + 1);
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_option(const std::string& word) {
  return word.size() > 1 && (word.front() == '-' || word.front() == '+');
}

using Word = std::vector<std::string>::const_iterator;

/// Behind the word that a shell with these arguments may run as its script, if it was told to run
/// one: behind its options and what those with an `o` may take, it is the first. `first` itself
/// when it was not told so. Rather too far than not far enough.
Word end_of_script(Word first, Word end) {
  bool runs_script = false;
  std::ptrdiff_t taken_by_options = 0;
  Word word = first;
  for (; word != end && (is_option(*word) || taken_by_options > 0); ++word) {
    if (!is_option(*word)) {
      --taken_by_options;
      continue;
    }
    if (word->starts_with("--")) continue;
    runs_script = runs_script || word->find('c') != std::string::npos;
    taken_by_options += std::count(word->begin(), word->end(), 'o');
    taken_by_options += std::count(word->begin(), word->end(), 'O');
  }
  if (!runs_script) return first;
  return word == end ? end : word + 1;
}

/// Programs that hand their words to a shell: always, or by an option.
bool passes_on(Word program, Word end) {
  if (is_named(*program, {"ssh", "su", "runuser", "watch", "parallel"})) return true;
  const auto has_option = [&](char letter, std::string_view name) {
    return std::any_of(program + 1, end, [&](const std::string& word) {
      if (word.starts_with("--")) return word.starts_with(name);
      return is_option(word) && word.find(letter) != std::string::npos;
    });
  };
  if (is_named(*program, {"flock", "script"})) return has_option('c', "--command");
  return is_named(*program, {"env"}) && has_option('S', "--split-string");
}

/// `sh -c '… {user} …'`, `ssh host … {user}`: the id would be code.
bool puts_id_into_script(const std::vector<std::string>& words) {
  for (auto word = words.begin(); word != words.end(); ++word) {
    const bool is_shell = is_named(*word, {"sh", "bash", "rbash", "dash", "ash", "ksh", "mksh",
                                           "zsh", "yash", "fish", "csh", "tcsh"});
    const auto end = passes_on(word, words.end()) ? words.end()
                     : is_shell                   ? end_of_script(word + 1, words.end())
                                                  : word + 1;
    if (std::any_of(word + 1, end, holds_user)) return true;
  }
  return false;
}

/// True for what no shell takes for anything but itself.
bool is_plain(const std::string& user) {
  return std::all_of(user.begin(), user.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == '@' || c == ':';
  });
}

Answer system_answer(int error_number) {
  auto detail = "cannot start the command: " + std::generic_category().message(error_number);
  // The id is too long for an argument: the command is well, and will not have more luck later.
  if (error_number == E2BIG) return refused_question(std::move(detail));
  // So is it when we have no room for another process. That passes.
  const bool passes = error_number == EAGAIN || error_number == EMFILE || error_number == ENFILE ||
                      error_number == ENOMEM;
  Answer answer = failed_answer(std::move(detail), passes);
  answer.failure->blames_source = !passes;
  return answer;
}

/// Appends what there is to read. False: there will be no more.
bool read_more(const Descriptor& from, std::string& text) {
  constexpr std::size_t piece = std::size_t{64} << 10U;
  const std::size_t before = text.size();
  text.resize(before + piece);
  const auto got = ::read(from.number(), text.data() + before, piece);
  const int problem = got < 0 ? errno : 0;
  text.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return got > 0 || problem == EAGAIN || problem == EINTR;
}

}  // namespace

class ExecSource::Pending : public Request {
 public:
  Pending(ExecSource& source, ExecChild::Started started, Done done)
      : source_(source), child_(std::move(started)), done_(std::move(done)) {
    watch_ = source_.reactor_.watch(child_.output.number(), {.readable = true},
                                    [this](Readiness) { read(); });
    error_watch_ = source_.reactor_.watch(child_.errors.number(), {.readable = true},
                                          [this](Readiness) { read_errors(); });
  }
  ~Pending() override {
    source_.reactor_.unwatch(watch_);
    source_.reactor_.unwatch(error_watch_);
    if (child_.child) source_.reap(std::move(child_));
  }
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;

 private:
  void tell(Answer answer) {
    const Done done = std::move(done_);  // this object may go while it is called
    done(std::move(answer));
  }

  void read() {
    const bool goes_on = read_more(child_.output, body_);
    if (body_.size() > longest_answer) {
      tell(too_long_answer());
    } else if (!goes_on) {
      source_.reactor_.unwatch(std::exchange(watch_, 0));
      child_.child->watch([this] { ended(); });
    }
  }

  /// Keeps the beginning, and the pipe empty: a command that talks a lot must not stand still.
  void read_errors() {
    constexpr std::size_t kept = 4096;
    const bool goes_on = read_more(child_.errors, said_);
    said_.resize(std::min(said_.size(), kept));
    if (!goes_on) source_.reactor_.unwatch(std::exchange(error_watch_, 0));
  }

  void ended() {
    const auto child = std::move(child_.child);
    if (error_watch_ != 0) read_errors();
    while (said_.ends_with('\n')) said_.pop_back();
    const std::string problem = complaint(child->wait(), said_);
    tell(problem.empty() ? answer_of(body_) : failed_answer(problem, true));
  }

  ExecSource& source_;
  ExecChild::Started child_;
  Done done_;
  WatchId watch_ = 0;
  WatchId error_watch_ = 0;
  std::string body_;
  std::string said_;
};

ExecSource::ExecSource(Reactor& reactor, const std::string& command) : reactor_(reactor) {
  auto words = split_words(command);
  if (!words || words->empty())
    throw AppError(ErrorKind::usage, "--source: " + shown_source("exec:" + command) +
                                         ": a quote is not closed, or there is no command");
  if (holds_user(words->front()))
    throw AppError(ErrorKind::usage, "--source: " + shown_source("exec:" + command) +
                                         ": {user} would name the program to be run");
  words_ = std::move(*words);
  id_could_be_option_ = lets_id_be_option(words_);
  id_is_in_script_ = puts_id_into_script(words_);
}

ExecSource::~ExecSource() = default;

std::string ExecSource::objection(const std::string& user) const {
  if (user.find('\0') != std::string::npos) return "the id has a NUL in it, no argument can have";
  if (id_could_be_option_ && user.starts_with('-'))
    return "the id would be an option of the command (write -- before {user})";
  if (id_is_in_script_ && !is_plain(user))
    return "the id would be code of the script (write \"$1\" there, and sh {user} behind it)";
  return {};
}

std::unique_ptr<Request> ExecSource::ask(const Question& question, Done done) {
  if (auto problem = objection(question.user); !problem.empty()) {
    return std::make_unique<EarlyAnswer>(reactor_, refused_question(std::move(problem)),
                                         std::move(done));
  }
  std::vector<std::string> words;
  words.reserve(words_.size());
  for (const auto& word : words_) words.push_back(with_user(word, question.user));
  auto started = ExecChild::start(reactor_, words);
  if (!started.child) {
    return std::make_unique<EarlyAnswer>(reactor_, system_answer(started.problem), std::move(done));
  }
  return std::make_unique<Pending>(*this, std::move(started), std::move(done));
}

/// Its pipes stay open: whoever says why it ends would get SIGPIPE, and end before it is done.
void ExecSource::reap(ExecChild::Started started) {
  const int process = started.child->process();
  ExecChild& dying = *dying_.emplace(process, std::move(started)).first->second.child;
  dying.tell(SIGTERM);
  // Its children have as long as itself. As long as it is not waited for, the group is its own.
  dying.kill_later([this, process] {
    ExecChild& killed = *dying_.at(process).child;
    killed.watch([this, process] {
      dying_.at(process).child->wait();
      dying_.erase(process);
    });
  });
}

}  // namespace nodeops::dashboard
