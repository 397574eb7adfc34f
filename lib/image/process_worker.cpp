// SPDX-License-Identifier: MIT
#include "image/process_worker.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/error.hpp"

namespace nodeops::image {
namespace {

/// Beyond what an image needs by its header: the allocator's slack, tables, stacks.
constexpr std::uint64_t spare_bytes = 64 << 20;

/// A sanitizer's shadow memory: such a process cannot be held to anything.
constexpr std::uint64_t beyond_limits = std::uint64_t{1} << 40;

AppError died(const std::string& how) {
  return {ErrorKind::bad_data, "the decoder " + how};
}

std::vector<std::string> lines(std::string_view text) {
  std::vector<std::string> all;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    all.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

}  // namespace

ProcessWorker::ProcessWorker(std::vector<std::string> command)
    : supervisor_({.command = std::move(command)}) {}

bool ProcessWorker::ready(const std::stop_token& stop) {
  process_ = supervisor_.worker(stop);
  if (process_ == nullptr) return false;
  GreetingMessage greeting{};
  std::string reason;
  if (!unpack(supervisor_.greeting(), greeting, reason) || !greeting.confined)
    throw AppError(ErrorKind::unavailable, reason.empty() ? "no worker process" : reason);
  address_bytes_ = greeting.address_bytes < beyond_limits ? greeting.address_bytes : 0;
  return !stop.stop_requested();
}

/// Sends, and waits for the answer; a failure of the image or its process is thrown.
AnswerMessage ProcessWorker::ask(const ImageTask& task, std::string_view message,
                                 const std::vector<int>& descriptors, std::string& text) {
  MessageSocket::Message reply;
  const bool sent = process_->socket().send(message, descriptors);
  const auto silence =
      sent ? supervisor_.receive(reply, task.deadline, task.stop) : Supervisor::Silence::died;
  AnswerMessage answer{};
  if (silence == Supervisor::Silence::none && unpack(reply.bytes, answer, text)) {
    if (answer.kind != AnswerMessage::Kind::failed) return answer;
    close_output();
    supervisor_.worked();
    throw AppError(answer.error, text);
  }
  close_output();
  process_ = nullptr;
  if (silence == Supervisor::Silence::stopped) throw AppError(ErrorKind::interrupted, "stopped");
  if (silence == Supervisor::Silence::late) {
    supervisor_.replace();
    throw AppError(ErrorKind::over_limit, "took longer than --timeout allows");
  }
  throw died(supervisor_.bury());
}

void ProcessWorker::limit(std::uint64_t working_bytes, const ImageTask& task) {
  // Its parent may go and leave it hanging: then its own time runs out.
  const auto left = std::min<Clock::duration>(task.deadline.left(), std::chrono::hours(24));
  process_->limit(
      {.address_bytes = address_bytes_ == 0 ? 0 : address_bytes_ + working_bytes + spare_bytes,
       .processor_time = std::chrono::ceil<std::chrono::seconds>(left) + std::chrono::seconds(1),
       .file_bytes = working_bytes + spare_bytes});
}

Measured ProcessWorker::measure(const ImageTask& task) {
  limit(task.file.bytes(), task);
  output_ = memory_file();
  std::string text;
  const AnswerMessage answer = ask(task,
                                   packed(TaskMessage{.options = task.options,
                                                      .bytes = task.file.bytes(),
                                                      .fault = task.fault,
                                                      .most_kept = task.most_kept}),
                                   {task.file.descriptor(), output_.number()}, text);
  working_bytes_ = answer.working_bytes;
  return {.working_bytes = answer.working_bytes, .format = answer.format, .extension = text};
}

Converted ProcessWorker::convert(const ImageTask& task) {
  limit(working_bytes_, task);
  std::string notes;
  const AnswerMessage answer = ask(task, packed(DecisionMessage{.convert = true}), {}, notes);
  Converted converted{.bytes = filled(answer.bytes), .notes = lines(notes)};
  close_output();
  supervisor_.worked();
  return converted;
}

void ProcessWorker::drop() {
  close_output();
  if (process_->socket().send(packed(DecisionMessage{.convert = false}))) return;
  static_cast<void>(supervisor_.bury());
  process_ = nullptr;
}

/// What the process has written. It is read like a stranger's: as long as it is, and no longer.
std::string ProcessWorker::filled(std::uint64_t bytes) const {
  const off_t size = ::lseek(output_.number(), 0, SEEK_END);
  if (size < 0 || static_cast<std::uint64_t>(size) != bytes)
    throw AppError(ErrorKind::bad_data, "the decoder has lost its output");
  std::string content(static_cast<std::size_t>(bytes), '\0');
  std::size_t have = 0;
  while (have < content.size()) {
    const auto count = ::pread(output_.number(), content.data() + have, content.size() - have,
                               static_cast<off_t>(have));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) throw AppError(ErrorKind::bad_data, "the decoder has lost its output");
    have += static_cast<std::size_t>(count);
  }
  return content;
}

void ProcessWorker::close_output() {
  output_ = Descriptor();
}

}  // namespace nodeops::image
