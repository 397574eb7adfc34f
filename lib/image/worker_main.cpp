// SPDX-License-Identifier: MIT
#include "image/worker_main.hpp"

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <new>
#include <optional>
#include <vector>

#include "image/input_file.hpp"
#include "image/sample_memory.hpp"
#include "image/worker_messages.hpp"
#include "task/confinement.hpp"
#include "task/supervisor.hpp"
#include "task/worker_pool.hpp"

namespace nodeops::image {
namespace {

/// Closes the files that came with a message.
struct Files {
  explicit Files(std::vector<int> received) : descriptors(std::move(received)) {}
  ~Files() {
    for (const int descriptor : descriptors) ::close(descriptor);
  }
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;

  std::vector<int> descriptors;
};

std::uint64_t address_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t pages = 0;
  file >> pages;
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void write_whole(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0) {
      throw AppError(ErrorKind::io_failed,
                     std::string("the worker process cannot write: ") + ::strerror(errno));
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

std::string failure(ErrorKind kind, std::string_view reason) {
  return packed(AnswerMessage{.kind = AnswerMessage::Kind::failed,
                              .error = kind,
                              .format = {},
                              .working_bytes = 0,
                              .bytes = 0},
                reason);
}

/// The answer of `work`, or that it failed.
template <class Work>
std::string answer(Work work) {
  try {
    return work();
  } catch (const AppError& error) {
    return failure(error.kind(), error.what());
  } catch (const std::bad_alloc&) {
    return failure(ErrorKind::io_failed, "not enough memory to convert it");
  }
}

/// The image of one task.
class Work {
 public:
  explicit Work(const TaskMessage& task) : task_(task) {
    SampleMemory::keep_at_most(static_cast<std::size_t>(task.most_kept));
  }

  std::string measure(int file) {
    read_whole(file, task_.bytes, content_);
    const ImageHeader header = inspect(content_, task_.options);
    return packed(AnswerMessage{.kind = AnswerMessage::Kind::measured,
                                .error = {},
                                .format = header.format,
                                .working_bytes = header.working_bytes + content_.size(),
                                .bytes = 0},
                  header.extension);
  }

  std::string convert(int output) {
    suffer(task_.fault, [] { return false; });
    const Converted converted = image::convert(content_, task_.options, {});
    write_whole(output, converted.bytes);
    std::string notes;
    for (const std::string& note : converted.notes) notes += note + "\n";
    return packed(AnswerMessage{.kind = AnswerMessage::Kind::converted,
                                .error = {},
                                .format = {},
                                .working_bytes = 0,
                                .bytes = converted.bytes.size()},
                  notes);
  }

 private:
  TaskMessage task_;
  std::vector<std::byte> content_;
};

/// One task from its message to its last answer. False: the other side is gone.
bool serve(const MessageSocket& socket, MessageSocket::Message& message) {
  const Files files(std::move(message.descriptors));
  TaskMessage task{};
  std::string text;
  if (!unpack(message.bytes, task, text) || files.descriptors.size() != 2) return false;
  Work work(task);
  const std::string measured = answer([&] { return work.measure(files.descriptors[0]); });
  AnswerMessage head{};
  if (!unpack(measured, head, text) || !socket.send(measured)) return false;
  if (head.kind == AnswerMessage::Kind::failed) return true;
  const auto decided = socket.receive();
  DecisionMessage decision{};
  if (!decided || !unpack(decided->bytes, decision, text)) return false;
  return !decision.convert ||
         socket.send(answer([&] { return work.convert(files.descriptors[1]); }));
}

/// What a crash may leave behind, and what outlives whom.
void settle_in() {
  const rlimit none{.rlim_cur = 0, .rlim_max = 0};
  ::setrlimit(RLIMIT_CORE, &none);
  static_cast<void>(::prctl(PR_SET_PDEATHSIG, static_cast<unsigned long>(SIGKILL), 0UL, 0UL, 0UL));
  // A write beyond the size that a file may have is an error like any other.
  std::signal(SIGXFSZ, SIG_IGN);
  step_behind();
  // Images leave nothing behind that would count against the next one's limit.
  constexpr int trim_beyond = 4 << 20;
  ::mallopt(M_TRIM_THRESHOLD, trim_beyond);
}

/// False: somebody has started this by hand.
bool has_parent() {
  struct stat status {};
  return ::fstat(WorkerProcess::socket_of_worker, &status) == 0 && S_ISSOCK(status.st_mode);
}

void serve_all() {
  const MessageSocket socket(WorkerProcess::socket_of_worker);
  settle_in();
  GreetingMessage greeting{.confined = true, .address_bytes = address_bytes()};
  std::string reason;
  try {
    confine_to_computing();
  } catch (const AppError& error) {
    greeting.confined = false;
    reason = error.line();
  }
  if (!socket.send(packed(greeting, reason))) return;
  while (auto message = socket.receive()) {
    if (!serve(socket, *message)) break;
    message.reset();
    ::malloc_trim(0);
  }
}

}  // namespace

int worker_main() {
  constexpr int failed = 70;
  if (!has_parent()) return failed;
  try {
    serve_all();
    return 0;
  } catch (const std::exception&) {
    // Its parent tells of it; there is nobody else.
    return failed;
  }
}

}  // namespace nodeops::image
