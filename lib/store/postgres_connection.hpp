// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/deadline.hpp"
#include "store/postgres.hpp"
#include "store/postgres_library.hpp"

namespace nodeops::store {

struct ClearAnswer {
  void operator()(PGresult* result) const { postgres_library().clear(result); }
};
using PostgresAnswer = std::unique_ptr<PGresult, ClearAnswer>;

PostgresRows rows_of(const PGresult* result);

/// What an answer says against its statement.
std::optional<StoreError> error_of(const PGresult* result);

/// A connection as libpq knows it; nothing here waits without a limit.
struct Postgres::Connection {
  const PostgresLibrary& pq = postgres_library();
  PostgresWaits waits;
  PGconn* handle = nullptr;
  bool broken = false;

  explicit Connection(const PostgresWaits& allowed) : waits(allowed) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { pq.finish(handle); }

  [[noreturn]] void lost(const std::string& why);
  [[noreturn]] void lost();

  /// Waits for what poll() calls `wanted`; what came.
  short wait(short wanted, Deadline deadline);

  void connect(const std::string& address);

  /// Sends what is left to send and waits until an answer, or null at its end, can be had.
  PostgresAnswer next_answer();

  void require(int sent);

  /// All answers of what was sent outside a pipeline.
  PostgresRows finish();

  /// Sends pieces behind a COPY ... FROM STDIN that the server has agreed to, and their end.
  void send_copy(std::span<const std::string_view> pieces);

 private:
  void wait_to_send(Deadline& deadline);
};

}  // namespace nodeops::store
