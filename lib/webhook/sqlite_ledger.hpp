// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "store/sqlite.hpp"
#include "webhook/ledger.hpp"

namespace nodeops::webhook {

/// A ledger in one SQLite file, for any number of processes at the same time.
class SqliteLedger : public Ledger {
 public:
  /// Throws StoreError; AppError unavailable for what is no ledger of ours.
  SqliteLedger(const std::string& path, LedgerOptions options);

  std::vector<Result<Booking>> apply(std::span<const Claim> group) override;
  void keep_dead_letter(const DeadLetter& letter) override;
  std::vector<DeadLetter> dead_letters(std::int64_t after, std::size_t most) override;
  void redriven(std::int64_t number, bool applied) override;
  LedgerTotals totals() override;

 private:
  /// Every statement, prepared when the tables are there.
  struct Statements {
    explicit Statements(store::Sqlite& database);
    store::SqliteStatement begin, commit, rollback, savepoint, roll_back_to, release, insert_event,
        find_event, insert_payment, insert_refund, insert_outbox, keep_letter;
  };
  void strike(std::string_view point) const;
  Result<std::vector<Result<Booking>>> try_all(std::span<const Claim> group, bool each_alone);
  std::vector<Result<Booking>> apply_all(std::span<const Claim> group, bool each_alone);
  Result<Booking> book_alone(const Claim& claim);
  Booking book(const Claim& claim);
  std::optional<Booking> look_up(const Event& event);
  bool book_money(const Event& event);
  bool is_booked_so(const Event& event);

  LedgerOptions options_;
  store::Sqlite database_;
  std::unique_ptr<Statements> statements_;
  bool repeating_ = false;  ///< the last event was there already
};

}  // namespace nodeops::webhook
