// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "webhook/event.hpp"

namespace nodeops::webhook {

/// What the ledger did with an event.
enum class Booking {
  processed,    ///< stored, and what it moves is booked
  duplicate,    ///< was there with the same content, or its payment was booked by another event
  disagreeing,  ///< stored; another event has booked its payment with other money: nothing is moved
  ignored,      ///< stored; a type that moves no money
  conflict,     ///< its id is there with other content
  in_flight,    ///< another run holds it now
};

/// An event that asks to be applied. The texts must live until the answer.
struct Claim {
  const Event* event;
  std::string_view body;
  std::int64_t received_at;
};

/// A delivery that could not be applied, kept for later.
struct DeadLetter {
  std::string event_id;
  std::string problem_type;
  std::string reason;  ///< masked
  std::string body;
  std::string headers_json;
  std::int64_t at = 0;
  unsigned redrives = 0;    ///< how often it was tried again
  bool poison = false;      ///< tried too often: left alone
  std::int64_t number = 0;  ///< in the ledger
};

/// After so many redrives a dead letter is left alone.
constexpr unsigned poison_at = 5;

/// What the ledger holds, in minor units by currency.
struct LedgerTotals {
  std::uint64_t events = 0;
  std::uint64_t payments = 0;
  std::uint64_t refunds = 0;
  std::map<std::string, std::int64_t> succeeded = {};
  std::map<std::string, std::int64_t> refunded = {};
};

/// Events, payments, refunds, outbox and dead letters in a database.
class Ledger {
 public:
  virtual ~Ledger() = default;

  /// One durable transaction: when it returns, all of it is on the disk. One answer per claim, in
  /// order; an event that fails by itself has its reason and takes no other down. Throws
  /// DeliveryError 503 when the outcome of the group is that nothing was applied, or is not known:
  /// the same group again is right in both cases.
  virtual std::vector<Result<Booking>> apply(std::span<const Claim> group) = 0;

  /// Keeps a dead letter, durably; the same body once.
  virtual void keep_dead_letter(const DeadLetter& letter) = 0;

  /// Up to `most` dead letters that are no poison, with numbers above `after`, in their order.
  virtual std::vector<DeadLetter> dead_letters(std::int64_t after, std::size_t most) = 0;

  /// Writes down that one was tried again: applied, it goes; else it has one more redrive, and is
  /// poison at the fifth.
  virtual void redriven(std::int64_t number, bool applied) = 0;

  virtual LedgerTotals totals() = 0;
};

struct LedgerOptions {
  /// Called within the transaction at "claim" and "apply", before and after an event is stored, and
  /// at "before-commit" and "after-commit": for fault injection. What it throws at the first two is
  /// one event's failure. With it each event has a savepoint, which takes time.
  std::function<void(std::string_view)> points = {};
  std::chrono::milliseconds busy_wait{5000};     ///< for who else holds the database, or a row
  std::chrono::milliseconds answer_wait{10000};  ///< PostgreSQL: for connecting, for an answer
  std::stop_token stop = {};                     ///< ends these waits
};

/// What messages show of an address: the file, or the server and the database without user and
/// password. Throws AppError usage for what open_ledger() does not take.
std::string shown_ledger(const std::string& address);

/// Opens, and makes when it is missing, "sqlite:FILE" or "postgresql://...". Throws AppError: usage
/// for another address, unavailable, also for what is no ledger of ours.
std::unique_ptr<Ledger> open_ledger(const std::string& address, LedgerOptions options);

}  // namespace nodeops::webhook
