// SPDX-License-Identifier: MIT
#include "net/health_connection.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

namespace nodeops {
namespace {

constexpr auto longest_exchange = std::chrono::seconds(5);
constexpr auto longest_drain = std::chrono::seconds(1);
constexpr std::size_t longest_head = 16384;

bool head_is_complete(const std::string& request) {
  // Lone line feeds are not HTTP, but to wait for more would not make them so.
  return request.size() >= longest_head || request.find("\r\n\r\n") != std::string::npos ||
         request.find("\n\n") != std::string::npos;
}

bool may_come_later(int problem) {
  return problem == EAGAIN || problem == EWOULDBLOCK || problem == EINTR;
}

}  // namespace

HealthConnection::HealthConnection(Descriptor socket)
    : socket_(std::move(socket)), deadline_(Deadline::after(longest_exchange)) {}

short HealthConnection::awaits() const {
  return state_ == State::writing ? POLLOUT : POLLIN;
}

bool HealthConnection::advance(AnswerHttp& answer, const HealthAnswers& answers) {
  switch (state_) {
    case State::reading:
      return read(answer, answers);
    case State::writing:
      return write();
    case State::draining:
      return drain();
  }
  return false;
}

bool HealthConnection::read(AnswerHttp& answer, const HealthAnswers& answers) {
  std::array<char, 4096> buffer;
  const auto length = ::recv(socket_.number(), buffer.data(), buffer.size(), 0);
  if (length < 0) return may_come_later(errno);
  request_.append(buffer.data(), static_cast<std::size_t>(length));
  if (length > 0 && !head_is_complete(request_)) return true;
  answer(request_, answers, response_);
  if (response_.empty()) return false;
  state_ = State::writing;
  return write();
}

bool HealthConnection::write() {
  const auto length =
      ::send(socket_.number(), response_.data() + sent_, response_.size() - sent_, MSG_NOSIGNAL);
  if (length < 0) return may_come_later(errno);
  sent_ += static_cast<std::size_t>(length);
  if (sent_ < response_.size()) return true;
  ::shutdown(socket_.number(), SHUT_WR);
  deadline_ = deadline_.sooner(Deadline::after(longest_drain));
  state_ = State::draining;
  return true;
}

bool HealthConnection::drain() {
  std::array<char, 4096> buffer;
  const auto length = ::recv(socket_.number(), buffer.data(), buffer.size(), 0);
  return length > 0 || (length < 0 && may_come_later(errno));
}

}  // namespace nodeops
