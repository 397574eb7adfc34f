// SPDX-License-Identifier: MIT
#include "net/listen_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <charconv>

namespace nodeops {
namespace {

bool is_numeric(const std::string& host, int family) {
  in6_addr room{};
  return ::inet_pton(family, host.c_str(), &room) == 1;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return port;
}

}  // namespace

std::string ListenAddress::text() const {
  const bool brackets = host.find(':') != std::string::npos;
  return (brackets ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::optional<ListenAddress> parse_listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = parse_port(text.substr(colon + 1));
  if (!port) return std::nullopt;
  auto host = text.substr(0, colon);
  if (host == "localhost") host = "127.0.0.1";
  const bool brackets = host.starts_with('[') && host.ends_with(']');
  if (brackets) host = host.substr(1, host.size() - 2);
  // An embedded NUL would hide what is behind it from inet_pton.
  if (host.find('\0') != std::string_view::npos) return std::nullopt;
  ListenAddress address{.host = std::string(host), .port = *port};
  if (!is_numeric(address.host, brackets ? AF_INET6 : AF_INET)) return std::nullopt;
  return address;
}

}  // namespace nodeops
