// SPDX-License-Identifier: MIT
#include "store/postgres.hpp"

#include <poll.h>

#include <charconv>

#include "core/deadline.hpp"
#include "store/postgres_library.hpp"

namespace nodeops::store {
namespace {

using std::chrono::milliseconds;

/// By SQLSTATE (PostgreSQL's appendix A); empty: the connection itself.
StoreFailure failure_of(std::string_view state) {
  const auto of_class = [&](std::string_view digits) { return state.starts_with(digits); };
  if (state == "40001" || state == "40P01") return StoreFailure::crossed;
  if (state == "55P03") return StoreFailure::busy;
  if (state == "53100") return StoreFailure::full;
  if (of_class("22") || of_class("23")) return StoreFailure::refused;
  if (of_class("XX")) return StoreFailure::corrupt;
  if (state.empty() || of_class("08") || of_class("25") || of_class("28") || of_class("3D") ||
      of_class("53") || of_class("57") || of_class("58"))
    return StoreFailure::unavailable;
  return StoreFailure::misuse;
}

/// The first line, without what libpq puts around it.
std::string first_line(const char* message) {
  std::string line(message == nullptr ? "" : message);
  line.resize(std::min(line.size(), line.find('\n')));
  return line;
}

/// What the server may take when the run is to stop.
constexpr milliseconds wait_when_stopped{2000};
/// How soon a stop is seen.
constexpr milliseconds look_at_stop{100};

struct Clear {
  void operator()(PGresult* result) const { postgres_library().clear(result); }
};
using Answer = std::unique_ptr<PGresult, Clear>;

PostgresRows rows_of(const PGresult* result) {
  const auto& pq = postgres_library();
  PostgresRows all;
  const char* const changes = pq.changed_rows(const_cast<PGresult*>(result));
  std::from_chars(changes, changes + std::char_traits<char>::length(changes), all.changes);
  const int columns = pq.column_count(result);
  for (int row = 0; row < pq.row_count(result); ++row) {
    auto& values = all.rows.emplace_back();
    for (int column = 0; column < columns; ++column) {
      if (pq.is_null(result, row, column) != 0)
        values.emplace_back();
      else
        values.emplace_back(std::in_place, pq.value(result, row, column),
                            static_cast<std::size_t>(pq.length(result, row, column)));
    }
  }
  return all;
}

std::optional<StoreError> error_of(const PGresult* result) {
  const auto& pq = postgres_library();
  const auto status = pq.result_status(result);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY)
    return std::nullopt;
  if (status == PGRES_PIPELINE_ABORTED)
    return StoreError(StoreFailure::misuse, "a call was not run: one before it failed");
  const char* const state = pq.result_error_field(result, PG_DIAG_SQLSTATE);
  const char* const message = pq.result_error_field(result, PG_DIAG_MESSAGE_PRIMARY);
  return StoreError(failure_of(state == nullptr ? "" : state),
                    first_line(message != nullptr ? message : pq.result_error_message(result)));
}

}  // namespace

struct Postgres::Connection {
  const PostgresLibrary& pq = postgres_library();
  PostgresWaits waits;
  PGconn* handle = nullptr;
  bool broken = false;

  explicit Connection(const PostgresWaits& allowed) : waits(allowed) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { pq.finish(handle); }

  [[noreturn]] void lost(const std::string& why) {
    broken = true;
    throw StoreError(StoreFailure::unavailable, why);
  }
  [[noreturn]] void lost() { lost(first_line(pq.error_message(handle))); }

  /// Waits for what poll() calls `wanted`; what came.
  short wait(short wanted, Deadline deadline) {
    std::optional<Deadline> stopped;
    while (true) {
      if (waits.stop.stop_requested() && !stopped)
        deadline = deadline.sooner(*(stopped = Deadline::after(wait_when_stopped)));
      const auto left = std::chrono::ceil<milliseconds>(deadline.left());
      pollfd one{.fd = pq.socket(handle), .events = wanted, .revents = 0};
      const int ready = ::poll(&one, 1, static_cast<int>(std::min(left, look_at_stop).count()));
      if (ready > 0) return one.revents;
      if (ready == 0 && deadline.passed()) lost("the server does not answer");
    }
  }

  void connect(const std::string& address) {
    handle = pq.connect_start(address.c_str());
    if (handle == nullptr) throw std::bad_alloc();
    pq.set_notice_processor(
        handle, [](void*, const char*) {}, nullptr);
    if (pq.status(handle) == CONNECTION_BAD) lost();
    const Deadline deadline = Deadline::after(waits.connect);
    for (auto next = PGRES_POLLING_WRITING; next != PGRES_POLLING_OK;
         next = pq.connect_poll(handle)) {
      if (next == PGRES_POLLING_FAILED) lost();
      wait(next == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline);
    }
    if (pq.set_nonblocking(handle, 1) != 0) lost();
  }

  /// Sends what is left to send and waits until an answer, or null at its end, can be had.
  Answer next_answer() {
    Deadline deadline = Deadline::after(waits.answer);
    while (true) {
      const int unsent = pq.flush(handle);
      if (unsent < 0) lost();
      if (unsent == 0 && pq.is_busy(handle) == 0) break;
      const short events = static_cast<short>(unsent > 0 ? POLLIN | POLLOUT : POLLIN);
      const short came = wait(events, deadline);
      if ((came & ~POLLOUT) != 0 && pq.consume_input(handle) == 0) lost();
      // Every sign of life counts: a long pipeline may take its time.
      deadline = Deadline::after(waits.answer);
      if (unsent > 0 && pq.is_busy(handle) == 0) break;
    }
    Answer answer(pq.get_result(handle));
    if (pq.status(handle) == CONNECTION_BAD) {
      const auto error = answer ? error_of(answer.get()) : std::nullopt;
      lost(error ? error->what() : first_line(pq.error_message(handle)));
    }
    return answer;
  }

  void require(int sent) {
    if (sent == 1) return;
    if (pq.status(handle) == CONNECTION_BAD) lost();
    throw StoreError(StoreFailure::misuse, first_line(pq.error_message(handle)));
  }

  /// All answers of what was sent outside a pipeline.
  PostgresRows finish() {
    PostgresRows last;
    std::optional<StoreError> failure;
    while (const Answer answer = next_answer()) {
      if (!failure) failure = error_of(answer.get());
      if (!failure) last = rows_of(answer.get());
    }
    if (failure) throw *failure;
    return last;
  }
};

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
  const auto limit = [](milliseconds wait) { return std::to_string(wait.count()); };
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
    while (const Answer answer = connection_->next_answer()) {
      if (!all.failure) all.failure = error_of(answer.get());
      if (!all.failure) all.answers.push_back(rows_of(answer.get()));
    }
  }
  while (const Answer answer = connection_->next_answer())
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
