// SPDX-License-Identifier: MIT
#include "dashboard/file_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "core/descriptor.hpp"
#include "dashboard/answers.hpp"
#include "dashboard/source_address.hpp"

namespace nodeops::dashboard {
namespace {

/// What is wrong with one user's file says nothing about those of others.
Answer of_this_file(Answer answer) {
  answer.failure->blames_source = false;
  return answer;
}

Answer system_answer(const char* what, int error_number) {
  Answer answer = failed_answer(
      std::string(what) + ": " + std::generic_category().message(error_number), false);
  constexpr std::array of_one_file = {ENOENT, ENOTDIR, EISDIR, ENAMETOOLONG, ELOOP, EACCES};
  if (std::find(of_one_file.begin(), of_one_file.end(), error_number) == of_one_file.end())
    return answer;
  return of_this_file(std::move(answer));
}

/// The whole file, or why not.
Answer read_answer(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.number() < 0) return system_answer("cannot open the file", errno);
  struct ::stat status = {};
  if (::fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode))
    return of_this_file(failed_answer("is no regular file", false));
  std::string body;
  int problem = 0;
  while (body.size() <= longest_answer) {
    constexpr std::size_t piece = std::size_t{64} << 10U;
    const std::size_t before = body.size();
    body.resize(before + piece);
    const auto got = ::read(file.number(), body.data() + before, piece);
    problem = got < 0 ? errno : 0;
    body.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got <= 0 && problem != EINTR) break;
  }
  if (problem != 0) return system_answer("cannot read the file", problem);
  return body.size() > longest_answer ? too_long_answer() : answer_of(body);
}

/// An id as a part of a file's name: "." and ".." are names of directories.
std::string name_part(const std::string& user) {
  std::string encoded = percent_encoded(user);
  return encoded.starts_with('.') ? "%2E" + encoded.substr(1) : encoded;
}

}  // namespace

class FileSource::Pending : public Request {
 public:
  Pending(Timers& timers, std::string path, Deadline deadline, Done done)
      : timers_(timers), path_(std::move(path)), done_(std::move(done)) {
    timer_ = timers.at(timers.now(), [this, deadline] {
      timer_ = 0;
      // Others have taken the time that there was: the asker cuts it off next.
      if (deadline.at() <= timers_.now()) return;
      const Done tell = std::move(done_);  // this object may go while it is called
      tell(read_answer(path_));
    });
  }
  ~Pending() override { timers_.cancel(timer_); }

 private:
  Timers& timers_;
  std::string path_;
  Done done_;
  TimerId timer_ = 0;
};

std::unique_ptr<Request> FileSource::ask(const Question& question, Done done) {
  return std::make_unique<Pending>(timers_, with_user(path_, name_part(question.user)),
                                   question.deadline, std::move(done));
}

}  // namespace nodeops::dashboard
