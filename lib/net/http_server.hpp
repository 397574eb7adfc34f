// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <exception>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include "core/descriptor.hpp"
#include "net/http_answer.hpp"
#include "net/listen_address.hpp"

namespace nodeops {

/// Tells over HTTP, while a command runs, that it does: GET and HEAD of
///
///     /healthz   200 while the process runs
///     /readyz    200, or 503 while the command is not ready
///     /metrics   its figures in Prometheus text format
///
/// and 404 or 405 for everything else. One thread serves all connections, none of which can hold up
/// another: requests end after 16 KiB, exchanges after 5 s, and of more than 32 connections the
/// oldest is dropped. No TLS and no passwords: for addresses that only friends can reach.
class HealthServer {
 public:
  /// Listens on "127.0.0.1:9100" or "[::1]:9100"; port 0 picks a free one. Throws AppError: usage
  /// when the address is none, unavailable when it cannot be listened on.
  HealthServer(std::string_view address, HealthAnswers answers);

  /// Closes all connections, without waiting for anybody's.
  ~HealthServer() = default;
  HealthServer(const HealthServer&) = delete;
  HealthServer& operator=(const HealthServer&) = delete;

  std::uint16_t port() const { return address_.port; }

  /// Where it listens, with the port that was picked: "127.0.0.1:40123".
  std::string address() const { return address_.text(); }

  /// What ended the server before its time; null while it serves.
  std::exception_ptr failure() const;

 private:
  void run(const std::stop_token& stop);
  void serve(const std::stop_token& stop);

  ListenAddress address_;
  const HealthAnswers answers_;
  AnswerHttp& answer_;
  Descriptor listener_;
  Descriptor wake_;  ///< an eventfd, readable when the thread is to stop
  mutable std::mutex mutex_;
  std::exception_ptr failure_;  ///< guarded by mutex_
  std::jthread thread_;
};

}  // namespace nodeops
