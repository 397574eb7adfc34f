// SPDX-License-Identifier: MIT
#include "store/sqlite.hpp"

#include <sqlite3.h>

#include <new>
#include <system_error>

#include "task/pause.hpp"

namespace nodeops::store {
namespace {

StoreFailure failure_of(int code) {
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return StoreFailure::busy;
    case SQLITE_FULL:
      return StoreFailure::full;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return StoreFailure::corrupt;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      return StoreFailure::refused;
    case SQLITE_ERROR:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
      return StoreFailure::misuse;
    default:
      return StoreFailure::unavailable;
  }
}

void require(int code, sqlite3* connection) {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
  throw StoreError(failure_of(code), sqlite3_errmsg(connection));
}

/// SQLite's words for it, with the system's, which it leaves out.
std::string why_not_opened(sqlite3* connection) {
  const int reason = sqlite3_system_errno(connection);
  const std::string words = sqlite3_errmsg(connection);
  return reason == 0 ? words : words + ": " + std::generic_category().message(reason);
}

}  // namespace

struct Sqlite::Connection {
  sqlite3* handle = nullptr;
  std::chrono::milliseconds busy_wait;
  std::stop_token stop;
  Deadline busy_until = Deadline::never();

  Connection(std::chrono::milliseconds wait, std::stop_token token)
      : busy_wait(wait), stop(std::move(token)) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { sqlite3_close(handle); }

  /// SQLite asks whether to try again; `times` says how often it has asked for this lock.
  static int wait_for_lock(void* self, int times) {
    auto& connection = *static_cast<Connection*>(self);
    if (times == 0) connection.busy_until = Deadline::after(connection.busy_wait);
    if (connection.busy_until.passed()) return 0;
    // Short at first: most transactions are over within a few milliseconds.
    const auto wait = std::chrono::milliseconds(times < 10 ? 1 : 5);
    return pause_until(Deadline::after(wait), connection.stop) ? 1 : 0;
  }
};

struct SqliteStatement::State {
  sqlite3_stmt* handle = nullptr;
  sqlite3* connection() const { return sqlite3_db_handle(handle); }
};

void SqliteStatement::Free::operator()(State* state) const {
  sqlite3_finalize(state->handle);
  delete state;
}

SqliteStatement& SqliteStatement::bind(int place, std::int64_t value) {
  require(sqlite3_bind_int64(state_->handle, place, value), state_->connection());
  return *this;
}

SqliteStatement& SqliteStatement::bind(int place, std::string_view text) {
  // An empty view may hold no address, which would bind NULL.
  const char* const bytes = text.empty() ? "" : text.data();
  require(
      sqlite3_bind_text64(state_->handle, place, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8),
      state_->connection());
  return *this;
}

SqliteStatement& SqliteStatement::bind_bytes(int place, std::string_view bytes) {
  const char* const start = bytes.empty() ? "" : bytes.data();
  require(sqlite3_bind_blob64(state_->handle, place, start, bytes.size(), SQLITE_STATIC),
          state_->connection());
  return *this;
}

SqliteStatement& SqliteStatement::bind_null(int place) {
  require(sqlite3_bind_null(state_->handle, place), state_->connection());
  return *this;
}

bool SqliteStatement::step() {
  const int code = sqlite3_step(state_->handle);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) {
    const StoreError error(failure_of(code), sqlite3_errmsg(state_->connection()));
    reset();
    throw error;
  }
  return false;
}

void SqliteStatement::run() {
  while (step()) {
  }
  reset();
}

void SqliteStatement::reset() {
  sqlite3_reset(state_->handle);
}

bool SqliteStatement::is_null(int column) const {
  return sqlite3_column_type(state_->handle, column) == SQLITE_NULL;
}

std::int64_t SqliteStatement::integer(int column) const {
  return sqlite3_column_int64(state_->handle, column);
}

std::string_view SqliteStatement::text(int column) const {
  const auto* const bytes = static_cast<const char*>(sqlite3_column_blob(state_->handle, column));
  return {bytes == nullptr ? "" : bytes,
          static_cast<std::size_t>(sqlite3_column_bytes(state_->handle, column))};
}

Sqlite::Sqlite(const std::string& path, std::chrono::milliseconds busy_wait, std::stop_token stop,
               SqliteFile file)
    : connection_(std::make_unique<Connection>(busy_wait, std::move(stop))) {
  // Names that SQLite takes for something else than a file are files here.
  const bool odd = path.starts_with(':') || path.starts_with("file:");
  const std::string name = odd ? "./" + path : path;
  const int rights = file == SqliteFile::read_existing ? SQLITE_OPEN_READONLY
                                                       : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int code =
      sqlite3_open_v2(name.c_str(), &connection_->handle, rights | SQLITE_OPEN_NOMUTEX, nullptr);
  if (connection_->handle == nullptr) throw std::bad_alloc();
  if (code != SQLITE_OK) throw StoreError(failure_of(code), why_not_opened(connection_->handle));
  sqlite3_extended_result_codes(connection_->handle, 1);
  sqlite3_busy_handler(connection_->handle, Connection::wait_for_lock, connection_.get());
  if (file == SqliteFile::ours) run("PRAGMA journal_mode=WAL");
  // A journal that is cut off is gone for good; one that is deleted may be back after a power cut.
  cuts_off_journal_ = file == SqliteFile::of_the_user && keeps_rollback_journal();
  if (cuts_off_journal_) run("PRAGMA journal_mode=TRUNCATE");
  run("PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16384;"
      "PRAGMA wal_autocheckpoint=4096");
}

/// What SQLite does unless the file says otherwise.
bool Sqlite::keeps_rollback_journal() {
  SqliteStatement query = prepare("PRAGMA journal_mode");
  return query.step() && query.text(0) == "delete";
}

Sqlite::~Sqlite() {
  if (!cuts_off_journal_) return;
  // An empty journal is no use to anybody. Whoever has the file at the moment may leave his.
  sqlite3_busy_handler(connection_->handle, nullptr, nullptr);
  sqlite3_exec(connection_->handle, "PRAGMA journal_mode=DELETE", nullptr, nullptr, nullptr);
}

void Sqlite::run(const std::string& statements) {
  require(sqlite3_exec(connection_->handle, statements.c_str(), nullptr, nullptr, nullptr),
          connection_->handle);
}

SqliteStatement Sqlite::prepare(std::string_view statement) {
  SqliteStatement prepared;
  prepared.state_.reset(new SqliteStatement::State);
  require(
      sqlite3_prepare_v3(connection_->handle, statement.data(), static_cast<int>(statement.size()),
                         SQLITE_PREPARE_PERSISTENT, &prepared.state_->handle, nullptr),
      connection_->handle);
  return prepared;
}

std::int64_t Sqlite::changes() const {
  return sqlite3_changes(connection_->handle);
}

bool Sqlite::in_transaction() const {
  return sqlite3_get_autocommit(connection_->handle) == 0;
}

}  // namespace nodeops::store
