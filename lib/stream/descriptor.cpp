// SPDX-License-Identifier: MIT
#include "stream/descriptor.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <vector>

#include "core/error.hpp"

namespace nodeops {
namespace {

/// Asks for a pipe that holds a megabyte: fewer turns between us and the other end. Not granted, it
/// is as it was.
void widen_pipe(int descriptor) {
  fcntl(descriptor, F_SETPIPE_SZ, 1 << 20);
}

AppError stopped(const std::string& name) {
  return {ErrorKind::interrupted, name + ": stopped"};
}

}  // namespace

DescriptorSource::DescriptorSource(int descriptor, std::string name, const std::stop_token& stop,
                                   Closing closing)
    : descriptor_(descriptor), name_(std::move(name)), stop_(stop), closing_(closing) {
  struct stat status {};
  if (fstat(descriptor_, &status) != 0) return;
  if (S_ISREG(status.st_mode)) {
    size_ = static_cast<std::uint64_t>(status.st_size);
    posix_fadvise(descriptor_, 0, 0, POSIX_FADV_SEQUENTIAL);
  } else if (S_ISFIFO(status.st_mode)) {
    widen_pipe(descriptor_);
  }
}

DescriptorSource::~DescriptorSource() {
  if (closing_ == Closing::ours) ::close(descriptor_);
}

void DescriptorSource::seek(std::uint64_t offset) {
  if (lseek(descriptor_, static_cast<off_t>(offset), SEEK_SET) < 0) {
    throw system_failure(ErrorKind::io_failed, name_, "cannot seek", errno);
  }
}

std::uint64_t DescriptorSource::skip(std::uint64_t size) {
  if (!size_) return ByteSource::skip(size);
  const off_t at = lseek(descriptor_, 0, SEEK_CUR);
  if (at < 0) throw system_failure(ErrorKind::io_failed, name_, "cannot seek", errno);
  const auto place = static_cast<std::uint64_t>(at);
  const std::uint64_t passed = std::min(size, *size_ - std::min(*size_, place));
  seek(place + passed);
  return passed;
}

std::size_t DescriptorSource::read(std::span<char> into) {
  for (;;) {
    if (!size_) {
      // Not a file: the bytes may never come, but a stop may.
      std::array<pollfd, 2> waits = {pollfd{descriptor_, POLLIN, 0},
                                     pollfd{stop_.descriptor(), POLLIN, 0}};
      const int ready = poll(waits.data(), waits.size(), -1);
      if (ready < 0 && errno != EINTR)
        throw system_failure(ErrorKind::io_failed, name_, "cannot wait", errno);
      if (ready < 0) continue;
      if (waits[0].revents == 0 && waits[1].revents != 0) throw stopped(name_);
    }
    const auto count = ::read(descriptor_, into.data(), into.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR && errno != EAGAIN)
      throw system_failure(ErrorKind::io_failed, name_, "cannot read", errno);
  }
}

bool DescriptorSource::ready(std::chrono::milliseconds patience) {
  if (size_) return true;
  pollfd wait{descriptor_, POLLIN, 0};
  return poll(&wait, 1, static_cast<int>(patience.count())) != 0;
}

DescriptorSink::DescriptorSink(int descriptor, std::string name, const std::stop_token& stop)
    : descriptor_(descriptor), name_(std::move(name)), stop_(stop) {
  struct stat status {};
  if (fstat(descriptor_, &status) != 0) return;
  waits_ = S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode) || isatty(descriptor_) == 1;
  if (!S_ISFIFO(status.st_mode)) return;
  widen_pipe(descriptor_);
  // A new open file description: O_NONBLOCK on the old one would change it for everybody who shares
  // it.
  unblocked_ = open(("/proc/self/fd/" + std::to_string(descriptor_)).c_str(),
                    O_WRONLY | O_NONBLOCK | O_CLOEXEC);
}

DescriptorSink::~DescriptorSink() {
  if (unblocked_ >= 0) ::close(unblocked_);
}

bool DescriptorSink::ready() {
  if (!waits_) return true;
  pollfd wait{descriptor_, POLLOUT, 0};
  return poll(&wait, 1, 0) != 0;
}

void DescriptorSink::wait_until_writable() {
  constexpr int grace_ms = 5000;
  for (;;) {
    const bool stopping = stop_.stop_requested();
    std::array<pollfd, 2> waits = {pollfd{unblocked_, POLLOUT, 0},
                                   pollfd{stop_.descriptor(), POLLIN, 0}};
    const int ready = poll(waits.data(), stopping ? 1 : 2, stopping ? grace_ms : -1);
    if (ready < 0 && errno != EINTR)
      throw system_failure(ErrorKind::io_failed, name_, "cannot wait", errno);
    if (ready > 0 && waits[0].revents != 0) return;
    if (ready == 0) throw stopped(name_);
  }
}

void DescriptorSink::write(std::span<const std::string_view> pieces) {
  constexpr std::size_t most_pieces = 1024;  // IOV_MAX on Linux
  std::vector<iovec> left;
  left.reserve(pieces.size());
  for (const auto piece : pieces) {
    if (!piece.empty()) left.push_back({const_cast<char*>(piece.data()), piece.size()});
  }
  std::size_t first = 0;
  while (first < left.size()) {
    const auto count = static_cast<int>(std::min(most_pieces, left.size() - first));
    const auto written = writev(unblocked_ >= 0 ? unblocked_ : descriptor_, &left[first], count);
    if (written < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN && unblocked_ >= 0) {
        wait_until_writable();
        continue;
      }
      if (errno == EPIPE) throw AppError(ErrorKind::closed_pipe, name_ + ": closed by the reader");
      throw system_failure(ErrorKind::io_failed, name_, "cannot write", errno);
    }
    auto done = static_cast<std::size_t>(written);
    while (first < left.size() && done >= left[first].iov_len) done -= left[first++].iov_len;
    if (done > 0) {
      left[first].iov_base = static_cast<char*>(left[first].iov_base) + done;
      left[first].iov_len -= done;
    }
  }
}

}  // namespace nodeops
