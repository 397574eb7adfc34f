// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "core/deadline.hpp"
#include "store/postgres.hpp"
#include "webhook/ledger.hpp"

namespace nodeops::webhook {

/// A ledger in a PostgreSQL database, for any number of runs at the same time. A connection that
/// was lost is made anew by the next call.
class PostgresLedger : public Ledger {
 public:
  /// Throws StoreError; AppError unavailable for what is no ledger of ours.
  PostgresLedger(std::string address, LedgerOptions options);

  std::vector<Result<Booking>> apply(std::span<const Claim> group) override;
  void keep_dead_letter(const DeadLetter& letter) override;
  std::vector<DeadLetter> dead_letters(std::int64_t after, std::size_t most) override;
  void redriven(std::int64_t number, bool applied) override;
  LedgerTotals totals() override;

 private:
  /// A group on its way, in the order of the events' ids.
  struct Group {
    std::span<const Claim> claims;
    std::vector<std::size_t> order = {};
    std::vector<std::optional<Result<Booking>>> bookings = {};
    std::vector<std::size_t> stored = {};  ///< those that this run has stored
    bool committing = false;               ///< COMMIT may have reached the server
  };

  void strike(std::string_view point) const;
  store::Postgres& database();
  store::PostgresRows call(const store::PostgresCall& call);
  store::PostgresRows call_again(const store::PostgresCall& call);
  void try_all(Group& group, bool each_alone);
  void book_together(Group& group);
  void book_each(Group& group);
  Result<Booking> book_alone(Group& group, std::size_t place);
  Booking booking_of(Group& group, std::size_t place, const store::PostgresRows& answer);
  bool is_booked_so(const Event& event);
  bool is_stored(const Group& group);
  void roll_back();

  std::string address_;
  LedgerOptions options_;
  std::unique_ptr<store::Postgres> database_;
};

}  // namespace nodeops::webhook
