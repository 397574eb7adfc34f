// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "load/patience.hpp"
#include "load/table_loader.hpp"
#include "store/postgres.hpp"

namespace nodeops::load {

/// A connection that is made anew when it is lost, and transactions that are done once, whatever
/// happens to it. When it is lost during COMMIT, the server is asked what became of the transaction
/// (txid_status): it knows until long after.
class PostgresSession {
 public:
  using Work = std::function<void(store::Postgres&)>;

  /// Connects. The options and the events must live as long.
  PostgresSession(const LoadOptions& options, RunEvents& events);

  /// Is run on every new connection from now on, and now.
  void prepare_each(Work prepare);

  /// Runs statements within a transaction, again from its start when the connection was lost. The
  /// savepoint `nodeops` stands at its start. `doing` is for messages: "cannot load".
  void transact(const std::string& doing, ErrorKind when_refused, const Work& work);

  /// Runs something outside of a transaction that changes nothing.
  void look(const std::string& doing, const Work& work);

  /// Once, without a word about failures: for what is given back at the end.
  void attempt(const std::string& statement);

 private:
  store::Postgres& connection();
  bool was_committed();
  void transact_once(const Work& work);
  void try_until_done(const std::string& doing, ErrorKind when_refused,
                      const std::function<void()>& once);

  const LoadOptions& options_;
  Patience patience_;
  std::unique_ptr<store::Postgres> connection_;
  Work prepare_ = [](store::Postgres&) {};
  std::optional<std::string> unknown_;  ///< a transaction whose COMMIT was not answered
};

/// A text as a literal of SQL.
std::string quoted_text(std::string_view text);

}  // namespace nodeops::load
