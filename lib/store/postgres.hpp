// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "store/store_error.hpp"

namespace nodeops::store {

/// A prepared statement's name and what it is run with.
class PostgresCall {
 public:
  explicit PostgresCall(const char* statement) : statement_(statement) {}

  /// The next parameter: a bigint, a text, a bytea. What a view shows must live until the call was
  /// sent.
  PostgresCall& with(std::int64_t value);
  PostgresCall& with(std::string_view bytes);

 private:
  friend class Postgres;
  struct Parameter {
    std::string_view bytes;
    std::optional<std::array<char, sizeof(std::int64_t)>> number;  ///< in network order
  };
  const char* statement_;
  std::vector<Parameter> parameters_;
};

/// What a statement has answered. NULL is an empty value.
struct PostgresRows {
  std::vector<std::vector<std::optional<std::string>>> rows;
  std::int64_t changes = 0;  ///< rows inserted, updated or deleted
};

/// The answers of several calls, up to the first that failed.
struct PostgresAnswers {
  std::vector<PostgresRows> answers;
  std::optional<StoreError> failure;  ///< of the call behind the last answer
};

/// How long a server may take.
struct PostgresWaits {
  std::chrono::milliseconds connect{5000};
  std::chrono::milliseconds answer{30000};  ///< the longest silence
  std::chrono::milliseconds lock{5000};     ///< for a row that another transaction holds
  std::stop_token stop = {};  ///< leaves a server that is silent two seconds to answer
};

/// One connection to a PostgreSQL server. No wait is longer than it was allowed, whatever the
/// server does. Everything throws StoreError; after `unavailable` the connection is broken.
class Postgres {
 public:
  /// `address` as libpq takes it: "postgresql://user@host:port/database?sslmode=require". The name
  /// of a host is looked up by libpq, without a limit of ours.
  Postgres(const std::string& address, const PostgresWaits& waits);
  ~Postgres();
  Postgres(const Postgres&) = delete;
  Postgres& operator=(const Postgres&) = delete;

  /// Runs statements without parameters; the answer of the last one.
  PostgresRows run(const std::string& statements);

  /// Runs a COPY ... FROM STDIN with this data; how many rows it has made. A refused row leaves
  /// none of them.
  std::int64_t copy(const std::string& statement, std::span<const std::string_view> pieces);

  void prepare(const char* name, const std::string& statement);

  /// Sends all calls at once and collects their answers (pipeline mode). Behind a call that failed
  /// none is run.
  PostgresAnswers run(std::span<const PostgresCall> calls);

  /// False after the connection was lost.
  bool usable() const;

  /// True within a transaction, failed or not, as far as this side knows.
  bool in_transaction() const;

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace nodeops::store
