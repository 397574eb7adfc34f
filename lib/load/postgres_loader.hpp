// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "load/postgres_session.hpp"
#include "load/table_loader.hpp"

namespace nodeops::load {

/// Loads a table of a PostgreSQL server by COPY. A batch with a refused row is taken back and sent
/// again in smaller and smaller parts, until that row stands alone.
class PostgresLoader : public TableLoader {
 public:
  /// `events` must live as long.
  PostgresLoader(LoadOptions options, RunEvents& events);
  ~PostgresLoader() override;

  std::optional<std::string> go_on(const std::string& run) override;
  void start(const TableShape& shape, const std::function<std::string()>& position) override;
  BatchOutcome load(const RowBatch& batch, const GoOn& go_on, const Position& position) override;
  void finish(const std::string& position) override;
  void forget(const std::string& run) override;

 private:
  std::string qualified(const std::string& table) const;
  bool look_at(const std::string& table, std::vector<std::string>& columns);
  bool look_at_table();
  void check_statement();
  void lock(store::Postgres& database, const std::string& table);
  void make_table(store::Postgres& database);
  bool has_checkpoints(store::Postgres& database);
  void make_checkpoint(store::Postgres& database, const std::string& position);
  void keep(store::Postgres& database, const std::string& position);
  void drop_new_tables(store::Postgres& database);
  void prepare_stage();
  void put(store::Postgres& database, const RowBatch& batch, std::size_t begin, std::size_t end);
  void put_in_parts(store::Postgres& database, const RowBatch& batch, const GoOn& go_on,
                    BatchOutcome& outcome);

  LoadOptions options_;
  PostgresSession session_;
  TableShape shape_;
  std::string schema_;  ///< where the table is, or is to be
  std::string loaded_;  ///< the name of the table that gets the rows
  std::string copy_;    ///< the statement
  std::string move_;    ///< of upsert: from the temporary table into the table
  bool to_be_swapped_ = false;
  bool goes_on_ = false;
};

}  // namespace nodeops::load
