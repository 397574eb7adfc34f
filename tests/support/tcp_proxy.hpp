// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <string>
#include <thread>

namespace nodeops::test {

/// Stands between a client and a server of 127.0.0.1, one connection at a time, and lets go of both
/// when it sees a text in what the client sends.
class TcpProxy {
 public:
  enum class Cut {
    never,
    before,  ///< the server never gets it
    after,   ///< the server has answered, and the client never hears it
    silent,  ///< from then on nothing passes, and nobody hangs up
  };

  TcpProxy(int server_port, std::string text);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  int port() const { return port_; }

  /// What is done at the next sight of the text: once.
  void cut_next(Cut cut) { cut_ = cut; }
  /// How often it was done.
  int cuts() const { return cuts_; }

 private:
  void serve(const std::stop_token& stop);
  void pass(int client, int server, const std::stop_token& stop);

  int server_port_;
  std::string text_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<Cut> cut_{Cut::never};
  std::atomic<int> cuts_{0};
  std::jthread thread_;
};

}  // namespace nodeops::test
