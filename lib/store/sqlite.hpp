// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "store/store_error.hpp"

namespace nodeops::store {

/// A statement that was prepared once and runs often. Parameters count from 1, columns from 0.
class SqliteStatement {
 public:
  SqliteStatement& bind(int place, std::int64_t value);
  SqliteStatement& bind(int place, std::string_view text);
  SqliteStatement& bind_bytes(int place, std::string_view bytes);
  SqliteStatement& bind_null(int place);

  /// True when there is a row. Texts that were bound must live until then.
  bool step();

  /// Runs it to its end, ready to be bound again. What it throws leaves it ready, too.
  void run();
  void reset();

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  /// Lives until the next step.
  std::string_view text(int column) const;

 private:
  friend class Sqlite;
  struct State;
  struct Free {
    void operator()(State* state) const;
  };
  std::unique_ptr<State, Free> state_;
};

/// How a SQLite file is opened.
enum class SqliteFile {
  ours,           ///< made when it is missing; its journal is a WAL from then on
  of_the_user,    ///< made when it is missing; the journal stays of the kind that it is
  read_existing,  ///< only read
};

/// One connection to a SQLite file. synchronous=FULL: what is committed survives a power cut.
/// Everything throws StoreError.
class Sqlite {
 public:
  /// `path` is a file's, whatever it looks like. Waits up to `busy_wait` for whoever holds the
  /// file, and no longer once the stop is asked for.
  Sqlite(const std::string& path, std::chrono::milliseconds busy_wait, std::stop_token stop = {},
         SqliteFile file = SqliteFile::ours);
  ~Sqlite();
  Sqlite(const Sqlite&) = delete;
  Sqlite& operator=(const Sqlite&) = delete;

  /// Runs statements that give no rows.
  void run(const std::string& statements);
  SqliteStatement prepare(std::string_view statement);

  /// How many rows the last insert, update or delete has changed.
  std::int64_t changes() const;

  /// True within a transaction.
  bool in_transaction() const;

 private:
  bool keeps_rollback_journal();

  struct Connection;
  std::unique_ptr<Connection> connection_;
  bool cuts_off_journal_ = false;
};

}  // namespace nodeops::store
