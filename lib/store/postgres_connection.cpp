// SPDX-License-Identifier: MIT
#include "store/postgres_connection.hpp"

#include <poll.h>

#include <algorithm>
#include <charconv>

namespace nodeops::store {
namespace {

using std::chrono::milliseconds;

/// By SQLSTATE (PostgreSQL's appendix A); empty: the connection itself.
StoreFailure failure_of(std::string_view state) {
  const auto of_class = [&](std::string_view digits) { return state.starts_with(digits); };
  if (state == "40001" || state == "40P01") return StoreFailure::crossed;
  if (state == "55P03") return StoreFailure::busy;
  if (state == "53100") return StoreFailure::full;
  if (state == "42501") return StoreFailure::denied;
  // Bad data, broken constraints, rows and keys that are too large, what a trigger raises.
  if (of_class("22") || of_class("23") || of_class("54") || of_class("P0"))
    return StoreFailure::refused;
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

}  // namespace

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

void Postgres::Connection::lost(const std::string& why) {
  broken = true;
  throw StoreError(StoreFailure::unavailable, why);
}

void Postgres::Connection::lost() {
  lost(first_line(pq.error_message(handle)));
}

short Postgres::Connection::wait(short wanted, Deadline deadline) {
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

void Postgres::Connection::connect(const std::string& address) {
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

PostgresAnswer Postgres::Connection::next_answer() {
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
  PostgresAnswer answer(pq.get_result(handle));
  if (pq.status(handle) == CONNECTION_BAD) {
    const auto error = answer ? error_of(answer.get()) : std::nullopt;
    lost(error ? error->what() : first_line(pq.error_message(handle)));
  }
  return answer;
}

void Postgres::Connection::require(int sent) {
  if (sent == 1) return;
  if (pq.status(handle) == CONNECTION_BAD) lost();
  throw StoreError(StoreFailure::misuse, first_line(pq.error_message(handle)));
}

PostgresRows Postgres::Connection::finish() {
  PostgresRows last;
  std::optional<StoreError> failure;
  while (const PostgresAnswer answer = next_answer()) {
    if (!failure) failure = error_of(answer.get());
    if (!failure) last = rows_of(answer.get());
  }
  if (failure) throw *failure;
  return last;
}

/// Waits for room to send; takes what the server has to say meanwhile, or it might not go on.
void Postgres::Connection::wait_to_send(Deadline& deadline) {
  const short came = wait(POLLIN | POLLOUT, deadline);
  if ((came & ~POLLOUT) != 0 && pq.consume_input(handle) == 0) lost();
  if ((came & POLLOUT) != 0) deadline = Deadline::after(waits.answer);
}

void Postgres::Connection::send_copy(std::span<const std::string_view> pieces) {
  // What libpq collects before it hands it to the system.
  constexpr std::size_t most = 256 << 10;
  Deadline deadline = Deadline::after(waits.answer);
  for (std::string_view piece : pieces) {
    while (!piece.empty()) {
      const std::string_view part = piece.substr(0, most);
      const int sent = pq.put_copy_data(handle, part.data(), static_cast<int>(part.size()));
      if (sent < 0) lost();
      if (sent > 0) piece.remove_prefix(part.size());
      int unsent = pq.flush(handle);
      while (unsent > 0) {
        wait_to_send(deadline);
        unsent = pq.flush(handle);
      }
      if (unsent < 0) lost();
    }
  }
  while (true) {
    const int ended = pq.put_copy_end(handle, nullptr);
    if (ended > 0) return;
    if (ended < 0) lost();
    wait_to_send(deadline);
  }
}

}  // namespace nodeops::store
