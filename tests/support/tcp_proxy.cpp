// SPDX-License-Identifier: MIT
#include "support/tcp_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string_view>

namespace nodeops::test {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

bool readable(int descriptor) {
  pollfd one{.fd = descriptor, .events = POLLIN, .revents = 0};
  return ::poll(&one, 1, 20) > 0;
}

bool send_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace

TcpProxy::TcpProxy(int server_port, std::string text)
    : server_port_(server_port), text_(std::move(text)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, generic, length) != 0 || ::listen(listener_, 8) != 0 ||
      ::getsockname(listener_, generic, &length) != 0)
    throw std::runtime_error("the proxy cannot listen");
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
}

TcpProxy::~TcpProxy() {
  thread_.request_stop();
  thread_.join();
  ::close(listener_);
}

void TcpProxy::serve(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (!readable(listener_)) continue;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(server_port_);
    if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
      pass(client, server, stop);
    ::close(client);
    ::close(server);
  }
}

void TcpProxy::pass(int client, int server, const std::stop_token& stop) {
  std::array<char, 65536> bytes{};
  Cut cutting = Cut::never;
  while (!stop.stop_requested()) {
    std::array<pollfd, 2> both{{{.fd = client, .events = POLLIN, .revents = 0},
                                {.fd = server, .events = POLLIN, .revents = 0}}};
    ::poll(both.data(), both.size(), 20);
    for (const auto& ready : both) {
      if (ready.revents == 0) continue;
      const auto got = ::recv(ready.fd, bytes.data(), bytes.size(), 0);
      if (got <= 0) return;
      const std::string_view piece(bytes.data(), static_cast<std::size_t>(got));
      if (ready.fd == client && piece.find(text_) != std::string_view::npos) {
        cutting = cut_.exchange(Cut::never);
        if (cutting != Cut::never) ++cuts_;
        if (cutting == Cut::before) return;
      }
      if (cutting == Cut::silent) continue;
      if (cutting == Cut::after && ready.fd == server) return;
      if (!send_all(ready.fd == client ? server : client, piece)) return;
    }
  }
}

}  // namespace nodeops::test
