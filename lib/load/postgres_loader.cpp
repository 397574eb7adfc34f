// SPDX-License-Identifier: MIT
#include "load/postgres_loader.hpp"

#include <algorithm>
#include <utility>

#include "core/seeded_random.hpp"
#include "observe/mask.hpp"

namespace nodeops::load {
namespace {

using store::Postgres;
using store::StoreError;
using store::StoreFailure;

constexpr auto stage = "pg_temp.nodeops_stage";

/// A name for the column that tells the order of the staged rows, which the table has not.
std::string order_column(const TableShape& shape) {
  std::string name = "nodeops_order";
  while (std::find(shape.names.begin(), shape.names.end(), name) != shape.names.end()) name += '_';
  return quoted_name(name);
}

}  // namespace

PostgresLoader::PostgresLoader(LoadOptions options, RunEvents& events)
    : options_(std::move(options)), session_(options_, events), schema_(options_.target.schema) {}

PostgresLoader::~PostgresLoader() {
  // The old table stays; what the new one takes is given back now, or by the next run, unless that
  // goes on with it.
  if (to_be_swapped_ && options_.run.empty())
    session_.attempt("DROP TABLE IF EXISTS " + qualified(loaded_));
}

std::string PostgresLoader::qualified(const std::string& table) const {
  return schema_.empty() ? quoted_name(table) : quoted_name(schema_) + "." + quoted_name(table);
}

/// Finds out whether a table is there, and its columns; also where the one is that is asked for.
bool PostgresLoader::look_at(const std::string& table, std::vector<std::string>& columns) {
  bool exists = false;
  session_.look("cannot look at the table", [&](Postgres& database) {
    columns.clear();
    const std::string found = "to_regclass(" + quoted_text(qualified(table)) + ")";
    const auto place = database.run(
        "SELECT coalesce((SELECT nspname FROM pg_class c JOIN pg_namespace n"
        " ON n.oid=c.relnamespace WHERE c.oid=" +
        found + "),current_schema()), " + found + " IS NOT NULL");
    exists = place.rows.at(0).at(1) == "t";
    if (schema_.empty()) schema_ = place.rows.at(0).at(0).value_or("");
    const auto names = database.run("SELECT attname FROM pg_attribute WHERE attrelid=" + found +
                                    " AND attnum>0 AND NOT attisdropped ORDER BY attnum");
    for (const auto& row : names.rows) columns.push_back(row.at(0).value_or(""));
  });
  return exists;
}

std::optional<std::string> PostgresLoader::go_on(const std::string& run) {
  std::vector<std::string> columns;
  look_at(options_.target.table, columns);
  std::optional<std::string> position;
  // The server may still be at the COMMIT of a run that is dead: both locks wait for its end.
  session_.transact(
      "cannot look for the checkpoint", ErrorKind::cannot_create, [&](Postgres& database) {
        position.reset();
        lock(database, checkpoint_table);
        if (!has_checkpoints(database)) return;
        const auto found = database.run("SELECT position FROM " + qualified(checkpoint_table) +
                                        " WHERE run=" + quoted_text(run) + " FOR UPDATE");
        if (!found.rows.empty()) position = found.rows.at(0).at(0);
      });
  goes_on_ = position.has_value();
  to_be_swapped_ = goes_on_ && options_.mode == Mode::replace;
  loaded_ = to_be_swapped_ ? new_table_name(options_) : options_.target.table;
  return position;
}

/// Sees to it that what is there fits. False: the table is to be made.
bool PostgresLoader::look_at_table() {
  const std::string& table = options_.target.table;
  std::vector<std::string> columns;
  const bool exists = look_at(table, columns);
  if (goes_on_) {
    std::vector<std::string> ignored;
    if (!look_at(loaded_, ignored)) throw table_is_gone(options_);
  } else if (exists && options_.mode == Mode::create) {
    throw AppError(ErrorKind::cannot_create,
                   options_.target.shown + ": the table '" + table + "' exists already",
                   "--mode append, replace or upsert says what to do with it");
  }
  if (exists && options_.mode != Mode::replace)
    check_columns(shape_, columns, options_.target.kind, table);
  return exists;
}

/// Finds out whether the table takes such rows: what it takes no value for, or has no unique key.
void PostgresLoader::check_statement() {
  session_.transact("cannot write to the table '" + options_.target.table + "'", ErrorKind::usage,
                    [&](Postgres& database) {
                      // COPY gives identity columns the values of the file.
                      const bool copies = options_.mode != Mode::upsert;
                      database.run("EXPLAIN INSERT INTO " + qualified(options_.target.table) + "(" +
                                   name_list(shape_) + ")" +
                                   (copies ? " OVERRIDING SYSTEM VALUE" : "") + " VALUES(" +
                                   value_list(shape_, "NULL") + ")" +
                                   (copies ? "" : on_conflict(shape_)));
                    });
}

void PostgresLoader::start(const TableShape& shape, const std::function<std::string()>& position) {
  shape_ = shape;
  const bool replaces = options_.mode == Mode::replace;
  loaded_ = replaces ? new_table_name(options_) : options_.target.table;
  const bool exists = look_at_table();
  if (exists && !replaces) check_statement();
  if (options_.dry_run) return;
  const bool keeps = !options_.run.empty();
  if (!goes_on_ && (replaces || !exists || keeps)) {
    session_.transact("cannot make the table", ErrorKind::cannot_create, [&](Postgres& database) {
      if (replaces || !exists) make_table(database);
      if (keeps) make_checkpoint(database, position());
    });
  }
  to_be_swapped_ = replaces;
  copy_ = "COPY " + qualified(loaded_) + "(" + name_list(shape_) + ") FROM STDIN";
  if (options_.mode == Mode::upsert) prepare_stage();
}

/// Runs that start at the same time make or remove a table one after the other.
void PostgresLoader::lock(Postgres& database, const std::string& table) {
  const auto number = static_cast<std::int64_t>(mixed(qualified(table)));
  database.run("SELECT pg_advisory_xact_lock(" + std::to_string(number) + ")");
}

void PostgresLoader::make_table(Postgres& database) {
  lock(database, options_.target.table);
  if (options_.mode == Mode::replace) drop_new_tables(database);
  const bool may_exist = options_.mode == Mode::append || options_.mode == Mode::upsert;
  database.run(std::string("CREATE TABLE ") + (may_exist ? "IF NOT EXISTS " : "") +
               qualified(loaded_) + "(" + definitions(shape_, options_.target.kind) + ")");
}

bool PostgresLoader::has_checkpoints(Postgres& database) {
  const auto found = database.run("SELECT to_regclass(" + quoted_text(qualified(checkpoint_table)) +
                                  ") IS NOT NULL");
  return found.rows.at(0).at(0) == "t";
}

void PostgresLoader::make_checkpoint(Postgres& database, const std::string& position) {
  lock(database, checkpoint_table);
  const std::string table = qualified(checkpoint_table);
  // Who may only use the table that is there need not be allowed to make one.
  if (!has_checkpoints(database))
    database.run("CREATE TABLE " + table + "(run TEXT PRIMARY KEY, position TEXT NOT NULL)");
  keep(database, position);
}

/// Within a transaction.
void PostgresLoader::keep(Postgres& database, const std::string& position) {
  database.run("INSERT INTO " + qualified(checkpoint_table) + " VALUES(" +
               quoted_text(options_.run) + "," + quoted_text(position) +
               ") ON CONFLICT(run) DO UPDATE SET position=excluded.position");
}

/// What interrupted runs have left.
void PostgresLoader::drop_new_tables(Postgres& database) {
  const auto left = database.run(
      "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid=c.relnamespace"
      " WHERE relkind='r' AND nspname=" +
      quoted_text(schema_) + " AND starts_with(relname::text," +
      quoted_text(new_table_prefix(options_.target)) + ")");
  for (const auto& row : left.rows) database.run("DROP TABLE " + qualified(row.at(0).value_or("")));
}

/// Rows come into a temporary table, and from there, the last of each key, into the table.
void PostgresLoader::prepare_stage() {
  const std::string order = order_column(shape_);
  const std::string names = name_list(shape_);
  const std::string keys = key_list(shape_);
  const std::string table = qualified(loaded_);
  copy_ = std::string("COPY ") + stage + "(" + names + ") FROM STDIN";
  // A NULL is no other NULL's equal: of rows with one in their key each is for itself.
  const std::string same =
      keys + ",CASE WHEN (" + keys + ") IS NOT NULL THEN 0 ELSE " + order + " END";
  move_ = "INSERT INTO " + table + "(" + names + ") SELECT " + names +
          " FROM (SELECT DISTINCT ON(" + same + ") * FROM " + stage + " ORDER BY " + same + "," +
          order + " DESC) AS last" + on_conflict(shape_) + "; DELETE FROM " + stage;
  session_.prepare_each([=](Postgres& database) {
    database.run("CREATE TEMP TABLE nodeops_stage ON COMMIT DELETE ROWS AS SELECT " + names +
                 " FROM " + table + " WITH NO DATA; ALTER TABLE " + stage + " ADD COLUMN " + order +
                 " BIGSERIAL");
  });
}

void PostgresLoader::put(Postgres& database, const RowBatch& batch, std::size_t begin,
                         std::size_t end) {
  const std::string_view rows = batch.rows(begin, end);
  database.copy(copy_, {&rows, 1});
  if (!move_.empty()) database.run(move_);
}

void PostgresLoader::put_in_parts(Postgres& database, const RowBatch& batch, const GoOn& go_on,
                                  BatchOutcome& outcome) {
  constexpr std::size_t smaller = 8;
  std::size_t part = std::max(batch.size() / smaller, std::size_t{1});
  for (std::size_t at = 0; at < batch.size();) {
    const std::size_t end = std::min(at + part, batch.size());
    try {
      put(database, batch, at, end);
      database.run("RELEASE nodeops; SAVEPOINT nodeops");
      outcome.taken = at = end;
      part *= 2;
    } catch (const StoreError& error) {
      if (error.failure() != StoreFailure::refused) throw;
      database.run("ROLLBACK TO nodeops");
      if (end - at > 1) {
        part = std::max((end - at) / smaller, std::size_t{1});
        continue;
      }
      outcome.refusals.push_back({.row = at, .why = mask_text(error.what())});
      outcome.taken = ++at;
      if (!go_on(at - 1, outcome.refusals.size())) return;
    }
  }
}

BatchOutcome PostgresLoader::load(const RowBatch& batch, const GoOn& go_on,
                                  const Position& position) {
  BatchOutcome outcome{.taken = batch.size()};
  const bool keeps = !options_.run.empty();
  if (options_.dry_run || (batch.size() == 0 && !keeps)) return outcome;
  session_.transact("cannot load", ErrorKind::io_failed, [&](Postgres& database) {
    outcome = {.taken = batch.size()};
    try {
      put(database, batch, 0, batch.size());
    } catch (const StoreError& error) {
      if (error.failure() != StoreFailure::refused) throw;
      database.run("ROLLBACK TO nodeops");
      outcome.taken = 0;
      put_in_parts(database, batch, go_on, outcome);
    }
    if (keeps) keep(database, position(outcome));
  });
  return outcome;
}

void PostgresLoader::finish(const std::string& position) {
  const bool keeps = !options_.run.empty();
  if (!to_be_swapped_) {
    if (keeps)
      session_.transact("cannot end the load", ErrorKind::io_failed,
                        [&](Postgres& database) { keep(database, position); });
    return;
  }
  options_.points("before-swap");
  session_.transact("cannot replace the table", ErrorKind::cannot_create, [&](Postgres& database) {
    database.run("DROP TABLE IF EXISTS " + qualified(options_.target.table) + "; ALTER TABLE " +
                 qualified(loaded_) + " RENAME TO " + quoted_name(options_.target.table));
    if (keeps) keep(database, position);
  });
  to_be_swapped_ = false;
  options_.points("after-swap");
}

void PostgresLoader::forget(const std::string& run) {
  std::vector<std::string> columns;
  look_at(options_.target.table, columns);
  if (!look_at(checkpoint_table, columns)) return;
  const std::string table = qualified(checkpoint_table);
  session_.transact("cannot end the load", ErrorKind::io_failed, [&](Postgres& database) {
    lock(database, checkpoint_table);
    database.run("DELETE FROM " + table + " WHERE run=" + quoted_text(run));
  });
  // Others may use it, or it may belong to somebody else: then it stays.
  session_.attempt("BEGIN; SELECT pg_advisory_xact_lock(" +
                   std::to_string(static_cast<std::int64_t>(mixed(table))) +
                   "); DO $$BEGIN IF NOT EXISTS(SELECT FROM " + table + ") THEN DROP TABLE " +
                   table + "; END IF; END$$; COMMIT");
  session_.attempt("ROLLBACK");
}

}  // namespace nodeops::load
