// SPDX-License-Identifier: MIT
#include "load/postgres_session.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "observe/mask.hpp"

namespace nodeops::load {
namespace {

using store::Postgres;
using store::StoreError;
using store::StoreFailure;

/// True when a server has refused the connection for a reason that does not pass. libpq hands out
/// no code for it, and words of another language are waited for like a server that is away.
bool is_lasting(const StoreError& error) {
  static constexpr std::array<std::string_view, 5> reasons = {
      "authentication failed", "does not exist", "no pg_hba.conf entry", "no password supplied",
      "invalid "};
  const std::string_view message = error.what();
  return std::any_of(reasons.begin(), reasons.end(), [&](std::string_view reason) {
    return message.find(reason) != std::string_view::npos;
  });
}

}  // namespace

std::string quoted_text(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted.append(c == '\'' ? 2 : 1, c);
  return quoted + '\'';
}

PostgresSession::PostgresSession(const LoadOptions& options, RunEvents& events)
    : options_(options), patience_(options.retry_for, options.stop, events) {
  look("cannot connect", [](Postgres&) {});
}

Postgres& PostgresSession::connection() {
  if (connection_ && connection_->usable()) return *connection_;
  connection_.reset();
  constexpr std::chrono::milliseconds connecting{10000};
  std::unique_ptr<Postgres> made;
  try {
    made = std::make_unique<Postgres>(
        options_.target.address,
        store::PostgresWaits{
            .connect = connecting, .answer = options_.answer_wait, .stop = options_.stop});
  } catch (const StoreError& error) {
    if (error.failure() == StoreFailure::unavailable && is_lasting(error))
      throw AppError(ErrorKind::unavailable,
                     options_.target.shown + ": " + mask_text(error.what()));
    throw;
  }
  prepare_(*made);
  connection_ = std::move(made);
  return *connection_;
}

void PostgresSession::try_until_done(const std::string& doing, ErrorKind when_refused,
                                     const std::function<void()>& once) {
  for (patience_.start();;) {
    try {
      return once();
    } catch (const StoreError& error) {
      if (is_passing(error) && patience_.wait(options_.target.shown, error.what())) continue;
      AppError told = error_of(error, options_.target.shown, when_refused, doing);
      if (!unknown_) throw told;
      throw AppError(told.kind(), told.what(),
                     "whether the last transaction was committed is not known");
    }
  }
}

/// Asks what became of the transaction whose end was not heard. Throws StoreError busy while the
/// server itself does not know.
bool PostgresSession::was_committed() {
  const auto answer = connection().run("SELECT txid_status(" + *unknown_ + ")");
  const auto& status = answer.rows.at(0).at(0);
  if (status == "in progress")
    throw StoreError(StoreFailure::busy, "the last transaction has not ended yet");
  unknown_.reset();
  return status == "committed";
}

void PostgresSession::transact_once(const Work& work) {
  if (unknown_ && was_committed()) return;
  Postgres& database = connection();
  try {
    const auto begun = database.run(
        "BEGIN; SET CONSTRAINTS ALL IMMEDIATE; SAVEPOINT nodeops; SELECT txid_current()");
    work(database);
    options_.points("before-commit");
    unknown_ = begun.rows.at(0).at(0);
    database.run("COMMIT");
    unknown_.reset();
    options_.points("after-commit");
  } catch (const StoreError& error) {
    // What the server itself has answered is no doubt.
    if (error.failure() != StoreFailure::unavailable) unknown_.reset();
    if (database.usable() && database.in_transaction()) attempt("ROLLBACK");
    throw;
  } catch (...) {
    if (database.usable() && database.in_transaction()) attempt("ROLLBACK");
    throw;
  }
}

void PostgresSession::transact(const std::string& doing, ErrorKind when_refused, const Work& work) {
  try_until_done(doing, when_refused, [&] { transact_once(work); });
}

void PostgresSession::look(const std::string& doing, const Work& work) {
  try_until_done(doing, ErrorKind::cannot_create, [&] { work(connection()); });
}

void PostgresSession::attempt(const std::string& statement) {
  try {
    if (connection_ && connection_->usable()) connection_->run(statement);
  } catch (const StoreError&) {
    // The connection is lost, and with it the transaction, or nothing depends on it.
  }
}

void PostgresSession::prepare_each(Work prepare) {
  prepare_ = std::move(prepare);
  look("cannot make a temporary table", [this](Postgres& database) { prepare_(database); });
}

}  // namespace nodeops::load
