// SPDX-License-Identifier: MIT
#include "load/sqlite_loader.hpp"

#include <filesystem>
#include <utility>

#include "observe/mask.hpp"

namespace nodeops::load {
namespace {

using store::SqliteFile;
using store::StoreError;
using store::StoreFailure;

}  // namespace

SqliteLoader::SqliteLoader(LoadOptions options, RunEvents& events)
    : options_(std::move(options)), patience_(options_.retry_for, options_.stop, events) {
  open();
}

SqliteLoader::~SqliteLoader() {
  // The old table stays; what the new one takes is given back now, or by the next run, unless that
  // goes on with it.
  if (!to_be_swapped_ || !options_.run.empty()) return;
  try {
    insert_.reset();
    roll_back();
    file_->run("DROP TABLE IF EXISTS " + quoted_name(loaded_));
  } catch (const StoreError&) {
  }
}

void SqliteLoader::open() {
  const std::string& path = options_.target.address;
  if (options_.dry_run && !std::filesystem::exists(path)) return;
  const auto how = options_.dry_run ? SqliteFile::read_existing : SqliteFile::of_the_user;
  for (patience_.start();;) {
    try {
      file_.emplace(path, options_.retry_for, options_.stop, how);
      // Opening reads nothing: this does.
      exists(options_.target.table);
      return;
    } catch (const StoreError& error) {
      if (options_.stop.stop_requested()) throw AppError(ErrorKind::interrupted, "stopped");
      const bool held = error.failure() == StoreFailure::busy;
      if (held && patience_.wait(path, error.what())) continue;
      throw AppError(held ? ErrorKind::unavailable : ErrorKind::cannot_create,
                     path + ": cannot open the database: " + error.what());
    }
  }
}

/// Does it within one transaction. SQLite itself waits for who else writes.
template <class Work>
void SqliteLoader::transact(const std::string& doing, ErrorKind when_refused, Work work) {
  try {
    file_->run("BEGIN IMMEDIATE");
    work();
    options_.points("before-commit");
    file_->run("COMMIT");
    options_.points("after-commit");
  } catch (const StoreError& error) {
    roll_back();
    if (options_.stop.stop_requested() && error.failure() == StoreFailure::busy)
      throw AppError(ErrorKind::interrupted, "stopped");
    // A file that cannot be read or written is not a server that is away.
    if (error.failure() == StoreFailure::unavailable)
      throw AppError(ErrorKind::io_failed,
                     options_.target.shown + ": " + doing + ": " + error.what());
    throw error_of(error, options_.target.shown, when_refused, doing);
  } catch (...) {
    roll_back();
    throw;
  }
}

void SqliteLoader::roll_back() {
  try {
    if (file_->in_transaction()) file_->run("ROLLBACK");
  } catch (const StoreError&) {
    // Closing the file ends it as well.
  }
}

bool SqliteLoader::exists(const std::string& name) {
  auto query = file_->prepare(
      "SELECT 1 FROM sqlite_master WHERE type IN('table','view') AND name=?1 COLLATE NOCASE");
  query.bind(1, std::string_view(name));
  return query.step();
}

std::vector<std::string> SqliteLoader::columns_of(const std::string& name) {
  auto query = file_->prepare("SELECT name FROM pragma_table_xinfo(?1)");
  query.bind(1, std::string_view(name));
  std::vector<std::string> names;
  while (query.step()) names.emplace_back(query.text(0));
  return names;
}

std::optional<std::string> SqliteLoader::go_on(const std::string& run) {
  try {
    if (!exists(checkpoint_table)) return std::nullopt;
    auto query =
        file_->prepare(std::string("SELECT position FROM ") + checkpoint_table + " WHERE run=?1");
    query.bind(1, std::string_view(run));
    if (!query.step()) return std::nullopt;
    goes_on_ = true;
    to_be_swapped_ = options_.mode == Mode::replace;
    loaded_ = to_be_swapped_ ? new_table_name(options_) : options_.target.table;
    return std::string(query.text(0));
  } catch (const StoreError& error) {
    throw error_of(error, options_.target.shown, ErrorKind::cannot_create,
                   "cannot look for the checkpoint");
  }
}

void SqliteLoader::check_table() {
  const std::string& table = options_.target.table;
  if (goes_on_ && !exists(loaded_)) throw table_is_gone(options_);
  if (!exists(table)) return;
  if (options_.mode == Mode::create && !goes_on_) {
    throw AppError(ErrorKind::cannot_create,
                   options_.target.shown + ": the table '" + table + "' exists already",
                   "--mode append, replace or upsert says what to do with it");
  }
  if (options_.mode != Mode::replace)
    check_columns(shape_, columns_of(table), options_.target.kind, table);
}

void SqliteLoader::start(const TableShape& shape, const std::function<std::string()>& position) {
  shape_ = shape;
  if (!file_) return;
  const std::string& table = options_.target.table;
  check_table();
  if (options_.dry_run) {
    loaded_ = table;
    if (options_.mode != Mode::replace && exists(table)) prepare_insert();
    return;
  }
  if (!goes_on_) {
    transact("cannot make the table", ErrorKind::cannot_create, [&] {
      make_table();
      if (!options_.run.empty()) make_checkpoint(position());
    });
  }
  prepare_insert();
}

void SqliteLoader::prepare_insert() {
  try {
    insert_ = file_->prepare("INSERT INTO " + quoted_name(loaded_) + "(" + name_list(shape_) +
                             ")VALUES(" + value_list(shape_, "?") + ")" +
                             (options_.mode == Mode::upsert ? on_conflict(shape_) : ""));
  } catch (const StoreError& error) {
    throw error_of(error, options_.target.shown, ErrorKind::usage,
                   "cannot write to the table '" + options_.target.table + "'");
  }
}

void SqliteLoader::make_table() {
  loaded_ = options_.target.table;
  if (options_.mode == Mode::replace) {
    drop_new_tables();
    loaded_ = new_table_name(options_);
    to_be_swapped_ = true;
  }
  const bool may_exist = options_.mode == Mode::append || options_.mode == Mode::upsert;
  file_->run(std::string("CREATE TABLE ") + (may_exist ? "IF NOT EXISTS " : "") +
             quoted_name(loaded_) + "(" + definitions(shape_, options_.target.kind) + ")");
}

void SqliteLoader::make_checkpoint(const std::string& position) {
  file_->run(std::string("CREATE TABLE IF NOT EXISTS ") + checkpoint_table +
             "(run TEXT PRIMARY KEY, position TEXT NOT NULL)");
  keep(position);
}

/// Within a transaction.
void SqliteLoader::keep(const std::string& position) {
  if (!keep_)
    keep_ = file_->prepare(std::string("INSERT INTO ") + checkpoint_table +
                           " VALUES(?1,?2) ON CONFLICT(run) DO UPDATE SET position=?2");
  keep_->bind(1, std::string_view(options_.run));
  keep_->bind(2, std::string_view(position));
  keep_->run();
}

/// What interrupted runs have left.
void SqliteLoader::drop_new_tables() {
  std::vector<std::string> left;
  {
    auto query =
        file_->prepare("SELECT name FROM sqlite_master WHERE type='table' AND name GLOB ?1");
    const std::string pattern = new_table_prefix(options_.target) + "*";
    query.bind(1, std::string_view(pattern));
    while (query.step()) left.emplace_back(query.text(0));
  }
  for (const std::string& name : left) file_->run("DROP TABLE " + quoted_name(name));
}

void SqliteLoader::insert(std::string_view row) {
  for (int place = 1; !row.empty(); ++place) {
    const csv::RowValue value = csv::take_value(row);
    if (value.null)
      insert_->bind_null(place);
    else
      insert_->bind(place, value.text);
  }
  insert_->run();
}

void SqliteLoader::insert_all(const RowBatch& batch, const GoOn& go_on, BatchOutcome& outcome) {
  for (std::size_t at = 0; at < batch.size(); ++at) {
    outcome.taken = at + 1;
    try {
      insert(batch.row(at));
    } catch (const StoreError& error) {
      if (error.failure() != StoreFailure::refused || !file_->in_transaction()) throw;
      outcome.refusals.push_back({.row = at, .why = mask_text(error.what())});
      if (!go_on(at, outcome.refusals.size())) return;
    }
  }
}

BatchOutcome SqliteLoader::load(const RowBatch& batch, const GoOn& go_on,
                                const Position& position) {
  BatchOutcome outcome{.taken = batch.size()};
  if (options_.dry_run || (batch.size() == 0 && options_.run.empty())) return outcome;
  transact("cannot load", ErrorKind::io_failed, [&] {
    insert_all(batch, go_on, outcome);
    if (!options_.run.empty()) keep(position(outcome));
  });
  return outcome;
}

void SqliteLoader::finish(const std::string& position) {
  if (!to_be_swapped_) {
    if (!options_.run.empty())
      transact("cannot end the load", ErrorKind::io_failed, [&] { keep(position); });
    return;
  }
  insert_.reset();
  options_.points("before-swap");
  transact("cannot replace the table", ErrorKind::cannot_create, [&] {
    if (!options_.run.empty()) keep(position);
    // Views of the old table are of the new one: they are left as they are written.
    file_->run("PRAGMA legacy_alter_table=ON");
    file_->run("DROP TABLE IF EXISTS " + quoted_name(options_.target.table));
    file_->run("ALTER TABLE " + quoted_name(loaded_) + " RENAME TO " +
               quoted_name(options_.target.table));
  });
  to_be_swapped_ = false;
  options_.points("after-swap");
}

void SqliteLoader::forget(const std::string& run) {
  keep_.reset();
  transact("cannot end the load", ErrorKind::io_failed, [&] {
    if (!exists(checkpoint_table)) return;
    const std::string table = checkpoint_table;
    {
      auto remove = file_->prepare("DELETE FROM " + table + " WHERE run=?1");
      remove.bind(1, std::string_view(run));
      remove.run();
      auto others = file_->prepare("SELECT 1 FROM " + table);
      if (others.step()) return;
    }
    file_->run("DROP TABLE " + table);
  });
}

}  // namespace nodeops::load
