// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "load/patience.hpp"
#include "load/table_loader.hpp"
#include "store/sqlite.hpp"

namespace nodeops::load {

/// Loads a table of a SQLite file: a prepared INSERT, its values bound where they stand.
class SqliteLoader : public TableLoader {
 public:
  /// `events` must live as long.
  SqliteLoader(LoadOptions options, RunEvents& events);
  ~SqliteLoader() override;

  std::optional<std::string> go_on(const std::string& run) override;
  void start(const TableShape& shape, const std::function<std::string()>& position) override;
  BatchOutcome load(const RowBatch& batch, const GoOn& go_on, const Position& position) override;
  void finish(const std::string& position) override;
  void forget(const std::string& run) override;

 private:
  void open();
  void check_table();
  void prepare_insert();
  void make_table();
  void make_checkpoint(const std::string& position);
  void keep(const std::string& position);
  bool exists(const std::string& name);
  std::vector<std::string> columns_of(const std::string& name);
  void drop_new_tables();
  void insert(std::string_view row);
  void insert_all(const RowBatch& batch, const GoOn& go_on, BatchOutcome& outcome);
  template <class Work>
  void transact(const std::string& doing, ErrorKind when_refused, Work work);
  void roll_back();

  LoadOptions options_;
  Patience patience_;
  std::optional<store::Sqlite> file_;  ///< none in a dry run where there is no file
  TableShape shape_;
  std::string loaded_;  ///< the name of the table that gets the rows
  std::optional<store::SqliteStatement> insert_;
  std::optional<store::SqliteStatement> keep_;
  bool to_be_swapped_ = false;
  bool goes_on_ = false;
};

}  // namespace nodeops::load
