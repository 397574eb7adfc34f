// SPDX-License-Identifier: MIT
#include "store/postgres.hpp"

#include "store/postgres_connection.hpp"

namespace nodeops::store {

PostgresCall& PostgresCall::with(std::int64_t value) {
  auto& number = parameters_.emplace_back().number.emplace();
  auto rest = static_cast<std::uint64_t>(value);
  for (auto byte = number.rbegin(); byte != number.rend(); ++byte, rest >>= 8U)
    *byte = static_cast<char>(rest & 0xFFU);
  return *this;
}

PostgresCall& PostgresCall::with(std::string_view bytes) {
  parameters_.push_back({.bytes = bytes, .number = {}});
  return *this;
}

Postgres::Postgres(const std::string& address, const PostgresWaits& waits)
    : connection_(std::make_unique<Connection>(waits)) {
  connection_->connect(address);
  const auto limit = [](std::chrono::milliseconds wait) { return std::to_string(wait.count()); };
  // A process that stands still must not hold others back for ever; what is committed must survive
  // a power cut, whatever the server's default is.
  run("SET client_min_messages = warning; SET statement_timeout = " + limit(waits.answer) +
      "; SET lock_timeout = " + limit(waits.lock) +
      "; SET idle_in_transaction_session_timeout = 60000; SET client_encoding = 'UTF8'"
      "; SELECT set_config('synchronous_commit', 'on', false)"
      " WHERE current_setting('synchronous_commit') = 'off'");
}

Postgres::~Postgres() = default;

PostgresRows Postgres::run(const std::string& statements) {
  connection_->require(connection_->pq.send_query(connection_->handle, statements.c_str()));
  return connection_->finish();
}

std::int64_t Postgres::copy(const std::string& statement,
                            std::span<const std::string_view> pieces) {
  Connection& connection = *connection_;
  connection.require(connection.pq.send_query(connection.handle, statement.c_str()));
  const PostgresAnswer agreed = connection.next_answer();
  if (agreed && connection.pq.result_status(agreed.get()) == PGRES_COPY_IN) {
    connection.send_copy(pieces);
  } else if (const auto error = agreed ? error_of(agreed.get()) : std::nullopt) {
    connection.finish();
    throw StoreError(*error);
  }
  return connection.finish().changes;
}

void Postgres::prepare(const char* name, const std::string& statement) {
  connection_->require(
      connection_->pq.send_prepare(connection_->handle, name, statement.c_str(), 0, nullptr));
  connection_->finish();
}

PostgresAnswers Postgres::run(std::span<const PostgresCall> calls) {
  const auto& pq = connection_->pq;
  PGconn* const handle = connection_->handle;
  connection_->require(pq.enter_pipeline_mode(handle));
  std::vector<const char*> values;
  std::vector<int> lengths;
  const std::vector<int> all_binary(64, 1);
  for (const PostgresCall& call : calls) {
    values.clear();
    lengths.clear();
    for (const auto& parameter : call.parameters_) {
      // A null address would be NULL.
      const char* const bytes = parameter.bytes.empty() ? "" : parameter.bytes.data();
      values.push_back(parameter.number ? parameter.number->data() : bytes);
      lengths.push_back(
          static_cast<int>(parameter.number ? parameter.number->size() : parameter.bytes.size()));
    }
    connection_->require(pq.send_query_prepared(handle, call.statement_,
                                                static_cast<int>(values.size()), values.data(),
                                                lengths.data(), all_binary.data(), 0));
  }
  connection_->require(pq.pipeline_sync(handle));
  PostgresAnswers all;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    while (const PostgresAnswer answer = connection_->next_answer()) {
      if (!all.failure) all.failure = error_of(answer.get());
      if (!all.failure) all.answers.push_back(rows_of(answer.get()));
    }
  }
  while (const PostgresAnswer answer = connection_->next_answer())
    if (pq.result_status(answer.get()) == PGRES_PIPELINE_SYNC) break;
  connection_->require(pq.exit_pipeline_mode(handle));
  return all;
}

bool Postgres::usable() const {
  return !connection_->broken && connection_->pq.status(connection_->handle) == CONNECTION_OK;
}

bool Postgres::in_transaction() const {
  const auto status = connection_->pq.transaction_status(connection_->handle);
  return status != PQTRANS_IDLE;
}

}  // namespace nodeops::store
