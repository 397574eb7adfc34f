// SPDX-License-Identifier: MIT
//
// All there is in libnodeops-http; see load_answer_http().
#include "net/http_answer.hpp"

#include <httplib.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace nodeops {
namespace {

constexpr auto json = "application/json";

/// A request in memory for the library to read, a response to write.
class MemoryStream : public httplib::Stream {
 public:
  MemoryStream(std::string_view request, std::string& response)
      : left_(request), response_(response) {}

  bool is_readable() const override { return !left_.empty(); }
  bool is_writable() const override { return true; }
  ssize_t read(char* into, std::size_t size) override {
    const auto length = std::min(size, left_.size());
    std::memcpy(into, left_.data(), length);
    left_.remove_prefix(length);
    return static_cast<ssize_t>(length);
  }
  ssize_t write(const char* from, std::size_t size) override {
    response_.append(from, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string& /*address*/, int& /*port*/) const override {}
  void get_local_ip_and_port(std::string& /*address*/, int& /*port*/) const override {}
  // The library only compares it with the largest number that select() takes.
  socket_t socket() const override { return 0; }

 private:
  std::string_view left_;
  std::string& response_;
};

void refuse(httplib::Response& response, int status, const char* body) {
  response.status = status;
  response.set_content(body, json);
}

/// Every path and method. The status is left to the library where it is 200, which makes it 206
/// where a range was asked for.
void route(const httplib::Request& request, httplib::Response& response,
           const HealthAnswers& answers) {
  response.set_header("Cache-Control", "no-store");
  const bool known =
      request.path == "/healthz" || request.path == "/readyz" || request.path == "/metrics";
  if (!known) return refuse(response, 404, R"({"status":"not found"})");
  if (request.method != "GET" && request.method != "HEAD") {
    response.set_header("Allow", "GET, HEAD");
    return refuse(response, 405, R"({"status":"method not allowed"})");
  }
  if (request.path == "/metrics") {
    return response.set_content(answers.metrics(), "text/plain; version=0.0.4; charset=utf-8");
  }
  if (request.path == "/readyz" && !answers.ready()) {
    return refuse(response, 503, R"({"status":"not ready"})");
  }
  response.set_content(R"({"status":"ok"})", json);
}

/// The library's reading, routing and writing of one request, without its sockets and threads.
class Answering : public httplib::Server {
 public:
  explicit Answering(const HealthAnswers& answers) {
    // Before the routing no body has been read, and none is wanted.
    set_pre_routing_handler([&answers](const auto& request, auto& response) {
      route(request, response, answers);
      return HandlerResponse::Handled;
    });
    set_exception_handler([](const auto&, auto& response, const std::exception_ptr&) {
      refuse(response, 500, R"({"status":"error"})");
    });
  }

  void answer(httplib::Stream& stream) {
    const bool close_connection = true;
    bool closed_by_client = false;
    process_request(stream, close_connection, closed_by_client, nullptr);
  }
};

}  // namespace
}  // namespace nodeops

extern "C" __attribute__((visibility("default"))) void nodeops_answer_http(
    const std::string& request, const nodeops::HealthAnswers& answers, std::string& response) {
  nodeops::MemoryStream stream(request, response);
  nodeops::Answering(answers).answer(stream);
}
