// SPDX-License-Identifier: MIT
#include "task/message_socket.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

#include "core/error.hpp"

namespace nodeops {
namespace {

bool is_gone(int error_number) {
  return error_number == EPIPE || error_number == ECONNRESET || error_number == ENOTCONN;
}

AppError failed(const char* what) {
  return system_failure(ErrorKind::io_failed, "worker process", what, errno);
}

}  // namespace

bool MessageSocket::send(std::string_view bytes, const std::vector<int>& descriptors) const {
  assert(bytes.size() <= longest && descriptors.size() <= most_descriptors);
  iovec piece{const_cast<char*>(bytes.data()), bytes.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * most_descriptors)> control{};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  if (!descriptors.empty()) {
    const std::size_t size = sizeof(int) * descriptors.size();
    message.msg_control = control.data();
    message.msg_controllen = CMSG_SPACE(size);
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(size);
    std::memcpy(CMSG_DATA(header), descriptors.data(), size);
  }
  while (::sendmsg(descriptor(), &message, MSG_NOSIGNAL) < 0) {
    if (is_gone(errno)) return false;
    if (errno != EINTR) throw failed("cannot send");
  }
  return true;
}

std::optional<MessageSocket::Message> MessageSocket::receive() const {
  Message received;
  received.bytes.resize(longest);
  iovec piece{received.bytes.data(), received.bytes.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * most_descriptors)> control{};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  ssize_t count = 0;
  while ((count = ::recvmsg(descriptor(), &message, MSG_CMSG_CLOEXEC)) < 0) {
    if (is_gone(errno)) return std::nullopt;
    if (errno != EINTR) throw failed("cannot receive");
  }
  if (count == 0) return std::nullopt;
  received.bytes.resize(static_cast<std::size_t>(count));
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    received.descriptors.resize((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
    std::memcpy(received.descriptors.data(), CMSG_DATA(header),
                received.descriptors.size() * sizeof(int));
  }
  return received;
}

bool MessageSocket::wait(Deadline deadline) const {
  pollfd wanted{.fd = descriptor(), .events = POLLIN, .revents = 0};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline.left()).count();
    const auto patience = std::min<std::int64_t>(left, std::numeric_limits<int>::max());
    if (::poll(&wanted, 1, static_cast<int>(patience)) > 0) return true;
    if (deadline.passed()) return false;
  }
}

std::pair<MessageSocket, MessageSocket> MessageSocket::pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw system_failure(ErrorKind::try_later, "worker process", "cannot connect", errno);
  }
  return {MessageSocket(ends[0]), MessageSocket(ends[1])};
}

}  // namespace nodeops
