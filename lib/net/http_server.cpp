// SPDX-License-Identifier: MIT
#include "net/http_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "net/health_connection.hpp"
#include "task/pause.hpp"

namespace nodeops {
namespace {

constexpr std::size_t most_connections = 32;

ListenAddress parse(std::string_view text) {
  auto address = parse_listen_address(text);
  if (address) return *std::move(address);
  throw AppError(ErrorKind::usage, "'" + std::string(text) + "' is not an address to listen on",
                 "give ADDR:PORT, such as 127.0.0.1:9100 or [::1]:9100");
}

/// A socket address of either family.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = sizeof(sockaddr_storage);
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

SocketAddress socket_address(const ListenAddress& address) {
  SocketAddress result;
  if (address.host.find(':') == std::string::npos) {
    auto& v4 = reinterpret_cast<sockaddr_in&>(result.storage);
    v4.sin_family = AF_INET;
    v4.sin_port = htons(address.port);
    ::inet_pton(AF_INET, address.host.c_str(), &v4.sin_addr);
    result.length = sizeof(v4);
  } else {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(result.storage);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(address.port);
    ::inet_pton(AF_INET6, address.host.c_str(), &v6.sin6_addr);
    result.length = sizeof(v6);
  }
  return result;
}

/// Listens, and replaces port 0 by the port that was picked.
Descriptor listen_on(ListenAddress& address) {
  const auto check = [&](bool done) {
    if (!done) throw system_failure(ErrorKind::unavailable, address.text(), "cannot listen", errno);
  };
  SocketAddress wanted = socket_address(address);
  Descriptor listener(
      ::socket(wanted.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  check(listener.number() >= 0);
  // Connections of a run that has just ended linger for a minute and would keep the port from us.
  const int yes = 1;
  check(::setsockopt(listener.number(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == 0);
  check(::bind(listener.number(), wanted.get(), wanted.length) == 0);
  check(::listen(listener.number(), SOMAXCONN) == 0);

  SocketAddress got;
  check(::getsockname(listener.number(), got.get(), &got.length) == 0);
  // The port stands at the same place in both families.
  address.port = ntohs(reinterpret_cast<sockaddr_in&>(got.storage).sin_port);
  return listener;
}

/// Milliseconds for poll until the first deadline, rounded up; -1 for no limit.
int patience(const std::vector<HealthConnection>& clients) {
  if (clients.empty()) return -1;
  Deadline first = Deadline::never();
  for (const auto& client : clients) first = first.sooner(client.deadline());
  return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(first.left()).count());
}

/// Takes in the next client, at the cost of the oldest when there are too many or the process has
/// no descriptor left for it.
void accept_one(int listener, std::vector<HealthConnection>& clients, const std::stop_token& stop) {
  Descriptor socket(::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  const bool short_of_something = socket.number() < 0 && (errno == EMFILE || errno == ENFILE ||
                                                          errno == ENOBUFS || errno == ENOMEM);
  if (short_of_something && clients.empty()) {
    // The client stays in the queue; asking again at once would only burn the processor.
    pause_until(Deadline::after(std::chrono::milliseconds(100)), stop);
  } else if (short_of_something || clients.size() == most_connections) {
    clients.erase(clients.begin());
  }
  if (socket.number() >= 0) clients.emplace_back(std::move(socket));
}

}  // namespace

HealthServer::HealthServer(std::string_view address, HealthAnswers answers)
    : address_(parse(address)),
      answers_(std::move(answers)),
      answer_(load_answer_http()),
      listener_(listen_on(address_)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (wake_.number() < 0) {
    throw system_failure(ErrorKind::unavailable, address_.text(), "cannot serve", errno);
  }
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

std::exception_ptr HealthServer::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

void HealthServer::run(const std::stop_token& stop) {
  try {
    serve(stop);
  } catch (...) {
    const std::lock_guard lock(mutex_);
    failure_ = std::current_exception();
  }
}

void HealthServer::serve(const std::stop_token& stop) {
  const std::stop_callback waking(stop, [this] { ::eventfd_write(wake_.number(), 1); });
  std::vector<HealthConnection> clients;
  while (!stop.stop_requested()) {
    std::vector<pollfd> waits{{.fd = wake_.number(), .events = POLLIN, .revents = 0},
                              {.fd = listener_.number(), .events = POLLIN, .revents = 0}};
    for (const auto& client : clients) {
      waits.push_back({.fd = client.descriptor(), .events = client.awaits(), .revents = 0});
    }
    // Interrupted, it has filled in nothing, and the next round asks again.
    ::poll(waits.data(), waits.size(), patience(clients));
    auto wait = waits.cbegin() + 2;
    std::erase_if(clients, [&](HealthConnection& client) {
      const bool may_advance = (wait++)->revents != 0;
      return (may_advance && !client.advance(answer_, answers_)) || client.deadline().passed();
    });
    if (waits[1].revents != 0) accept_one(listener_.number(), clients, stop);
  }
}

}  // namespace nodeops
