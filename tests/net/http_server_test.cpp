// SPDX-License-Identifier: MIT
#include "net/http_server.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/error.hpp"

using namespace nodeops;

namespace {

/// A plain client of 127.0.0.1.
class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ =
        ::connect(socket_.number(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  }

  bool connected() const { return connected_; }
  void send(std::string_view text) const {
    static_cast<void>(::send(socket_.number(), text.data(), text.size(), MSG_NOSIGNAL));
  }
  void finish() const { ::shutdown(socket_.number(), SHUT_WR); }

  /// All that comes until the server closes.
  std::string receive() const {
    std::string text;
    std::array<char, 1000> buffer{};
    for (ssize_t length = 0;
         (length = ::recv(socket_.number(), buffer.data(), buffer.size(), 0)) > 0;) {
      text.append(buffer.data(), static_cast<std::size_t>(length));
    }
    return text;
  }

 private:
  Descriptor socket_;
  bool connected_ = false;
};

struct Answer {
  std::string head;
  std::string body;
  std::string status() const { return head.substr(0, head.find("\r\n")); }
};

Answer ask(const HealthServer& server, std::string_view request) {
  const Client client(server.port());
  client.send(request);
  const std::string all = client.receive();
  const auto end = all.find("\r\n\r\n");
  if (end == std::string::npos) return {all, ""};
  return {all.substr(0, end + 2), all.substr(end + 4)};
}

Answer get(const HealthServer& server, std::string_view path) {
  return ask(server, "GET " + std::string(path) + " HTTP/1.1\r\nHost: here\r\n\r\n");
}

bool has(const Answer& answer, std::string_view header) {
  return answer.head.find("\r\n" + std::string(header) + "\r\n") != std::string::npos;
}

std::optional<AppError> refusal(const std::string& address) {
  try {
    const HealthServer server(address, {});
  } catch (const AppError& error) {
    return error;
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("a running process is healthy") {
  const HealthServer server("127.0.0.1:0", {});
  CHECK(server.port() != 0);
  CHECK(server.address() == "127.0.0.1:" + std::to_string(server.port()));
  const Answer answer = get(server, "/healthz");
  CHECK(answer.status() == "HTTP/1.1 200 OK");
  CHECK(has(answer, "Content-Type: application/json"));
  CHECK(has(answer, "Content-Length: 15"));
  CHECK(has(answer, "Connection: close"));
  CHECK(answer.body == R"({"status":"ok"})");
  CHECK_FALSE(server.failure());
}

TEST_CASE("readiness is what the command says at the time") {
  std::atomic<bool> ready = false;
  const HealthServer server("127.0.0.1:0", {.ready = [&] { return ready.load(); }});
  CHECK(get(server, "/readyz").status() == "HTTP/1.1 503 Service Unavailable");
  CHECK(get(server, "/readyz").body == R"({"status":"not ready"})");
  ready = true;
  CHECK(get(server, "/readyz").status() == "HTTP/1.1 200 OK");
}

TEST_CASE("metrics are the command's text in Prometheus format, of any length") {
  const std::string text(3'000'000, 'm');
  const HealthServer server("127.0.0.1:0", {.metrics = [&] { return text; }});
  const Answer answer = get(server, "/metrics?of=all");
  CHECK(answer.status() == "HTTP/1.1 200 OK");
  CHECK(has(answer, "Content-Type: text/plain; version=0.0.4; charset=utf-8"));
  CHECK(answer.body.size() == text.size());
  CHECK(answer.body == text);
}

TEST_CASE("HEAD gives the head alone") {
  const HealthServer server("127.0.0.1:0", {});
  for (const std::string path : {"/healthz", "/readyz"}) {
    const Answer answer = ask(server, "HEAD " + path + " HTTP/1.1\r\nHost: here\r\n\r\n");
    CHECK(answer.status() == "HTTP/1.1 200 OK");
    CHECK(has(answer, "Content-Length: 15"));
    CHECK(answer.body.empty());
  }
}

TEST_CASE("an unknown path is not found, a wrong method not allowed") {
  const HealthServer server("127.0.0.1:0", {});
  for (const std::string_view path :
       {"/", "/healthz/", "/healthzz", "/HEALTHZ", "/../etc/passwd"}) {
    CAPTURE(path);
    CHECK(get(server, path).status() == "HTTP/1.1 404 Not Found");
  }
  const Answer answer = ask(server, "POST /healthz HTTP/1.1\r\nHost: here\r\n\r\n");
  CHECK(answer.status() == "HTTP/1.1 405 Method Not Allowed");
  CHECK(has(answer, "Allow: GET, HEAD"));
}

TEST_CASE("a body is neither waited for nor in the way of the answer") {
  const HealthServer server("127.0.0.1:0", {});
  const std::string head =
      "POST /metrics HTTP/1.1\r\nHost: here\r\nContent-Length: 100000000\r\n\r\n";
  CHECK(ask(server, head).status() == "HTTP/1.1 405 Method Not Allowed");
  CHECK(ask(server, head + std::string(300'000, 'x')).status() ==
        "HTTP/1.1 405 Method Not Allowed");
}

TEST_CASE("garbage is a bad request, and the server goes on") {
  const HealthServer server("127.0.0.1:0", {});
  using namespace std::string_view_literals;
  for (const std::string_view garbage :
       {"hello\r\n\r\n"sv, "\r\n\r\n"sv, "\0\0\0\0\n\n"sv, "GET /healthz\r\n\r\n"sv,
        "GET /healthz HTTP/9.9\r\n\r\n"sv, "\x16\x03\x01\x02\r\n\r\n"sv}) {
    CAPTURE(garbage);
    CHECK(ask(server, garbage).status() == "HTTP/1.1 400 Bad Request");
  }
  CHECK(get(server, "/healthz").status() == "HTTP/1.1 200 OK");
}

TEST_CASE("a head without end is cut off") {
  const HealthServer server("127.0.0.1:0", {});
  CHECK(ask(server, "GET /" + std::string(20'000, 'a')).head.find(" 200 ") == std::string::npos);
  std::string headers = "GET /healthz HTTP/1.1\r\n";
  for (int n = 0; n < 3000; ++n) headers += "X-Padding: on and on\r\n";
  CHECK(ask(server, headers).status() == "HTTP/1.1 400 Bad Request");
  CHECK(get(server, "/healthz").status() == "HTTP/1.1 200 OK");
}

TEST_CASE("a client that sends half a request and leaves is of no consequence") {
  const HealthServer server("127.0.0.1:0", {});
  for (const std::string_view half : {"", "G", "GET /healthz HTTP/1.1\r\nHost"}) {
    const Client client(server.port());
    client.send(half);
    client.finish();
    CHECK(client.receive().find(" 200 ") == std::string::npos);
  }
  CHECK(get(server, "/healthz").status() == "HTTP/1.1 200 OK");
}

TEST_CASE("a request may come in pieces") {
  const HealthServer server("127.0.0.1:0", {});
  const Client client(server.port());
  for (const char each : std::string_view("GET /healthz HTTP/1.0\r\n\r\n")) {
    client.send(std::string_view(&each, 1));
  }
  CHECK(client.receive().find("200 OK") != std::string::npos);
}

TEST_CASE("metrics that fail are an internal error without its text") {
  const HealthServer server("127.0.0.1:0", {.metrics = []() -> std::string {
                              throw std::runtime_error("a secret of the program");
                            }});
  const Answer answer = get(server, "/metrics");
  CHECK(answer.status() == "HTTP/1.1 500 Internal Server Error");
  CHECK((answer.head + answer.body).find("secret") == std::string::npos);
  CHECK(get(server, "/healthz").status() == "HTTP/1.1 200 OK");
}

TEST_CASE("idle clients hold up nobody, and the oldest make room for new ones") {
  const HealthServer server("127.0.0.1:0", {});
  std::vector<Client> idle;
  for (int n = 0; n < 40; ++n) {
    idle.emplace_back(server.port());
    CHECK(idle.back().connected());
  }
  CHECK(get(server, "/healthz").status() == "HTTP/1.1 200 OK");
  CHECK(idle.front().receive().empty());
}

TEST_CASE("many clients at the same time all get their answer") {
  const HealthServer server("127.0.0.1:0", {.metrics = [] { return std::string(50'000, 'm'); }});
  std::atomic<int> answered = 0;
  {
    std::vector<std::jthread> clients;
    for (int n = 0; n < 8; ++n) {
      clients.emplace_back([&] {
        for (int round = 0; round < 5; ++round) {
          if (get(server, "/metrics").body.size() == 50'000) ++answered;
        }
      });
    }
  }
  CHECK(answered == 40);
}

TEST_CASE("the server ends while clients are connected, and closes their connections") {
  std::optional<HealthServer> server;
  server.emplace("127.0.0.1:0", HealthAnswers{});
  const Client idle(server->port());
  const Client halfway(server->port());
  halfway.send("GET /healthz HTTP/1.1\r\n");
  CHECK(get(*server, "/healthz").status() == "HTTP/1.1 200 OK");
  server.reset();
  CHECK(idle.receive().empty());
  CHECK(halfway.receive().empty());
}

TEST_CASE("a port in use is named") {
  const HealthServer server("127.0.0.1:0", {});
  const auto error = refusal(server.address());
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::unavailable);
  CHECK(error->what() == server.address() + ": cannot listen: Address already in use");
}

TEST_CASE("a port can be listened on again right after the last run") {
  std::string address;
  {
    const HealthServer server("127.0.0.1:0", {});
    address = server.address();
    CHECK(get(server, "/healthz").status() == "HTTP/1.1 200 OK");
  }
  CHECK_FALSE(refusal(address));
}

TEST_CASE("an address that is none is a usage error, one of another machine is unavailable") {
  const auto wrong = refusal("health:9100");
  REQUIRE(wrong);
  CHECK(wrong->kind() == ErrorKind::usage);
  CHECK(wrong->line() ==
        "'health:9100' is not an address to listen on (give ADDR:PORT, such as 127.0.0.1:9100 or "
        "[::1]:9100)");
  const auto elsewhere = refusal("192.0.2.1:9100");
  REQUIRE(elsewhere);
  CHECK(elsewhere->kind() == ErrorKind::unavailable);
}
