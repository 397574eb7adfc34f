// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "support/process.hpp"
#include "support/temporary_directory.hpp"

namespace nodeops::test {

/// A PostgreSQL server of the test's own: data in a temporary directory, a free port of 127.0.0.1,
/// an unprivileged user. It is stopped at the end.
class PostgresServer {
 public:
  /// The one server of this program, started when it is first asked for; null, with a message, when
  /// no PostgreSQL is installed or a server cannot be had here.
  static PostgresServer* shared();

  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  /// The address of a new, empty schema, by another port if one is given: a proxy's.
  std::string fresh_place(int port = 0);

  int port() const { return port_; }

  /// Stops it at once, connections and all; starts it again on the same data.
  void stop();
  void start();

  /// All of its processes stand still; and go on.
  void freeze();
  void thaw();

 private:
  PostgresServer(std::string programs, std::string user);
  std::vector<std::string> as_user(std::vector<std::string> command) const;
  std::vector<pid_t> processes() const;

  std::string programs_;  ///< the directory of initdb and postgres
  std::string user_;      ///< to run as; empty: whoever runs the test
  TemporaryDirectory place_;
  int port_;
  int schemas_ = 0;
  std::unique_ptr<Process> server_;
};

}  // namespace nodeops::test
